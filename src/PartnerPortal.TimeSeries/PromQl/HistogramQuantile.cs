using System.Text;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A quantile from cumulative buckets, interpolated as in Prometheus 2.42 (promql/quantile.go, bucketQuantile).</summary>
internal static class HistogramQuantile
{
    private const string BoundLabel = "le";

    private readonly record struct Bucket(double Bound, double Count);

    public static List<ComputedSeries> Compute(CallExpression call, double[] quantiles, List<ComputedSeries> buckets, Steps steps)
    {
        // Grouped with the metric's name, as Prometheus 2.42 does: two metrics of equal labels are refused rather than mixed.
        var groups = new Dictionary<LabelSet, List<(double Bound, double[] Counts)>>();
        foreach (var bucket in buckets)
        {
            if (!NumberText.TryRead(Encoding.UTF8.GetBytes(bucket.Labels[BoundLabel]), out var bound))
                continue;
            var key = bucket.Labels.Without(BoundLabel);
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = [];
            group.Add((bound, bucket.Values));
        }
        var results = new List<ComputedSeries>(groups.Count);
        var current = new List<Bucket>();
        foreach (var (labels, group) in groups)
        {
            group.Sort((a, b) => a.Bound.CompareTo(b.Bound));
            var values = new double[steps.Count];
            for (var i = 0; i < values.Length; i++)
            {
                current.Clear();
                foreach (var (bound, counts) in group)
                {
                    if (!Samples.IsStale(counts[i]))
                        Append(current, bound, counts[i]);
                }
                values[i] = current.Count == 0 ? Samples.Stale : At(quantiles[i], current);
            }
            results.Add(new ComputedSeries(labels.Without(Label.MetricName), values));
        }
        return Columns.Merged(results, call);
    }

    private static void Append(List<Bucket> buckets, double bound, double count)
    {
        // Equal bounds spelled differently ("1" and "1.0") are one bucket.
        if (buckets.Count > 0 && buckets[^1].Bound == bound)
            buckets[^1] = new Bucket(bound, buckets[^1].Count + count);
        else
            buckets.Add(new Bucket(bound, count));
    }

    private static double At(double quantile, List<Bucket> buckets)
    {
        if (double.IsNaN(quantile))
            return Samples.OrdinaryNaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (!double.IsPositiveInfinity(buckets[^1].Bound))
            return Samples.OrdinaryNaN;
        KeepRising(buckets);
        var total = buckets[^1].Count;
        if (buckets.Count < 2 || total == 0)
            return Samples.OrdinaryNaN;
        var rank = quantile * total;
        var hit = FirstAtLeast(buckets, rank);
        if (hit == buckets.Count - 1)
            return buckets[^2].Bound;
        if (hit == 0 && buckets[0].Bound <= 0)
            return buckets[0].Bound;
        var below = hit == 0 ? new Bucket(0, 0) : buckets[hit - 1];
        return below.Bound + (buckets[hit].Bound - below.Bound) * ((rank - below.Count) / (buckets[hit].Count - below.Count));
    }

    /// <summary>The first bucket that holds the rank, by halving as Prometheus does it: with NaN the way decides.</summary>
    private static int FirstAtLeast(List<Bucket> buckets, double rank)
    {
        var (low, high) = (0, buckets.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (buckets[middle].Count >= rank)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>Buckets that were read while the service counted may sink; they count as level.</summary>
    private static void KeepRising(List<Bucket> buckets)
    {
        var most = buckets[0].Count;
        for (var i = 1; i < buckets.Count; i++)
        {
            if (buckets[i].Count > most)
                most = buckets[i].Count;
            else if (buckets[i].Count < most)
                buckets[i] = buckets[i] with { Count = most };
        }
    }
}
