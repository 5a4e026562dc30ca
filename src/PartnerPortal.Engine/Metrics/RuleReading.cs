using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>What a rule's selector read.</summary>
/// <param name="Read">What was asked, narrowed to the rule's integration.</param>
/// <param name="Series">What is there.</param>
/// <param name="IsReported">
/// No such series is there, but it is a counter whose neighbours are: services report a counter of failures only after the first
/// failure, so its absence beside them means none.
/// </param>
public sealed record RuleRead(SeriesRead Read, IReadOnlyList<ReadSeries> Series, bool IsReported = false);

/// <summary>A rule's expression over one integration, computed, with what it was computed from.</summary>
public sealed class RuleResult(Expression expression, QueryAnswer answer, IReadOnlyDictionary<SelectorExpression, RuleRead> reads)
{
    /// <summary>What was computed; at a single instant every series meets the condition.</summary>
    public QueryAnswer Answer => answer;

    /// <summary>Everything that was read.</summary>
    public IEnumerable<RuleRead> Reads => reads.Values;

    /// <summary>Whether the figures are there that the condition needs, as far as they have these labels: without them it is neither met nor not met.</summary>
    public bool HasData(IReadOnlyDictionary<string, string>? labels) => HasData(expression, labels);

    /// <summary>Whether a series may be one that a result with these labels was computed from.</summary>
    public static bool Fits(LabelSet series, IReadOnlyDictionary<string, string>? labels) =>
        labels is null || labels.All(l => series[l.Key].Length == 0 || series[l.Key] == l.Value);

    /// <summary>Whether a series goes on.</summary>
    internal static bool IsCurrent(ReadSeries series) => series.Samples.Length > 0 && !Samples.IsStale(series.Samples[^1].Value);

    private bool HasData(Expression part, IReadOnlyDictionary<string, string>? labels) => part switch
    {
        SelectorExpression selector => reads[selector].IsReported || reads[selector].Series.Any(s => Fits(s.Labels, labels) && IsCurrent(s)),
        BinaryExpression { Operator: BinaryOperator.Or } either => HasData(either.Left, labels) || HasData(either.Right, labels),
        BinaryExpression { Operator: BinaryOperator.Unless } unless => HasData(unless.Left, labels),
        // These ask whether something is missing, so for them nothing is an answer.
        CallExpression { Function.Name: "absent" or "absent_over_time" } => true,
        _ => part.Parts.All(p => HasData(p, labels)),
    };
}

/// <summary>Computes a rule's expression over the series of one integration, and over nothing else.</summary>
public sealed class RuleReading(ISeriesReader reader)
{
    /// <summary>What one computation at a scrape may take; a rule that needs more says so instead of slowing its neighbours.</summary>
    public static readonly QueryLimits AtScrape = new() { MostSamples = 5_000_000, MostSeries = 20_000, MostTime = TimeSpan.FromSeconds(5) };

    /// <summary>Computes at the given instants.</summary>
    /// <exception cref="ExpressionRefused">It cannot be computed on these series, or takes more than the limits allow.</exception>
    public async Task<RuleResult> ComputeAsync(string partner, string integration, Expression expression, Steps steps, QueryLimits limits, CancellationToken cancel)
    {
        var reads = new Dictionary<SelectorExpression, RuleRead>(ReferenceEqualityComparer.Instance);
        var left = limits.MostSamples;
        foreach (var (selector, wanted) in SelectorRead.Of(expression, steps))
        {
            var read = wanted with { Selector = Scoped(wanted.Selector, partner, integration), MostSamples = left, MustBeWhole = true };
            var answer = await reader.ReadAsync(read, cancel);
            left = Math.Max(0, left - answer.Series.Sum(s => (long)s.Samples.Length));
            reads[selector] = new RuleRead(read, answer.Series, !answer.Series.Any(RuleResult.IsCurrent) && await IsReportedAsync(read, cancel));
        }

        return new RuleResult(expression, Evaluation.Run(expression, s => reads[s].Series, steps, limits, cancel), reads);
    }

    /// <summary>Every series of a counter's name within the integration; null for what is not read as a counter.</summary>
    public static Selector? Neighbours(SeriesRead read) => OnsetReading.IsGrowth(read.Function) && read.Selector.MetricName is { } name
        ? new Selector([new LabelMatcher(Label.MetricName, MatchKind.Equal, name), .. read.Selector.Matchers.Where(m => m.Name is "partner" or "integration" or "source" or "side")])
        : null;

    private async Task<bool> IsReportedAsync(SeriesRead read, CancellationToken cancel) =>
        Neighbours(read) is { } neighbours && (await reader.ReadAsync(read with { Selector = neighbours, Function = null, Step = 0 }, cancel)).Series.Any(RuleResult.IsCurrent);

    /// <summary>The selector with conditions that only series of the integration meet. What was pushed without an integration belongs to the first.</summary>
    public static Selector Scoped(Selector selector, string partner, string integration) => new(
    [
        .. selector.Matchers,
        new LabelMatcher("partner", MatchKind.Equal, partner),
        integration == Domain.Integrations.Integration.MainSlug
            ? new LabelMatcher("integration", MatchKind.Matches, "|" + integration)
            : new LabelMatcher("integration", MatchKind.Equal, integration),
    ]);
}
