using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>One query of a chart, as the browser is told to ask it.</summary>
/// <param name="Query">PromQL.</param>
/// <param name="Name">What the line is called when no label tells it.</param>
/// <param name="Band">Not a line but a shaded band from minus to plus its value.</param>
public sealed record ChartQuery(string Query, string Name, bool Band = false);

/// <summary>How the lines that a person picked are asked and written, decided by the type of each metric.</summary>
/// <param name="Queries">What the browser asks.</param>
/// <param name="Unit">seconds, bytes, ratio, per second, bytes per second, or empty.</param>
/// <param name="How">A few words: "per second", "95th percentile".</param>
/// <param name="Difference">Draw what our side has more than theirs, too.</param>
public sealed record ChartPlan(IReadOnlyList<ChartQuery> Queries, string Unit, string How, bool Difference = false)
{
    private const int Points = 400;

    /// <summary>Plans a chart.</summary>
    /// <param name="lines">What was picked.</param>
    /// <param name="metrics">The metrics that exist, by name.</param>
    /// <param name="integration">The integration that the chart belongs to.</param>
    /// <param name="interval">The pause between scrapes.</param>
    /// <param name="length">How long the chart's stretch of time is.</param>
    /// <param name="bothSides">One line per side, and their difference.</param>
    public static ChartPlan Of(
        IReadOnlyList<ChartLine> lines, IReadOnlyDictionary<string, KnownMetric> metrics, string integration, TimeSpan interval, TimeSpan length, bool bothSides = false)
    {
        var picked = lines.Select(line => (Line: line, Metric: metrics.GetValueOrDefault(line.Metric) ?? new KnownMetric(line.Metric, MetricType.Unknown, "", ""))).ToList();
        var queries = picked.Select(p =>
        {
            if (p.Line.Query is { } query)
            {
                return new ChartQuery(query, query);
            }

            var within = new Dictionary<string, string>(p.Line.Labels ?? new Dictionary<string, string>());
            within.TryAdd("integration", integration);
            return new ChartQuery((p.Line with { Labels = within }).Expression(p.Metric.Type, interval, length / Points, bothSides).ToString()!, p.Line.Metric);
        });
        return new([.. queries], picked[0].Line.Query is { } first ? ChartUnits.Of(Expression.Parse(first), metrics) : UnitOf(picked[0].Metric), string.Join(", ", picked.Select(p => HowOf(p.Line, p.Metric)).Distinct().Where(h => h.Length > 0)), bothSides);
    }

    private static string UnitOf(KnownMetric metric) => metric.Type switch
    {
        MetricType.Counter when metric.Unit.Length > 0 => metric.Unit + " per second",
        MetricType.Counter => "per second",
        _ => metric.Unit,
    };

    private static string HowOf(ChartLine line, KnownMetric metric) => metric.Type switch
    {
        MetricType.Counter => "per second",
        MetricType.Histogram or MetricType.GaugeHistogram => Percentile(line.Quantile),
        _ => "",
    };

    /// <summary>"median", "95th percentile", "99.9th percentile".</summary>
    public static string Percentile(double quantile) => quantile == 0.5 ? "median" : FormattableString.Invariant($"{Math.Round(quantile * 100, 3)}th percentile");
}
