namespace PartnerPortal.TimeSeries.Sides;

/// <summary>How much later the partner counts what we count, as far as the course of both tells it.</summary>
/// <param name="Milliseconds">Their delay; negative when they count earlier (their clock, or ours counts answers).</param>
/// <param name="Correlation">How alike both courses are at that delay, up to 1.</param>
/// <param name="Off">By how many milliseconds the delay may be wrong: half a step of the comparison.</param>
public readonly record struct SideLag(long Milliseconds, double Correlation, long Off = 0)
{
    // Courses less alike than this say nothing about a delay: even traffic looks the same at any.
    private const double LeastCorrelation = 0.5;

    // And the best delay must stand out from the usual one.
    private const double LeastGain = 0.02;

    /// <summary>No delay that could be told.</summary>
    public static SideLag None { get; } = new(0, 0);

    /// <summary>
    /// The delay at which the growth of both counters is most alike (cross-correlation of their growth per step, the peak between
    /// steps by a parabola). <see cref="None"/> when the courses are too short, too even or too different to tell.
    /// </summary>
    /// <param name="ours">Our counters of one operation.</param>
    /// <param name="theirs">Their counters of the same operation.</param>
    /// <param name="step">The step of the comparison in milliseconds: the longer of both scrape intervals.</param>
    /// <param name="most">The longest delay that is looked for, in milliseconds.</param>
    public static SideLag Measure(IReadOnlyList<CounterCourse> ours, IReadOnlyList<CounterCourse> theirs, long step, long most)
    {
        if (ours.Count == 0 || theirs.Count == 0)
            return None;
        var from = Math.Max(ours.Max(c => c.First), theirs.Max(c => c.First));
        var to = Math.Min(ours.Min(c => c.Last), theirs.Min(c => c.Last));
        var reach = (int)(most / step);
        var count = (int)((to - from) / step);
        if (count < 4 * Math.Max(reach, 4))
            return None;

        var (a, b) = (Growth(ours, from, step, count), Growth(theirs, from, step, count));
        var alike = Enumerable.Range(-reach, 2 * reach + 1).Select(shift => Alike(a, b, shift)).ToArray();
        var best = Array.IndexOf(alike, alike.Max());
        if (alike[best] < LeastCorrelation || alike[best] - alike[reach] < LeastGain)
            return alike[reach] >= LeastCorrelation ? new SideLag(0, alike[reach], step / 2) : None;
        return new SideLag((long)Math.Round((best - reach + Peak(alike, best)) * step), alike[best], step / 2);
    }

    private static double[] Growth(IReadOnlyList<CounterCourse> courses, long from, long step, int count) =>
        [.. Enumerable.Range(0, count).Select(i => courses.Sum(c => c.At(from + (i + 1) * step) - c.At(from + i * step)))];

    private static double Alike(double[] a, double[] b, int shift)
    {
        var from = Math.Max(0, -shift);
        var to = Math.Min(a.Length, a.Length - shift);
        var (meanA, meanB) = (0d, 0d);
        for (var i = from; i < to; i++)
            (meanA, meanB) = (meanA + a[i] / (to - from), meanB + b[i + shift] / (to - from));
        var (both, squaresA, squaresB) = (0d, 0d, 0d);
        for (var i = from; i < to; i++)
        {
            var (x, y) = (a[i] - meanA, b[i + shift] - meanB);
            (both, squaresA, squaresB) = (both + x * y, squaresA + x * x, squaresB + y * y);
        }
        return squaresA > 0 && squaresB > 0 ? both / Math.Sqrt(squaresA * squaresB) : 0;
    }

    private static double Peak(double[] values, int at)
    {
        if (at == 0 || at == values.Length - 1)
            return 0;
        var bend = values[at - 1] - 2 * values[at] + values[at + 1];
        return bend < 0 ? Math.Clamp((values[at - 1] - values[at + 1]) / (2 * bend), -0.5, 0.5) : 0;
    }
}
