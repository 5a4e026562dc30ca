using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Functions over the samples of a window (promql/functions.go of Prometheus 2.42).</summary>
internal static class RangeFunctions
{
    private static readonly Dictionary<string, RangeKernel> _kernels = new(StringComparer.Ordinal)
    {
        ["avg_over_time"] = (in w) => OverTime.Average(w.Samples),
        ["changes"] = (in w) => Counters.Changes(w.Samples),
        ["count_over_time"] = (in w) => w.Samples.Length,
        ["delta"] = Extrapolation.Delta,
        ["deriv"] = Regression.Slope,
        ["holt_winters"] = Regression.HoltWinters,
        ["idelta"] = (in w) => Counters.LastDifference(w.Samples),
        ["irate"] = (in w) => Counters.LastRate(w.Samples),
        ["last_over_time"] = (in w) => w.Samples[^1].Value,
        ["max_over_time"] = (in w) => OverTime.Largest(w.Samples),
        ["min_over_time"] = (in w) => OverTime.Smallest(w.Samples),
        ["predict_linear"] = Regression.Predict,
        ["present_over_time"] = (in _) => 1,
        ["quantile_over_time"] = (in w) => Quantiles.Of(w.First, w.Samples),
        ["resets"] = (in w) => Counters.Resets(w.Samples),
        ["stddev_over_time"] = (in w) => Math.Sqrt(OverTime.Variance(w.Samples)),
        ["stdvar_over_time"] = (in w) => OverTime.Variance(w.Samples),
        ["sum_over_time"] = (in w) => OverTime.Sum(w.Samples),
        ["absent_over_time"] = (in _) => 1,
    };

    public static List<ComputedSeries> Compute(CallExpression call, RangeSource source, double[][] scalars, Steps steps, Budget budget)
    {
        var name = call.Function.Name;
        var results = new List<ComputedSeries>(source.Series.Count);
        foreach (var series in source.Series)
        {
            budget.Take(0, call);
            var values = name is "rate" or "increase"
                ? Extrapolation.Growth(series.Samples, source, steps, perSecond: name == "rate")
                : Slide(series.Samples, source, scalars, steps, call, budget);
            if (values is not null)
                results.Add(new ComputedSeries(name == "last_over_time" ? series.Labels : series.Labels.Without(Label.MetricName), values));
        }
        return name == "absent_over_time" ? Absence.Of(call, results, steps) : Columns.Distinct(results, call);
    }

    private static double[]? Slide(Sample[] samples, RangeSource source, double[][] scalars, Steps steps, CallExpression call, Budget budget)
    {
        var kernel = _kernels[call.Function.Name];
        var values = new double[steps.Count];
        var any = false;
        var (first, end) = (0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            var to = source.End(steps, i);
            while (end < samples.Length && samples[end].Time <= to)
                end++;
            while (first < end && samples[first].Time < to - source.Range)
                first++;
            budget.Work(end - first, call);
            values[i] = first == end ? Samples.Stale : kernel(new RangeWindow
            {
                Samples = samples.AsSpan(first, end - first),
                From = to - source.Range,
                To = to,
                At = steps[i],
                First = scalars.Length > 0 ? scalars[0][i] : 0,
                Second = scalars.Length > 1 ? scalars[1][i] : 0,
            });
            any |= !Samples.IsStale(values[i]);
        }
        return any ? values : null;
    }
}
