using System.Globalization;
using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Metrics;

/// <summary>
/// A rule's summary with places for figures, as Prometheus spells them: <c>{{ $labels.operation }}</c> and <c>{{ $value }}</c>.
/// Nothing else is computed in it, so nobody's labels can run anything; what is filled in is never read again as a template.
/// </summary>
public static partial class RuleTemplate
{
    private const int LongestLabel = 200;

    /// <summary>The sentence that refuses a template, or null when it can be filled in.</summary>
    public static string? Fault(string template)
    {
        var rest = Places().Replace(template, "");
        return rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal)
            ? "Only {{ $value }} and {{ $labels.name }} can stand in double braces."
            : null;
    }

    /// <summary>Fills in a template; a label that is not there is empty.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> labels, double? value) => Places().Replace(template, place =>
    {
        if (!place.Groups["label"].Success)
        {
            return value is { } known ? Figure(known) : "no value";
        }

        var label = labels.GetValueOrDefault(place.Groups["label"].Value, "");
        return label.Length > LongestLabel ? label[..LongestLabel] + "…" : label;
    });

    /// <summary>A value with as many digits as a person reads: four that count.</summary>
    public static string Figure(double value) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        _ when double.IsNaN(value) => "not a number",
        _ when Math.Abs(value) is >= 1000 and < 1e15 => value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.ToString("G4", CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"\{\{\s*\$(?:value|labels\.(?<label>[a-zA-Z_][a-zA-Z0-9_]*))\s*\}\}")]
    private static partial Regex Places();
}
