using System.Text.RegularExpressions;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>
/// What a runbook is for, as its front matter says. <c>alerts:</c> names alerts, or sets of conditions on labels such as
/// <c>alertname=PaymentsFailing, severity=critical</c> (also !=, =~ and !~), of which one must hold; <c>integration:</c> and
/// <c>operations:</c> name slugs and operations; <c>cause:</c> is us, network or them. Each may be one value or a list.
/// </summary>
/// <param name="Alerts">Names of alerts, or sets of conditions.</param>
/// <param name="Integrations">Slugs of integrations; empty: any.</param>
/// <param name="Operations">Operations of the partner's interface; empty: any.</param>
/// <param name="Causes">us, network, them; empty: any.</param>
public sealed partial record RunbookScope(IReadOnlyList<string> Alerts, IReadOnlyList<string> Integrations, IReadOnlyList<string> Operations, IReadOnlyList<string> Causes)
{
    /// <summary>For everything of the partner.</summary>
    public static RunbookScope General { get; } = new([], [], [], []);

    /// <summary>Reads what a runbook's text says; what cannot be read says nothing.</summary>
    public static RunbookScope Read(string text)
    {
        var front = RunbookText.FrontListsOf(text);
        return new(
            [.. All("alerts", "alert").Select(a => a.Trim()).Where(a => a.Length > 0)], [.. Split("integration", "integrations")], [.. Split("operations", "operation")],
            [.. Split("cause", "causes").Select(c => c.ToLowerInvariant()).Where(c => c is "us" or "network" or "them")]);

        IEnumerable<string> All(params string[] names) => names.SelectMany(n => front.GetValueOrDefault(n) ?? []);
        IEnumerable<string> Split(params string[] names) => All(names).SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The conditions that one entry of <see cref="Alerts"/> makes; a bare name is one on alertname, and an entry that cannot be read makes none.</summary>
    public static IReadOnlyList<LabelMatcher> Conditions(string entry)
    {
        List<LabelMatcher> conditions = [];
        foreach (var part in Parts().Matches(entry.Trim().Trim('{', '}')).Select(m => m.Value.Trim()).Where(p => p.Length > 0))
        {
            var match = Condition().Match(part);
            var (name, sign, value) = match.Success ? (match.Groups["name"].Value, match.Groups["sign"].Value, match.Groups["value"].Value.Trim()) : ("alertname", "=", part);
            var kind = sign switch { "!=" => MatchKind.NotEqual, "=~" => MatchKind.Matches, "!~" => MatchKind.DoesNotMatch, _ => MatchKind.Equal };
            try
            {
                conditions.Add(new(name, kind, value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value));
            }
            catch (ArgumentException)
            {
                return []; // a regular expression that cannot be read must not find everything
            }
        }

        return conditions;
    }

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^,"'])+""")]
    private static partial Regex Parts();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*(?<sign>=~|!=|!~|=)\s*(?<value>.*)$", RegexOptions.Singleline)]
    private static partial Regex Condition();
}
