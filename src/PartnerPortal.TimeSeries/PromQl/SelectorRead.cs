namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>What one selector of an expression needs to be computed.</summary>
public sealed record SelectorRead(SelectorExpression Selector, SeriesRead Read)
{
    /// <summary>
    /// The reads of an expression, one a selector, each with the time it covers: look-back or range, offset, <c>@</c> and the
    /// subqueries around it (promql/engine.go, getTimeRangesForSelector).
    /// </summary>
    public static IReadOnlyList<SelectorRead> Of(Expression expression, Steps steps)
    {
        var reads = new List<SelectorRead>();
        Collect(expression, steps, steps.From, steps.To, steps.Step, null, reads);
        return reads;
    }

    private static void Collect(Expression expression, Steps whole, long from, long to, long step, string? function, List<SelectorRead> reads)
    {
        switch (expression)
        {
            case SelectorExpression selector:
                Add(selector, Expression.Lookback, whole, from, to, step, function, reads);
                return;
            case RangeExpression range:
                Add(range.Inner, range.Range, whole, from, to, step, function, reads);
                return;
            case SubqueryExpression subquery:
                var (first, last) = (subquery.Shift.Move(from, whole) - (long)subquery.Range.TotalMilliseconds, subquery.Shift.Move(to, whole));
                Collect(subquery.Inner, whole, first, last, (long)(subquery.Step ?? Expression.DefaultResolution).TotalMilliseconds, null, reads);
                return;
        }
        var inside = expression is CallExpression call ? call.Function.Name : expression is BracketExpression ? function : null;
        foreach (var part in expression.Parts)
            Collect(part, whole, from, to, step, inside, reads);
    }

    private static void Add(SelectorExpression selector, TimeSpan reach, Steps whole, long from, long to, long step, string? function, List<SelectorRead> reads)
    {
        var first = selector.Shift.Move(from, whole) - (long)reach.TotalMilliseconds;
        var read = new SeriesRead(selector.Selector, first, selector.Shift.Move(to, whole)) { Function = function, Step = from == to ? 0 : step };
        reads.Add(new SelectorRead(selector, read));
    }
}

internal static class TimeShifts
{
    /// <summary>The instant that is looked at when a time is evaluated.</summary>
    public static long Move(this TimeShift shift, long time, Steps whole)
    {
        var at = shift.Edge switch
        {
            TimeEdge.Start => whole.From,
            TimeEdge.End => whole.To,
            _ => shift.At ?? time,
        };
        return at - shift.Offset;
    }
}
