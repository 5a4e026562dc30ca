namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Sums, means and extremes of a window.</summary>
internal static class OverTime
{
    public static double Sum(ReadOnlySpan<Sample> samples)
    {
        var sum = new KahanSum();
        foreach (var sample in samples)
            sum.Add(sample.Value);
        return sum.Value;
    }

    public static double Average(ReadOnlySpan<Sample> samples)
    {
        var mean = new KahanSum();
        var count = 0d;
        foreach (var sample in samples)
        {
            count++;
            if (!StaysInfinite(mean.Rough, sample.Value))
                mean.Add(sample.Value / count - mean.Rough / count);
        }
        return mean.Value;
    }

    /// <summary>Whether an infinite mean stays as it is: subtracting it from an equal infinity, or it from a number, would make NaN.</summary>
    public static bool StaysInfinite(double mean, double value) =>
        double.IsInfinity(mean) && (double.IsInfinity(value) ? mean > 0 == value > 0 : !double.IsNaN(value));

    public static double Largest(ReadOnlySpan<Sample> samples)
    {
        var largest = samples[0].Value;
        foreach (var sample in samples)
        {
            if (sample.Value > largest || double.IsNaN(largest))
                largest = sample.Value;
        }
        return largest;
    }

    public static double Smallest(ReadOnlySpan<Sample> samples)
    {
        var smallest = samples[0].Value;
        foreach (var sample in samples)
        {
            if (sample.Value < smallest || double.IsNaN(smallest))
                smallest = sample.Value;
        }
        return smallest;
    }

    /// <summary>The population's variance (Welford 1962).</summary>
    public static double Variance(ReadOnlySpan<Sample> samples)
    {
        var count = 0d;
        var (mean, squares) = (new KahanSum(), new KahanSum());
        foreach (var sample in samples)
        {
            count++;
            var delta = sample.Value - mean.Exact;
            mean.Add(delta / count);
            squares.Add(delta * (sample.Value - mean.Exact));
        }
        return squares.Exact / count;
    }
}
