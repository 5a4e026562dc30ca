namespace PartnerPortal.TimeSeries.Onset;

/// <summary>Figures that a few wild values do not move.</summary>
internal static class Robust
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2;
    }

    /// <summary>The standard deviation as the median distance from the median tells it; 0 where most values are equal.</summary>
    public static double Spread(ReadOnlySpan<double> values)
    {
        var middle = Median(values);
        var distances = new double[values.Length];
        for (var i = 0; i < distances.Length; i++)
            distances[i] = Math.Abs(values[i] - middle);
        return 1.4826 * Median(distances);
    }

    /// <summary>The medians of neighbours, <paramref name="width"/> at a time.</summary>
    public static double[] Medians(double[] values, int width)
    {
        var medians = new double[(values.Length + width - 1) / width];
        for (var i = 0; i < medians.Length; i++)
            medians[i] = Median(values.AsSpan(i * width, Math.Min(width, values.Length - i * width)));
        return medians;
    }

    /// <summary>The size of the differences between values, or null when all are equal.</summary>
    public static double? Scale(ReadOnlySpan<double> values)
    {
        var (least, most) = (double.MaxValue, double.MinValue);
        foreach (var value in values)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        var range = most / 2 - least / 2;
        return range > 0 && most - least > 1e-13 * Math.Max(Math.Abs(least), Math.Abs(most)) ? range : null;
    }
}
