using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>A value of a label and how many series carry it.</summary>
public sealed record CountedValue(string Value, int Series);

/// <summary>A label of a metric with its values, those of the most series first.</summary>
public sealed record CountedLabel(string Name, IReadOnlyList<CountedValue> Values);

/// <summary>What exists under a metric's name.</summary>
/// <param name="Series">How many series there are.</param>
/// <param name="Sources">The sources that bring them.</param>
/// <param name="Labels">Their labels; those that tell series apart come first.</param>
public sealed record MetricAnatomy(int Series, IReadOnlyList<string> Sources, IReadOnlyList<CountedLabel> Labels)
{
    /// <summary>Nothing.</summary>
    public static MetricAnatomy Empty { get; } = new(0, [], []);
}

/// <summary>One row of an instant's result.</summary>
public sealed record InstantRow(LabelSet Labels, double Value);

/// <summary>Looks into one partner's metrics for a person who explores them.</summary>
public sealed class MetricBrowser(ISeriesReader reader, MetricCatalogue catalogue, TimeProvider clock)
{
    /// <summary>Most rows of a table.</summary>
    public const int MostRows = 500;

    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);
    private static readonly QueryLimits _limits = new() { MostSeries = ChartReading.MostSeries, MostTime = TimeSpan.FromSeconds(10) };
    private static readonly string[] _elsewhere = [Label.MetricName, "partner", "integration"];

    /// <summary>The labels of a metric's series of the last day.</summary>
    public async Task<MetricAnatomy> AnatomyAsync(string partner, string metric, CancellationToken cancel)
    {
        var known = await catalogue.MetricAsync(partner, metric, cancel);
        var found = await SeriesAsync(partner, ChartName(known), cancel);
        return new MetricAnatomy(
            found.Count,
            [.. found.Select(s => s["source"]).Where(s => s.Length > 0).Distinct().Order(StringComparer.Ordinal)],
            [
                .. found.SelectMany(s => s).Where(l => !_elsewhere.Contains(l.Name)).GroupBy(l => l.Name)
                    .Select(g => new CountedLabel(g.Key, [.. g.GroupBy(l => l.Value).Select(v => new CountedValue(v.Key, v.Count())).OrderByDescending(v => v.Series).ThenBy(v => v.Value, StringComparer.Ordinal)]))
                    .OrderBy(l => l.Values.Count == 1).ThenBy(l => l.Name, StringComparer.Ordinal),
            ]);
    }

    /// <summary>The result of an expression at an instant, highest first as far as it has no order of its own, with what a reader should know about it.</summary>
    /// <exception cref="ExpressionRefused">It cannot be computed, or takes too much.</exception>
    public async Task<(IReadOnlyList<InstantRow> Rows, int Found, IReadOnlyList<string> Warnings)> AtAsync(string partner, Expression expression, DateTimeOffset at, CancellationToken cancel)
    {
        if (expression.Type is ExpressionType.RangeVector or ExpressionType.Text)
        {
            throw new ExpressionRefused("a chart needs one value per instant: put a function such as rate( ) or max_over_time( ) around the range", expression.Position);
        }

        var answer = await Evaluation.RunAsync(expression, new PartnerSeries(reader, partner), Steps.At(at.ToUnixTimeMilliseconds()), _limits, cancel);
        return ([.. answer.Series.Take(MostRows).Select(s => new InstantRow(s.Labels, s.Values[0]))], answer.Series.Count, answer.Warnings);
    }

    /// <summary>The name under which the series of a metric are stored: a histogram's are its buckets.</summary>
    public static string ChartName(KnownMetric metric) =>
        metric.Type is TimeSeries.Exposition.MetricType.Histogram or TimeSeries.Exposition.MetricType.GaugeHistogram ? metric.Name + "_bucket" : metric.Name;

    private async Task<IReadOnlyList<LabelSet>> SeriesAsync(string partner, string metric, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var selector = new Selector([new LabelMatcher(Label.MetricName, MatchKind.Equal, metric), new LabelMatcher("partner", MatchKind.Equal, partner)]);
        return await reader.SeriesAsync([selector], (now - LookBack).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), cancel);
    }
}
