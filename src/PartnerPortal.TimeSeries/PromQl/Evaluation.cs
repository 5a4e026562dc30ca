using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>
/// Computes expressions at given instants with the semantics of Prometheus 2.42, series by series over all instants at once.
/// It differs on purpose in two places where Prometheus is at odds with its own documentation: a range with <c>@</c> stays
/// where it is whatever function stands around it, and <c>timestamp(x @ t offset d)</c> heeds the offset.
/// </summary>
public static class Evaluation
{
    /// <summary>Reads what the expression needs, each selector once, and computes it.</summary>
    /// <exception cref="ExpressionRefused">It cannot be computed on these series or takes more than the limits allow.</exception>
    public static async Task<QueryAnswer> RunAsync(Expression expression, ISeriesReader reader, Steps steps, QueryLimits limits, CancellationToken cancel)
    {
        var budget = new Budget(limits, cancel);
        var read = await SelectedSeries.ReadAsync(expression, reader, steps, budget, cancel).ConfigureAwait(false);
        return Compute(expression, read.Of, steps, budget, read.Warnings);
    }

    /// <summary>Reads what the expression needs, each selector once.</summary>
    /// <exception cref="ExpressionRefused">It takes more than the limits allow.</exception>
    public static Task<SelectedSeries> ReadAsync(Expression expression, ISeriesReader reader, Steps steps, QueryLimits limits, CancellationToken cancel) =>
        SelectedSeries.ReadAsync(expression, reader, steps, new Budget(limits, cancel), cancel);

    /// <summary>Computes an expression on series that were already read.</summary>
    /// <param name="expression">What to compute.</param>
    /// <param name="seriesOf">The series of a selector with all samples that <see cref="SelectorRead.Of"/> names for it; more samples do no harm.</param>
    /// <param name="steps">At which instants.</param>
    /// <param name="limits">What it may take; the usual limits when null.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ExpressionRefused">It cannot be computed on these series or takes more than the limits allow.</exception>
    public static QueryAnswer Run(
        Expression expression, Func<SelectorExpression, IReadOnlyList<ReadSeries>> seriesOf, Steps steps, QueryLimits? limits = null, CancellationToken cancel = default) =>
        Compute(expression, seriesOf, steps, new Budget(limits ?? QueryLimits.Usual, cancel), []);

    /// <summary>Computes an expression on a few series at hand: each selector picks those that it means.</summary>
    public static QueryAnswer Run(Expression expression, IReadOnlyCollection<ReadSeries> series, Steps steps, QueryLimits? limits = null) =>
        Run(expression, s => [.. series.Where(one => s.Selector.Matches(one.Labels))], steps, limits);

    private static QueryAnswer Compute(
        Expression expression, Func<SelectorExpression, IReadOnlyList<ReadSeries>> seriesOf, Steps steps, Budget budget, IReadOnlyList<string> warnings)
    {
        var evaluator = new Evaluator(seriesOf, steps, budget);
        return expression.Type switch
        {
            ExpressionType.Text => new QueryAnswer(ExpressionType.Text, steps, [], [], ((TextExpression)expression.Bare).Value, warnings),
            ExpressionType.RangeVector when steps.Count == 1 => new QueryAnswer(ExpressionType.RangeVector, steps, [], evaluator.Window(expression), "", warnings),
            ExpressionType.RangeVector => throw new ExpressionRefused(
                "invalid expression type \"range vector\" for range query, must be Scalar or instant Vector", expression.Position),
            var type => new QueryAnswer(type, steps, Sorted(evaluator.Compute(expression, steps), steps), [], "", warnings),
        };
    }

    /// <summary>A range's series are sorted by their labels; those of one instant stay in the order of the computation, which sort and topk make.</summary>
    private static List<ComputedSeries> Sorted(List<ComputedSeries> series, Steps steps)
    {
        series.RemoveAll(s => Columns.IsEmpty(s.Values));
        if (steps.Count > 1)
            series.Sort((a, b) => LabelSet.Compare(a.Labels, b.Labels));
        return series;
    }
}
