namespace PartnerPortal.TimeSeries.Onset;

/// <summary>How much a series moves by itself.</summary>
/// <param name="Short">From one value to the next, as a standard deviation.</param>
/// <param name="LongRun">
/// What one value counts for over long stretches: equal to <paramref name="Short"/> where values are independent, larger where they
/// hang together (drift, seasons, random walks), so that those do not pass for changes.
/// </param>
internal readonly record struct Noise(double Short, double LongRun)
{
    // The share of differences that a few lasting shifts leave alone, and where it lies for a normal distribution.
    private const double Share = 0.3;
    private const double NormalAtShare = 0.3853;

    // A shift is abrupt when the medians of three values on both sides are so many times the noise apart.
    private const int Beside = 3;
    private const double Abrupt = 5;

    // Medians of normal values spread 1.25 times as much as means; the values come scaled to their range, and less than a
    // hundred-thousandth of that is the rounding of doubles, not noise.
    private const double MeanOfMedian = 0.8;
    private const double Least = 1e-5;

    public static Noise Of(double[] values)
    {
        var next = AtLag(values, 1);
        var longRun = next;
        values = WithoutJumps(values, next);
        var longest = (int)Math.Sqrt(values.Length);
        for (var lag = 2; lag <= longest; lag = lag < longest && lag * 2 > longest ? longest : lag * 2)
            longRun = Math.Max(longRun, AtLag(values, lag));
        return new Noise(next, longRun);
    }

    /// <summary>The noise from one value to the next, as a standard deviation.</summary>
    public static double FromNeighbours(double[] values)
    {
        var differences = new double[values.Length - 1];
        for (var i = 0; i < differences.Length; i++)
            differences[i] = values[i + 1] - values[i];
        return Robust.Spread(differences) / Math.Sqrt(2);
    }

    /// <summary>The series with abrupt lasting shifts taken back, since many of them in a short series would pass for drift; drift itself is never abrupt.</summary>
    private static double[] WithoutJumps(double[] values, double noise)
    {
        var level = values.ToArray();
        for (var i = Beside; i <= values.Length - Beside; i++)
        {
            var jump = Jump(values, i);
            if (Math.Abs(jump) < Abrupt * noise)
                continue;
            // The steepest place of the next few is where it happened.
            var at = Enumerable.Range(i, Math.Min(Beside, values.Length - Beside - i + 1)).MaxBy(k => Math.Abs(Jump(values, k)));
            var shift = Jump(values, at);
            for (var k = at; k < level.Length; k++)
                level[k] -= shift;
            i = at + Beside - 1;
        }
        return level;
    }

    private static double Jump(double[] values, int at) =>
        Robust.Median(values.AsSpan(at, Beside)) - Robust.Median(values.AsSpan(at - Beside, Beside));

    /// <summary>
    /// The noise as the differences between medians of neighbouring stretches tell it. Their own middle is taken away, so a steady
    /// trend counts for nothing; a small share of them is looked at, so level shifts count for little.
    /// </summary>
    private static double AtLag(double[] values, int lag)
    {
        var differences = new double[values.Length - 2 * lag + 1];
        var medians = Enumerable.Range(0, values.Length - lag + 1).Select(i => Robust.Median(values.AsSpan(i, lag))).ToArray();
        for (var i = 0; i < differences.Length; i++)
            differences[i] = medians[i + lag] - medians[i];
        var middle = Robust.Median(differences);
        var distances = Array.ConvertAll(differences, d => Math.Abs(d - middle));
        Array.Sort(distances);
        var spread = distances[(int)(Share * (distances.Length - 1))] / NormalAtShare;
        if (spread <= 0)
        {
            // Most neighbours are equal: counts of rare things, or steps without noise.
            spread = distances.Average() * 1.2533;
        }
        return Math.Max(Least, spread * Math.Sqrt(lag / 2d) * (lag > 2 ? MeanOfMedian : 1));
    }
}
