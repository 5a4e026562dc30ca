namespace PartnerPortal.TimeSeries.Sides;

/// <summary>What one side counted of one operation: its counters, and those of test traffic among them, which are taken away.</summary>
public sealed record SideCounts(IReadOnlyList<CounterCourse> All, IReadOnlyList<CounterCourse> Tests)
{
    /// <summary>The least and the most real calls between two instants.</summary>
    public (double Least, double Most) Between(long from, long to, long off = 0)
    {
        var (least, most) = Sum(All, from, to, off);
        var (fewestTests, mostTests) = Sum(Tests, from, to, off);
        return (Math.Max(0, least - mostTests), Math.Max(0, most - fewestTests));
    }

    internal long First => All.Concat(Tests).Max(c => c.First);

    internal long Last => All.Concat(Tests).Min(c => c.Last);

    /// <summary>The real calls between two instants, if calls came evenly between samples.</summary>
    internal double Likely(long from, long to) => All.Sum(c => c.At(to) - c.At(from)) - Tests.Sum(c => c.At(to) - c.At(from));

    /// <summary>How far off that may be: the variance in calls, bursts included, and the largest burst.</summary>
    internal (double Variance, double Burst) Noise(long from, long to)
    {
        var (variance, largest) = (0d, 1d);
        foreach (var course in All.Concat(Tests))
        {
            var burst = course.Burst(from, to);
            variance += burst * (course.Variance(from) + course.Variance(to));
            largest = Math.Max(largest, burst);
        }
        return (variance, largest);
    }

    private static (double Least, double Most) Sum(IReadOnlyList<CounterCourse> courses, long from, long to, long off)
    {
        var (least, most) = (0d, 0d);
        foreach (var course in courses)
        {
            var (low, high) = course.Between(from, to, off);
            (least, most) = (least + low, most + high);
        }
        return (least, most);
    }
}
