namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The series of every selector of an expression.</summary>
public sealed class SelectedSeries
{
    private readonly Dictionary<SelectorExpression, IReadOnlyList<ReadSeries>> _series = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _warnings = [];

    private SelectedSeries()
    {
    }

    /// <summary>What the reader of a result should know.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Every series that was read; one that two selectors mean comes twice.</summary>
    public IEnumerable<ReadSeries> All => _series.Values.SelectMany(s => s);

    /// <summary>The series of a selector of the expression.</summary>
    public IReadOnlyList<ReadSeries> Of(SelectorExpression selector) => _series[selector];

    internal static async Task<SelectedSeries> ReadAsync(Expression expression, ISeriesReader reader, Steps steps, Budget budget, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(budget.Limits.MostTime);
        var known = new Dictionary<(string, long, long), IReadOnlyList<ReadSeries>>();
        var selected = new SelectedSeries();
        foreach (var (selector, read) in SelectorRead.Of(expression, steps))
        {
            var key = (read.Selector.ToString(), read.From, read.To);
            if (!known.TryGetValue(key, out var found))
            {
                var answer = await ReadAsync(reader, read with { MostSamples = budget.SamplesLeft }, selector, budget, patience.Token, cancel).ConfigureAwait(false);
                selected._warnings.AddRange(answer.Warnings.Except(selected._warnings));
                known[key] = found = answer.Series;
            }
            selected._series[selector] = found;
        }
        return selected;
    }

    private static async Task<SeriesAnswer> ReadAsync(
        ISeriesReader reader, SeriesRead read, SelectorExpression selector, Budget budget, CancellationToken patience, CancellationToken cancel)
    {
        SeriesAnswer answer;
        try
        {
            answer = await reader.ReadAsync(read, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw budget.TimedOut(selector);
        }
        if (answer.Series.Count > budget.Limits.MostSeries)
            throw new ExpressionRefused($"{selector.Selector} reads {answer.Series.Count} series, more than the {budget.Limits.MostSeries} that one query may read", selector.Position, RefusalKind.TooMuch);
        budget.Take(answer.Series.Sum(s => (long)s.Samples.Length), selector);
        return answer;
    }
}
