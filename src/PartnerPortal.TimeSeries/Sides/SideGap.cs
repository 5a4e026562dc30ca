namespace PartnerPortal.TimeSeries.Sides;

/// <summary>
/// How far apart the counts of both sides are over a stretch of time, in calls. Between two scrapes a call may have come at any
/// moment. What lies outside the least and the most is certain whenever calls come; the likely gap is known better, to within
/// its bound, if calls come by themselves or in bursts like those that the counts show.
/// </summary>
/// <param name="From">The stretch that both sides cover, on our clock, milliseconds since 1970.</param>
/// <param name="To">Its end.</param>
/// <param name="Lag">Their delay, by which their stretch is shifted.</param>
/// <param name="Ours">The least and the most that we counted.</param>
/// <param name="Theirs">The least and the most that they counted.</param>
/// <param name="Likely">The gap (ours less theirs) if calls came evenly between scrapes.</param>
/// <param name="Bound">How far from the likely gap the true one may be; further than this is one stretch in a million.</param>
public sealed record SideGap(long From, long To, SideLag Lag, (double Least, double Most) Ours, (double Least, double Most) Theirs, double Likely, double Bound)
{
    // The logarithm of two in a million: both directions.
    private static readonly double Doubt = Math.Log(2e6);

    /// <summary>The least that the gap (ours less theirs) can be.</summary>
    public double Least => Ours.Least - Theirs.Most;

    /// <summary>The most that the gap can be.</summary>
    public double Most => Ours.Most - Theirs.Least;

    /// <summary>Calls that certainly left us and were not counted there: lost on the way, or refused before their counter.</summary>
    public double LostAtLeast => Math.Max(0, Least);

    /// <summary>Calls that they certainly counted and we did not send: somebody else, repeats on the way, or a count of ours that is wrong.</summary>
    public double StrangeAtLeast => Math.Max(0, -Most);

    /// <summary>Whether the gap says something: at least one call beyond the bound.</summary>
    public bool IsApart => Math.Abs(Likely) - Bound >= 1;

    /// <summary>Compares both sides over the part of a stretch that both cover; null when there is none.</summary>
    /// <param name="ours">Our counts; at least one counter.</param>
    /// <param name="theirs">Their counts; at least one counter.</param>
    /// <param name="from">Milliseconds since 1970, on our clock.</param>
    /// <param name="to">The end.</param>
    /// <param name="lag">Their delay.</param>
    public static SideGap? Compare(SideCounts ours, SideCounts theirs, long from, long to, SideLag lag)
    {
        if (ours.All.Count == 0 || theirs.All.Count == 0)
            return null;
        from = Math.Max(from, Math.Max(ours.First, theirs.First - lag.Milliseconds));
        to = Math.Min(to, Math.Min(ours.Last, theirs.Last - lag.Milliseconds));
        if (from >= to)
            return null;
        var (theirFrom, theirTo) = (from + lag.Milliseconds, to + lag.Milliseconds);
        var gap = new SideGap(
            from, to, lag, ours.Between(from, to), theirs.Between(theirFrom, theirTo, lag.Off), ours.Likely(from, to) - theirs.Likely(theirFrom, theirTo), 0);
        return gap with { Bound = Math.Min(Chance(ours.Noise(from, to), theirs.Noise(theirFrom, theirTo)) + OfLag(theirs, theirFrom, theirTo, lag.Off), Math.Max(gap.Most - gap.Likely, gap.Likely - gap.Least)) };
    }

    /// <summary>Bernstein's inequality for a sum of independent parts, none larger than a burst: it holds for few calls as well as for many.</summary>
    private static double Chance((double Variance, double Burst) ours, (double Variance, double Burst) theirs)
    {
        var variance = ours.Variance + theirs.Variance;
        var part = Math.Max(ours.Burst, theirs.Burst) * Doubt / 3;
        return variance == 0 ? 0 : part + Math.Sqrt(part * part + 2 * variance * Doubt);
    }

    /// <summary>What a delay that is measured wrong by this much changes, as their course shows it.</summary>
    private static double OfLag(SideCounts theirs, long from, long to, long off)
    {
        var likely = theirs.Likely(from, to);
        return Math.Max(Math.Abs(theirs.Likely(from - off, to - off) - likely), Math.Abs(theirs.Likely(from + off, to + off) - likely));
    }
}
