namespace PartnerPortal.Domain.Reviews;

/// <summary>A target as somebody gives it. In a change null stays as it is, an empty text clears, and figures are cleared by name.</summary>
/// <param name="Subject">What is measured: "calls per second at peak".</param>
/// <param name="Comparator">≤ ≥ &lt; &gt; = or at most, at least, below, above, equal.</param>
/// <param name="Unit">Of the figures.</param>
/// <param name="BoundSide">Who has to keep it: ours or partner.</param>
/// <param name="Percentile">Above 0 and below 100.</param>
/// <param name="Window">Over which time: 5m, 30d.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Theirs">The partner's figure.</param>
/// <param name="Agreed">What both agreed; without it theirs counts, then ours.</param>
/// <param name="AgreedWith">Who agreed on their side.</param>
/// <param name="AgreedOn">On which day, written 2026-12-31.</param>
/// <param name="Query">An expression in PromQL over this integration's series, whose value is compared.</param>
/// <param name="StaleAfterDays">How long a value that a person entered can be relied on.</param>
/// <param name="NotApplicable">Why it does not concern this integration; empty when it does.</param>
/// <param name="Key">Its name in addresses; derived from the subject when absent.</param>
/// <param name="Clear">Names of figures to take away: ours, theirs, agreed, percentile.</param>
public sealed record TargetDraft(
    string? Subject = null, string? Comparator = null, string? Unit = null, string? BoundSide = null, double? Percentile = null, string? Window = null,
    decimal? Ours = null, decimal? Theirs = null, decimal? Agreed = null, string? AgreedWith = null, string? AgreedOn = null,
    string? Query = null, int? StaleAfterDays = null, string? NotApplicable = null, string? Key = null, IReadOnlyList<string>? Clear = null)
{
    /// <summary>Figures that <see cref="Clear"/> may name.</summary>
    public static IReadOnlyList<string> Clearable { get; } = ["ours", "theirs", "agreed", "percentile"];

    internal bool Clears(string name) => Clear?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;
}
