using System.Text;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A quantile from cumulative buckets, interpolated as in Prometheus 2.42 (promql/quantile.go, bucketQuantile).</summary>
internal static class HistogramQuantile
{
    public static List<ComputedSeries> Compute(double quantile, IEnumerable<ComputedSeries> buckets, int steps)
    {
        var groups = new Dictionary<LabelSet, List<(double Bound, double[] Counts)>>();
        foreach (var bucket in buckets)
        {
            if (!NumberText.TryRead(Encoding.UTF8.GetBytes(bucket.Labels["le"]), out var bound))
                continue;
            var key = bucket.Labels.Without("le", Label.MetricName);
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = [];
            group.Add((bound, bucket.Values));
        }
        var results = new List<ComputedSeries>(groups.Count);
        var current = new List<(double Bound, double Count)>();
        foreach (var (labels, group) in groups)
        {
            group.Sort((a, b) => a.Bound.CompareTo(b.Bound));
            var values = new double[steps];
            for (var i = 0; i < steps; i++)
            {
                current.Clear();
                foreach (var (bound, counts) in group)
                {
                    if (!Samples.IsStale(counts[i]))
                        Append(current, bound, counts[i]);
                }
                values[i] = current.Count == 0 ? Samples.Stale : At(quantile, current);
            }
            results.Add(new ComputedSeries(labels, values));
        }
        return results;
    }

    private static void Append(List<(double Bound, double Count)> buckets, double bound, double count)
    {
        // Equal bounds spelled differently ("1" and "1.0") are one bucket.
        if (buckets.Count > 0 && buckets[^1].Bound == bound)
            buckets[^1] = (bound, buckets[^1].Count + count);
        else
            buckets.Add((bound, count));
    }

    private static double At(double quantile, List<(double Bound, double Count)> buckets)
    {
        if (double.IsNaN(quantile))
            return Samples.OrdinaryNaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (!double.IsPositiveInfinity(buckets[^1].Bound))
            return Samples.OrdinaryNaN;
        KeepRising(buckets);
        var total = buckets[^1].Count;
        if (buckets.Count < 2 || total == 0 || double.IsNaN(total))
            return Samples.OrdinaryNaN;
        var rank = quantile * total;
        var hit = 0;
        while (hit < buckets.Count - 1 && !(buckets[hit].Count >= rank))
            hit++;
        if (hit == buckets.Count - 1)
            return buckets[^2].Bound;
        if (hit == 0 && buckets[0].Bound <= 0)
            return buckets[0].Bound;
        var (start, below) = hit == 0 ? (0, 0) : buckets[hit - 1];
        var (end, count) = buckets[hit];
        return start + (end - start) * ((rank - below) / (count - below));
    }

    /// <summary>Buckets that were read while the service counted may sink; they count as level.</summary>
    private static void KeepRising(List<(double Bound, double Count)> buckets)
    {
        var most = double.NegativeInfinity;
        for (var i = 0; i < buckets.Count; i++)
        {
            if (buckets[i].Count > most)
                most = buckets[i].Count;
            else if (buckets[i].Count < most)
                buckets[i] = (buckets[i].Bound, most);
        }
    }
}
