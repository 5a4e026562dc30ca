using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>The unit of an expression's result, as far as the units of its metrics tell it.</summary>
public static class ChartUnits
{
    private static readonly string[] _endings = ["_bucket", "_sum", "_count", "_max", "_min"];

    /// <summary>seconds, bytes, ratio, per second, bytes per second, or empty where nobody can say.</summary>
    public static string Of(Expression expression, IReadOnlyDictionary<string, KnownMetric> metrics) => expression.Bare switch
    {
        SelectorExpression selector => Of(selector.Selector.MetricName, metrics),
        RangeExpression range => Of(range.Inner, metrics),
        SubqueryExpression subquery => Of(subquery.Inner, metrics),
        AggregateExpression { Kind: AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max } aggregate => Of(aggregate.Inner, metrics),
        CallExpression { Function.Name: "rate" or "irate" or "deriv" } rate => Of(rate.Arguments[0], metrics) is { Length: > 0 } unit ? unit + " per second" : "per second",
        CallExpression { Function.Name: "histogram_quantile" } quantile => Quantile(quantile.Arguments[1], metrics),
        CallExpression { Function.Name: "increase" or "delta" or "idelta" or "abs" or "sort" or "sort_desc" } same => Of(same.Arguments[0], metrics),
        CallExpression call when call.Function.Name is "min_over_time" or "max_over_time" or "avg_over_time" or "last_over_time" => Of(call.Arguments[0], metrics),
        _ => "",
    };

    private static string Quantile(Expression buckets, IReadOnlyDictionary<string, KnownMetric> metrics)
    {
        var unit = Of(buckets, metrics);
        return unit.EndsWith(" per second", StringComparison.Ordinal) ? unit[..^" per second".Length] : unit == "per second" ? "" : unit;
    }

    private static string Of(string? metric, IReadOnlyDictionary<string, KnownMetric> metrics)
    {
        if (metric is null)
        {
            return "";
        }

        // How many there were is a number, whatever the family's unit.
        if (metric.EndsWith("_count", StringComparison.Ordinal))
        {
            return "";
        }

        var family = _endings.FirstOrDefault(e => metric.EndsWith(e, StringComparison.Ordinal)) is { } ending ? metric[..^ending.Length] : metric;
        return (metrics.GetValueOrDefault(metric) ?? metrics.GetValueOrDefault(family))?.Unit ?? "";
    }
}
