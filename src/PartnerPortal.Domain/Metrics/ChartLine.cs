using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>A metric and the labels that narrow it, as a person picked them for a chart.</summary>
/// <param name="Metric">The metric's name; for a histogram the name without its endings.</param>
/// <param name="Labels">Values that labels must have.</param>
/// <param name="Quantile">Which quantile of a histogram, 0 to 1.</param>
/// <param name="Query">An expression that somebody wrote, drawn as it is; metric, labels and quantile mean nothing then.</param>
public sealed record ChartLine(string Metric, IReadOnlyDictionary<string, string>? Labels = null, double Quantile = 0.95, string? Query = null)
{
    /// <summary>
    /// What to compute: gauges as they are, counters as their rate, histograms as a quantile of their rate. The window of the
    /// rate covers four scrapes at least, so that one missing scrape is no gap, and one point of the chart.
    /// </summary>
    /// <param name="type">How the metric behaves.</param>
    /// <param name="interval">The pause between its scrapes.</param>
    /// <param name="perPoint">How much time one point of the chart stands for.</param>
    /// <param name="bySide">One line per side instead of one per series.</param>
    public Expression Expression(MetricType type, TimeSpan interval, TimeSpan perPoint, bool bySide = false)
    {
        if (Query is not null)
        {
            return TimeSeries.PromQl.Expression.Parse(Query);
        }

        var window = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(Math.Max(interval.TotalSeconds * 4, 60), perPoint.TotalSeconds)));
        var name = type is MetricType.Histogram or MetricType.GaugeHistogram && !Metric.EndsWith("_bucket", StringComparison.Ordinal) ? Metric + "_bucket" : Metric;
        var selector = new Selector(
        [
            new LabelMatcher(Label.MetricName, MatchKind.Equal, name),
            .. (Labels ?? new Dictionary<string, string>()).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new LabelMatcher(l.Key, MatchKind.Equal, l.Value)),
        ]);
        var values = new SelectorExpression(selector);
        return type switch
        {
            MetricType.Counter => Summed(CallExpression.Of("rate", new RangeExpression(values, window)), "side"),
            MetricType.Histogram => CallExpression.Of("histogram_quantile", new NumberExpression(Quantile), Summed(CallExpression.Of("rate", new RangeExpression(values, window)), "side", "le")),
            _ => Summed(values, "side"),
        };

        Expression Summed(Expression each, params string[] labels) => bySide ? new AggregateExpression(AggregateKind.Sum, each, null, labels, false) : each;
    }
}
