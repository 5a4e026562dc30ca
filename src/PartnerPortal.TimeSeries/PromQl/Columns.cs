using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The columns of a computation: a value per step, <see cref="Samples.Stale"/> where there is none.</summary>
internal static class Columns
{
    public static double[] None(Steps steps)
    {
        var values = new double[steps.Count];
        Array.Fill(values, Samples.Stale);
        return values;
    }

    public static double[] Constant(Steps steps, double value)
    {
        var values = new double[steps.Count];
        Array.Fill(values, value);
        return values;
    }

    public static bool IsEmpty(double[] values)
    {
        foreach (var value in values)
        {
            if (!Samples.IsStale(value))
                return false;
        }
        return true;
    }

    /// <summary>At which steps any of the series has a value.</summary>
    public static bool[] Presence(IEnumerable<ComputedSeries> series, Steps steps)
    {
        var present = new bool[steps.Count];
        foreach (var one in series)
        {
            for (var i = 0; i < present.Length; i++)
                present[i] |= !Samples.IsStale(one.Values[i]);
        }
        return present;
    }

    /// <summary>
    /// Series whose labels became the same are one, as long as only one of them has a value at each instant;
    /// Prometheus looks at every instant by itself, too.
    /// </summary>
    public static List<ComputedSeries> Merged(List<ComputedSeries> series, Expression by)
    {
        var seen = new Dictionary<LabelSet, int>(series.Count);
        List<ComputedSeries>? merged = null;
        for (var n = 0; n < series.Count; n++)
        {
            var one = series[n];
            if (seen.TryGetValue(one.Labels, out var at))
            {
                merged ??= series[..n];
                merged[at] = new ComputedSeries(one.Labels, Both(merged[at].Values, one.Values, by));
                continue;
            }
            seen[one.Labels] = merged?.Count ?? n;
            merged?.Add(one);
        }
        return merged ?? series;
    }

    /// <summary>Refuses series of the same labels, at whichever instants they have values.</summary>
    public static List<ComputedSeries> Distinct(List<ComputedSeries> series, Expression by)
    {
        var seen = new HashSet<LabelSet>(series.Count);
        foreach (var one in series)
        {
            if (!seen.Add(one.Labels))
                throw Same(by);
        }
        return series;
    }

    private static double[] Both(double[] one, double[] other, Expression by)
    {
        var values = (double[])one.Clone();
        for (var i = 0; i < values.Length; i++)
        {
            if (Samples.IsStale(other[i]))
                continue;
            if (!Samples.IsStale(values[i]))
                throw Same(by);
            values[i] = other[i];
        }
        return values;
    }

    private static ExpressionRefused Same(Expression by) => new("vector cannot contain metrics with the same labelset", by.Position, RefusalKind.Failed);
}
