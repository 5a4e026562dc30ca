using PartnerPortal.Domain.Incidents;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.Web.Incidents;

/// <summary>What a chart of an alert shows: the figure that its rule watches, with the good time before the start beside the bad.</summary>
public static class AlertCharts
{
    private static readonly TimeSpan Beside = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>From half an hour before the start until half an hour after the end, or after the portal knew.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Around(Alert alert) => (Began(alert), (alert.ResolvedAt ?? alert.FirstSeenAt) + Beside);

    /// <summary>The same for the alert's own page: what still fires goes on to now, and a day is the most.</summary>
    public static ChartRange Range(Alert alert, DateTimeOffset now)
    {
        var from = Began(alert);
        var end = (alert.ResolvedAt ?? now) + (alert.ResolvedAt is null ? TimeSpan.Zero : Beside);
        var to = end - from > Longest ? (from + Longest).ToUnixTimeMilliseconds() : end >= now ? (long?)null : end.ToUnixTimeMilliseconds();
        return ChartRange.Read(FormattableString.Invariant($"{from.ToUnixTimeMilliseconds()}"), to is { } fixedEnd ? FormattableString.Invariant($"{fixedEnd}") : "now", now);
    }

    /// <summary>The figure and, beside it, the number that it is compared with; the whole condition where it is no comparison with a number.</summary>
    public static ChartPlan Plan(string condition, string name, IReadOnlyDictionary<string, KnownMetric> metrics)
    {
        var expression = Expression.Parse(condition).Bare;
        if (expression is BinaryExpression { Operator: BinaryOperator.Above or BinaryOperator.AtLeast or BinaryOperator.Below or BinaryOperator.AtMost, Right: var limit } compared
            && limit.Bare is NumberExpression)
        {
            var figure = compared.Left.Bare;
            return new([new(figure.ToString()!, name), new(limit.ToString()!, "limit")], ChartUnits.Of(figure, metrics), "");
        }

        return new([new(condition, name)], ChartUnits.Of(expression, metrics), "");
    }

    private static DateTimeOffset Began(Alert alert) => (alert.Onset.LastGood ?? alert.Onset.FirstBad) - Beside;
}
