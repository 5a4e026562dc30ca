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
        var points = new List<Sample>(samples.Length);
        foreach (var sample in samples)
        {
            var missing = double.IsNaN(sample.Value);
            var afterGap = points.Count > 0 && Samples.IsStale(points[^1].Value);
            if (missing && (points.Count == 0 || afterGap))
                continue;
            if (!missing && points.Count > 0 && !afterGap && sample.Time - points[^1].Time > longest)
                points.Add(new Sample(points[^1].Time + (sample.Time - points[^1].Time) / 2, Samples.Stale));
            points.Add(missing ? new Sample(sample.Time, Samples.Stale) : sample);
        }
        return points;
    }

    /// <summary>At most <paramref name="most"/> points (4 at least) of points with gaps; everything when there are no more.</summary>
    public static List<Sample> Reduce(List<Sample> points, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 4);
        if (points.Count <= most)
            return points;
        var slices = most / 4;
        var (from, to) = (points[0].Time, points[^1].Time);
        var reduced = new List<Sample>(most);
        for (int slice = 0, next = 0; slice < slices; slice++)
        {
            var end = from + (long)((Int128)(to - from) * (slice + 1) / slices);
            var start = next;
            while (next < points.Count && (points[next].Time < end || slice == slices - 1))
                next++;
            Keep(points, start, next, reduced);
        }
        return reduced;
    }

    private static void Keep(List<Sample> points, int start, int end, List<Sample> reduced)
    {
        int low = -1, high = -1, firstGap = -1, lastGap = -1;
        for (var i = start; i < end; i++)
        {
            if (Samples.IsStale(points[i].Value))
            {
                firstGap = firstGap < 0 ? i : firstGap;
                lastGap = i;
                continue;
            }
            if (low < 0 || points[i].Value < points[low].Value)
                low = i;
            if (high < 0 || points[i].Value > points[high].Value)
                high = i;
        }
        Span<int> kept = [low, high, firstGap, lastGap];
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
