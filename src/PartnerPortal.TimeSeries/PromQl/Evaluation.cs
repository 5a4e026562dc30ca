using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The instants of a computation in milliseconds since 1970, both ends included.</summary>
public readonly record struct Steps(long From, long To, long Step)
{
    /// <summary>How many instants there are.</summary>
    public int Count => To < From ? 0 : (int)((To - From) / Step) + 1;

    /// <summary>An instant by its position.</summary>
    public long this[int position] => From + position * Step;
}

/// <summary>A series that was computed: a value per step, <see cref="Samples.Stale"/> where there is none.</summary>
public sealed record ComputedSeries(LabelSet Labels, double[] Values);

/// <summary>Computes expressions at given instants, exactly as Prometheus 2.42 does.</summary>
public static class Evaluation
{
    /// <summary>
    /// Computes an expression. <paramref name="read"/> holds the series of <see cref="Expression.Reads"/> with all samples
    /// from <see cref="Expression.Reach"/> before the first instant up to the last one. Series without any value are left out.
    /// </summary>
    public static List<ComputedSeries> Run(Expression expression, IEnumerable<ReadSeries> read, Steps steps)
    {
        var results = expression switch
        {
            SelectorExpression => read.Select(s => new ComputedSeries(s.Labels, Current(s.Samples, steps))).ToList(),
            RateExpression rate => Rates(rate, read, steps),
            QuantileExpression quantile => HistogramQuantile.Compute(quantile.Quantile, Rates(quantile.Buckets, read, steps, keepName: true), steps.Count),
            _ => throw new ArgumentException("The expression is of an unknown kind.", nameof(expression)),
        };
        results.RemoveAll(s => s.Values.All(Samples.IsStale));
        return results;
    }

    private static List<ComputedSeries> Rates(RateExpression rate, IEnumerable<ReadSeries> read, Steps steps, bool keepName = false)
    {
        var results = read.Select(s => new ComputedSeries(
            keepName ? s.Labels : s.Labels.Without(Label.MetricName), CounterRate.Compute(s.Samples, steps, rate.Range))).ToList();
        var seen = new HashSet<LabelSet>();
        foreach (var result in results)
        {
            if (!seen.Add(result.Labels))
                throw new ExpressionRefused($"Several metrics have the same labels {result.Labels} once their names are dropped; name one metric.", 0);
        }
        return results;
    }

    /// <summary>The newest sample of the last five minutes, unless it says that the series ended.</summary>
    private static double[] Current(ReadOnlySpan<Sample> samples, Steps steps)
    {
        var lookback = (long)Expression.Lookback.TotalMilliseconds;
        var values = new double[steps.Count];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var at = steps[i];
            while (next < samples.Length && samples[next].Time <= at)
                next++;
            values[i] = next > 0 && samples[next - 1].Time >= at - lookback ? samples[next - 1].Value : Samples.Stale;
        }
        return values;
    }
}
