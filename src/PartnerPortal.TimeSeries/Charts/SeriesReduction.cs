using System.Runtime.InteropServices;

namespace PartnerPortal.TimeSeries.Charts;

/// <summary>
/// Fewer points of the same picture: per slice of time the lowest and the highest value stay, and where scrapes are missing a
/// gap stays a gap. A gap is a sample whose value is <see cref="Samples.Stale"/>; it is never a number.
/// </summary>
public static class SeriesReduction
{
    /// <summary>
    /// Puts gaps where they belong: for end markers and NaN, and wherever two samples are further apart than
    /// <paramref name="longest"/> milliseconds. Several missing scrapes in a row are one gap; none stands before the first value.
    /// </summary>
    public static List<Sample> WithGaps(ReadOnlySpan<Sample> samples, long longest)
    {
        var points = new List<Sample>(samples.Length + Gaps(samples, longest));
        CollectionsMarshal.SetCount(points, points.Capacity);
        CollectionsMarshal.SetCount(points, Fill(samples, longest, CollectionsMarshal.AsSpan(points)));
        return points;
    }

    /// <summary>At most <paramref name="most"/> points (4 at least) of points with gaps; everything when there are no more.</summary>
    public static List<Sample> Reduce(List<Sample> points, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 4);
        if (points.Count <= most)
            return points;
        var reduced = new List<Sample>(most);
        Reduce(CollectionsMarshal.AsSpan(points), most / 4, reduced);
        return reduced;
    }

    /// <summary>How many gaps there are at most between two samples.</summary>
    private static int Gaps(ReadOnlySpan<Sample> samples, long longest)
    {
        var gaps = 0;
        for (var i = 1; i < samples.Length; i++)
            gaps += samples[i].Time - samples[i - 1].Time > longest ? 1 : 0;
        return gaps;
    }

    private static int Fill(ReadOnlySpan<Sample> samples, long longest, Span<Sample> points)
    {
        var count = 0;
        var (last, afterGap) = (0L, true);
        foreach (var sample in samples)
        {
            var missing = double.IsNaN(sample.Value);
            if (missing && afterGap)
                continue;
            if (!missing && !afterGap && sample.Time - last > longest)
                points[count++] = new Sample(last + (sample.Time - last) / 2, Samples.Stale);
            points[count++] = missing ? new Sample(sample.Time, Samples.Stale) : sample;
            (last, afterGap) = (sample.Time, missing);
        }
        return count;
    }

    private static void Reduce(ReadOnlySpan<Sample> points, int slices, List<Sample> reduced)
    {
        var (from, to) = (points[0].Time, points[^1].Time);
        for (int slice = 0, next = 0; slice < slices; slice++)
        {
            var end = slice == slices - 1 ? long.MaxValue : from + (long)((Int128)(to - from) * (slice + 1) / slices);
            var start = next;
            while (next < points.Length && points[next].Time < end)
                next++;
            Keep(points[start..next], reduced);
        }
    }

    private static void Keep(ReadOnlySpan<Sample> points, List<Sample> reduced)
    {
        int low = -1, high = -1, firstGap = -1, lastGap = -1;
        var (lowest, highest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < points.Length; i++)
        {
            var value = points[i].Value;
            if (Samples.IsStale(value))
            {
                firstGap = firstGap < 0 ? i : firstGap;
                lastGap = i;
                continue;
            }
            if (low < 0 || value < lowest)
                (low, lowest) = (i, value);
            if (high < 0 || value > highest)
                (high, highest) = (i, value);
        }
        Span<int> kept = [low, high, firstGap, lastGap];
        if (firstGap < 0)
            (kept[0], kept[1]) = (Math.Min(low, high), Math.Max(low, high));
        else
            kept.Sort();
        var last = -1;
        foreach (var i in kept)
        {
            if (i < 0 || i == last)
                continue;
            last = i;
            if (!Samples.IsStale(points[i].Value) || (reduced.Count > 0 && !Samples.IsStale(reduced[^1].Value)))
                reduced.Add(points[i]);
        }
    }
}
