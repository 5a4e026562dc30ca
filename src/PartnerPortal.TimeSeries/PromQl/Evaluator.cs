using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>One computation: walks the expression and hands every kind of part to the class that knows it.</summary>
internal sealed class Evaluator(Func<SelectorExpression, IReadOnlyList<ReadSeries>> seriesOf, Steps whole, Budget budget)
{
    /// <summary>The series of a scalar or an instant vector at the steps given.</summary>
    public List<ComputedSeries> Compute(Expression expression, Steps steps)
    {
        budget.Take(0, expression);
        return expression switch
        {
            NumberExpression number => [new ComputedSeries(LabelSet.Empty, Columns.Constant(steps, number.Value))],
            BracketExpression bracket => Compute(bracket.Inner, steps),
            SelectorExpression selector => Current(selector, steps, CurrentValues.Choice.Values),
            UnaryExpression unary => unary.Negative ? Negated(unary, Compute(unary.Inner, steps)) : Compute(unary.Inner, steps),
            BinaryExpression binary => BinaryOperations.Compute(binary, Compute(binary.Left, steps), Compute(binary.Right, steps), steps, budget),
            AggregateExpression aggregate => Aggregate(aggregate, steps),
            CallExpression call => Call(call, steps),
            _ => throw new ExpressionRefused($"a {Words.Documented(expression.Type)} has no value at an instant", expression.Position, RefusalKind.Failed),
        };
    }

    /// <summary>A scalar's value per step.</summary>
    public double[] Scalar(Expression expression, Steps steps) => Compute(expression, steps)[0].Values;

    /// <summary>The series of a range vector with the samples of their window before the one instant that is computed.</summary>
    public List<ReadSeries> Window(Expression expression)
    {
        var source = Source(expression, whole);
        var (from, to) = (source.End(whole, 0) - source.Range, source.End(whole, 0));
        return [.. source.Series
            .Select(s => new ReadSeries(s.Labels, [.. s.Samples.Where(one => one.Time >= from && one.Time <= to)]))
            .Where(s => s.Samples.Length > 0)];
    }

    /// <summary>What a range function computes on: samples without markers, and where the window ends at each step.</summary>
    public RangeSource Source(Expression expression, Steps steps) => expression.Bare switch
    {
        RangeExpression range => new RangeSource(
            [.. SeriesOf(range.Inner).Select(s => new ReadSeries(s.Labels, WithoutMarkers(s.Samples)))], range.Range, range.Inner.Shift, whole),
        SubqueryExpression subquery => new RangeSource(Subquery(subquery, steps), subquery.Range, subquery.Shift, whole),
        _ => throw new ExpressionRefused("a range vector was expected", expression.Position, RefusalKind.Failed),
    };

    public List<ComputedSeries> Current(SelectorExpression selector, Steps steps, CurrentValues.Choice choice)
    {
        var series = SeriesOf(selector);
        budget.Take((long)series.Count * steps.Count, selector);
        var results = new List<ComputedSeries>(series.Count);
        foreach (var one in series)
        {
            if (CurrentValues.Of(one.Samples, selector.Shift, steps, whole, choice) is { } values)
                results.Add(new ComputedSeries(one.Labels, values));
        }
        return results;
    }

    /// <summary>In the order of their labels, as Prometheus reads them: among equal values topk keeps the first.</summary>
    private IReadOnlyList<ReadSeries> SeriesOf(SelectorExpression selector)
    {
        var series = seriesOf(selector);
        for (var i = 1; i < series.Count; i++)
        {
            if (LabelSet.Compare(series[i - 1].Labels, series[i].Labels) > 0)
                return [.. series.OrderBy(s => s.Labels, Comparer<LabelSet>.Create(LabelSet.Compare))];
        }
        return series;
    }

    private static List<ComputedSeries> Negated(UnaryExpression unary, List<ComputedSeries> series) => Columns.Distinct(
        [.. series.Select(s => new ComputedSeries(s.Labels.Without(Label.MetricName), Array.ConvertAll(s.Values, v => Samples.IsStale(v) ? v : -v)))], unary);

    private List<ComputedSeries> Aggregate(AggregateExpression aggregate, Steps steps)
    {
        var parameter = aggregate.Parameter is { Type: ExpressionType.Scalar } number ? Scalar(number, steps) : null;
        return Aggregations.Compute(aggregate, Compute(aggregate.Inner, steps), parameter, steps);
    }

    private List<ComputedSeries> Call(CallExpression call, Steps steps)
    {
        if (call.Arguments.Any(a => a.Type == ExpressionType.RangeVector))
        {
            var at = call.Arguments.ToList().FindIndex(a => a.Type == ExpressionType.RangeVector);
            var source = Source(call.Arguments[at], steps);
            budget.Take((long)source.Series.Count * steps.Count, call);
            return RangeFunctions.Compute(call, source, [.. call.Arguments.Where((_, i) => i != at).Select(a => Scalar(a, steps))], steps, budget);
        }
        return InstantFunctions.Compute(call, this, steps);
    }

    private List<ReadSeries> Subquery(SubqueryExpression subquery, Steps steps)
    {
        var step = (long)(subquery.Step ?? Expression.DefaultResolution).TotalMilliseconds;
        var earliest = subquery.Shift.Move(steps.From, whole) - (long)subquery.Range.TotalMilliseconds;
        // The grid of a subquery does not depend on when it is asked: it lies at multiples of its step.
        var first = earliest / step * step;
        if (first < earliest)
            first += step;
        var to = subquery.Shift.Move(steps.To, whole);
        budget.Take(to < first ? 0 : (to - first) / step, subquery);
        var grid = new Steps(first, to, step);
        return [.. Compute(subquery.Inner, grid).Select(s => new ReadSeries(s.Labels, Points(s.Values, grid))).Where(s => s.Samples.Length > 0)];
    }

    private static Sample[] Points(double[] values, Steps grid)
    {
        var points = new List<Sample>(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (!Samples.IsStale(values[i]))
                points.Add(new Sample(grid[i], values[i]));
        }
        return [.. points];
    }

    private static Sample[] WithoutMarkers(Sample[] samples) =>
        Array.Exists(samples, s => Samples.IsStale(s.Value)) ? Array.FindAll(samples, s => !Samples.IsStale(s.Value)) : samples;
}
