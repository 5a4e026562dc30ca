using System.Globalization;

namespace PartnerPortal.Domain.Incidents;

/// <summary>Since when something is wrong: it started between two moments, and how that is known.</summary>
/// <param name="LastGood">The last moment known to be good; null when nothing good was ever seen.</param>
/// <param name="FirstBad">The first moment known to be bad.</param>
/// <param name="Method">How it is known: <c>rule</c> or <c>change in x{…}</c>.</param>
/// <param name="Before">The value before, where the method knows one.</param>
/// <param name="After">The value after.</param>
public sealed record Onset(DateTimeOffset? LastGood, DateTimeOffset FirstBad, string Method, double? Before = null, double? After = null)
{
    /// <summary>"between 02:51:00 and 02:51:15", in UTC; with the day where the two differ.</summary>
    public string Said
    {
        get
        {
            var format = LastGood is { } good && good.UtcDateTime.Date != FirstBad.UtcDateTime.Date ? "yyyy-MM-dd HH:mm:ss" : "HH:mm:ss";
            var bad = FirstBad.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
            return LastGood is { } known ? $"between {known.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)} and {bad}" : $"before {bad}";
        }
    }

    /// <summary>The whole finding: "change in `x{…}` between 02:51:00 and 02:51:15, from 0.2 to 41".</summary>
    public string Sentence => Before is { } before && After is { } after
        ? $"{Method} {Said}, from {Figure(before)} to {Figure(after)}"
        : $"{Method} {Said}";

    private static string Figure(double value) => Metrics.RuleTemplate.Figure(value);
}
