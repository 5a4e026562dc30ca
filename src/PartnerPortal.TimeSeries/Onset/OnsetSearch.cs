namespace PartnerPortal.TimeSeries.Onset;

/// <summary>Where the dense samples of one series changed: between two neighbouring samples.</summary>
/// <param name="LastGood">The last sample of the old regime, milliseconds since 1970.</param>
/// <param name="FirstBad">The first sample of the new one.</param>
/// <param name="Before">The median before; for a counter, growth per second.</param>
/// <param name="After">The median after.</param>
/// <param name="Strength">How many times the series' own noise the change is; for comparing series.</param>
public readonly record struct OnsetFound(long LastGood, long FirstBad, double Before, double After, double Strength);

/// <summary>Finds the one change that made a rule fire, among samples around it. Exact to the distance of two samples.</summary>
public static class OnsetSearch
{
    // Around a single change fewer values decide than over a whole file, and that something happened is known already.
    private const int LeastBefore = 4;
    private const double LeastStrength = 4;

    /// <summary>
    /// The split in two levels that leaves the least distance from their medians, or null when the series does not change clearly.
    /// A spike is no change: at least two samples must lie behind it, unless it is at the very end.
    /// </summary>
    /// <param name="samples">In order of time. Markers and NaN are left aside.</param>
    /// <param name="counter">Whether the values only ever grow: then their growth per second is judged, resets included.</param>
    /// <param name="latest">
    /// The change is known to have begun by then, milliseconds since 1970. It matters where a fault begins between two samples:
    /// the first of the new regime still looks half like the old one.
    /// </param>
    public static OnsetFound? Locate(ReadOnlySpan<Sample> samples, bool counter, long latest = long.MaxValue)
    {
        var dense = counter ? Growth(samples) : [.. samples.ToArray().Where(s => double.IsFinite(s.Value)).Select(s => (s.Time, s.Time, s.Value))];
        var known = dense.FindLastIndex(d => d.Time <= latest);
        if (known < LeastBefore)
            return null;

        var values = dense.ConvertAll(d => d.Value).ToArray();
        var split = Split(values, known);
        var before = values.AsSpan(0, split);
        var after = values.AsSpan(split);
        var (low, high) = (Robust.Median(before), Robust.Median(after));
        var noise = Math.Max(Robust.Spread(before), Math.Max(Noise.FromNeighbours(values), Robust.Spread(after) / 4));
        var change = Math.Abs(high - low);
        // Even a silent series has the noise of its last digits.
        var strength = change / Math.Max(noise, 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)));
        if (!(change > 0) || strength < LeastStrength)
            return null;
        // Growth that a pair of samples shows began after the first of them.
        return new OnsetFound(counter ? dense[split].From : dense[split - 1].Time, dense[split].Time, low, high, strength);
    }

    private static int Split(double[] values, int last)
    {
        var (best, lowest) = (LeastBefore, double.MaxValue);
        for (var split = LeastBefore; split <= last; split++)
        {
            var misses = Misses(values.AsSpan(0, split)) + Misses(values.AsSpan(split));
            if (misses < lowest)
                (best, lowest) = (split, misses);
        }
        return best;
    }

    private static double Misses(ReadOnlySpan<double> values)
    {
        var (middle, sum) = (Robust.Median(values), 0d);
        foreach (var value in values)
            sum += Math.Abs(value - middle);
        return sum;
    }

    private static List<(long From, long Time, double Value)> Growth(ReadOnlySpan<Sample> samples)
    {
        List<(long, long, double)> growth = [];
        Sample? last = null;
        foreach (var sample in samples)
        {
            if (!double.IsFinite(sample.Value))
                continue;
            if (last is { } before && sample.Time > before.Time)
            {
                var grown = sample.Value >= before.Value ? sample.Value - before.Value : sample.Value;
                growth.Add((before.Time, sample.Time, grown * 1000 / (sample.Time - before.Time)));
            }
            last = sample;
        }
        return growth;
    }
}
