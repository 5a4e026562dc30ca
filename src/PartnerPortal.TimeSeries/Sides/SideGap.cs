namespace PartnerPortal.TimeSeries.Sides;

/// <summary>What one side counted of one operation: its counters, and those of test traffic among them, which are taken away.</summary>
public sealed record SideCounts(IReadOnlyList<CounterCourse> All, IReadOnlyList<CounterCourse> Tests)
{
    /// <summary>The least and the most real calls between two instants.</summary>
    public (double Least, double Most) Between(long from, long to)
    {
        var (least, most) = Sum(All, from, to);
        var (fewestTests, mostTests) = Sum(Tests, from, to);
        return (Math.Max(0, least - mostTests), Math.Max(0, most - fewestTests));
    }

    internal long First => All.Concat(Tests).Max(c => c.First);

    internal long Last => All.Concat(Tests).Min(c => c.Last);

    private static (double Least, double Most) Sum(IReadOnlyList<CounterCourse> courses, long from, long to)
    {
        var (least, most) = (0d, 0d);
        foreach (var course in courses)
        {
            var (low, high) = course.Between(from, to);
            (least, most) = (least + low, most + high);
        }
        return (least, most);
    }
}

/// <summary>
/// How far apart the counts of both sides are over a stretch of time, in calls. The bounds follow from the counts alone: between
/// two scrapes a call may have come at any moment, so what lies outside the bounds is certain.
/// </summary>
/// <param name="From">The stretch that both sides cover, on our clock, milliseconds since 1970.</param>
/// <param name="To">Its end.</param>
/// <param name="Lag">Their delay, by which their stretch is shifted.</param>
/// <param name="Ours">The least and the most that we counted.</param>
/// <param name="Theirs">The least and the most that they counted.</param>
public sealed record SideGap(long From, long To, SideLag Lag, (double Least, double Most) Ours, (double Least, double Most) Theirs)
{
    /// <summary>The least that the gap (ours less theirs) can be.</summary>
    public double Least => Ours.Least - Theirs.Most;

    /// <summary>The most that the gap can be.</summary>
    public double Most => Ours.Most - Theirs.Least;

    /// <summary>Calls that certainly left us and were not counted there: lost on the way, or refused before their counter.</summary>
    public double LostAtLeast => Math.Max(0, Least);

    /// <summary>Calls that they certainly counted and we did not send: somebody else, repeats on the way, or a count of ours that is wrong.</summary>
    public double StrangeAtLeast => Math.Max(0, -Most);

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
        return from >= to ? null
            : new SideGap(from, to, lag, ours.Between(from, to), theirs.Between(from + lag.Milliseconds, to + lag.Milliseconds));
    }
}
