using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Functions without a range vector (promql/functions.go of Prometheus 2.42).</summary>
internal static class InstantFunctions
{
    public static List<ComputedSeries> Compute(CallExpression call, Evaluator evaluator, Steps steps)
    {
        var arguments = call.Arguments;
        List<ComputedSeries> Vector(int at) => evaluator.Compute(arguments[at], steps);
        double[] Scalar(int at) => evaluator.Scalar(arguments[at], steps);
        var name = call.Function.Name;
        if (PlainFunctions.All.TryGetValue(name, out var plain))
            return Map(call, arguments.Count == 0 ? Times(steps) : Vector(0), (v, _) => plain(v));
        switch (name)
        {
            case "pi": return One(Columns.Constant(steps, Math.PI));
            case "time": return Times(steps);
            case "vector": return One(Scalar(0));
            case "scalar": return One(Single(Vector(0), steps));
            case "timestamp": return Timestamp(call, evaluator, steps);
            case "absent": return Absence.Of(call, Vector(0), steps);
            case "sort" or "sort_desc": return Ordered(Vector(0), name == "sort_desc", steps);
            case "label_replace": return LabelFunctions.Replace(call, Vector(0));
            case "label_join": return LabelFunctions.Join(call, Vector(0));
            case "histogram_quantile": return HistogramQuantile.Compute(call, Scalar(0), Vector(1), steps);
            // Only native histograms have these, and there are none.
            case "histogram_count" or "histogram_sum" or "histogram_fraction": return [];
        }
        var first = Scalars(call, evaluator, 1, steps);
        var second = Scalars(call, evaluator, 2, steps);
        return Map(call, Vector(0), name switch
        {
            "clamp" => (v, i) => second![i] < first![i] ? Samples.Stale : GoMath.Max(first[i], GoMath.Min(second[i], v)),
            "clamp_min" => (v, i) => GoMath.Max(first![i], v),
            "clamp_max" => (v, i) => GoMath.Min(first![i], v),
            "round" => (v, i) => Rounded(v, first?[i] ?? 1),
            _ => throw new ArgumentException($"The function {name} is not known.", nameof(call)),
        });
    }

    /// <summary>To the nearest multiple, halves up. The inverse costs less accuracy than the division would.</summary>
    private static double Rounded(double value, double nearest)
    {
        var inverse = 1 / nearest;
        return Math.Floor(value * inverse + 0.5) / inverse;
    }

    private static double[]? Scalars(CallExpression call, Evaluator evaluator, int at, Steps steps) =>
        call.Arguments.Count > at ? evaluator.Scalar(call.Arguments[at], steps) : null;

    private static List<ComputedSeries> One(double[] values) => [new ComputedSeries(LabelSet.Empty, values)];

    private static List<ComputedSeries> Times(Steps steps)
    {
        var values = new double[steps.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = steps[i] / 1000d;
        return One(values);
    }

    private static List<ComputedSeries> Map(CallExpression call, List<ComputedSeries> series, Func<double, int, double> map)
    {
        var results = new List<ComputedSeries>(series.Count);
        foreach (var one in series)
        {
            var values = new double[one.Values.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = Samples.IsStale(one.Values[i]) ? Samples.Stale : map(one.Values[i], i);
            results.Add(new ComputedSeries(one.Labels.Without(Label.MetricName), values));
        }
        return Columns.Merged(results, call);
    }

    /// <summary>scalar(): the value of the only series; NaN when there is none or more than one.</summary>
    private static double[] Single(List<ComputedSeries> series, Steps steps)
    {
        var values = new double[steps.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var count = 0;
            foreach (var one in series)
            {
                if (Samples.IsStale(one.Values[i]))
                    continue;
                values[i] = one.Values[i];
                count++;
            }
            if (count != 1)
                values[i] = Samples.OrdinaryNaN;
        }
        return values;
    }

    private static List<ComputedSeries> Timestamp(CallExpression call, Evaluator evaluator, Steps steps) =>
        call.Arguments[0].Bare is SelectorExpression selector
            ? Map(call, evaluator.Current(selector, steps, CurrentValues.Choice.Timestamps), (v, _) => v)
            : Map(call, evaluator.Compute(call.Arguments[0], steps), (_, i) => steps[i] / 1000d);

    /// <summary>sort() orders an instant's series, NaN last; a range is sorted by labels anyway.</summary>
    private static List<ComputedSeries> Ordered(List<ComputedSeries> series, bool falling, Steps steps)
    {
        if (steps.Count != 1)
            return series;
        var numbers = series.Where(s => !double.IsNaN(s.Values[0]));
        return [.. falling ? numbers.OrderByDescending(s => s.Values[0]) : numbers.OrderBy(s => s.Values[0]), .. series.Where(s => double.IsNaN(s.Values[0]))];
    }
}
