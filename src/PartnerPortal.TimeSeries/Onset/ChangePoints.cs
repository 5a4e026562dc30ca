namespace PartnerPortal.TimeSeries.Onset;

/// <summary>
/// Finds where a series changed its level or its trend, offline and without settings: nothing is tuned to a file.
/// The series is cut into stretches that are level or straight at the least cost, each cut paying for itself
/// (optimal partitioning with a penalty: Jackson et al. 2005; Killick, Fearnhead, Eckley 2012). The costs are measured in the
/// series' own noise, which counts slow drift and seasons as noise (<see cref="Noise"/>), and spikes of up to three values are
/// taken for what they are. So noise, a season or a steady trend gives no change points and a lasting shift does; a random walk,
/// which shifts all the time, gives few.
/// </summary>
public static class ChangePoints
{
    /// <summary>Fewer present values than this are not judged.</summary>
    public const int Fewest = 8;

    // A longer series is searched at this resolution and then refined among its own values.
    private const int Resolution = 2_000;

    // How far around a cut its exact place is looked for: the reach of the spike filter, doubled.
    private const int Around = 6;

    // A shift between two levels that a person sees: at least so many times the spread of the values around them.
    private const double LeastShift = 1;

    // Between short stretches it takes more to be sure: so many times the spread over the root of the shorter one's length.
    private const double SureShift = 4;
    private const int Nearby = 20;

    /// <summary>Finds the change points of equidistant values, in order. NaN and infinities are missing values.</summary>
    public static IReadOnlyList<ChangePoint> Find(ReadOnlySpan<double> values)
    {
        var places = new List<int>(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
                places.Add(i);
        }
        if (places.Count < Fewest)
            return [];

        var present = new double[places.Count];
        for (var i = 0; i < present.Length; i++)
            present[i] = values[places[i]];
        if (Robust.Scale(present) is not { } scale)
            return [];

        // Values are taken as multiples of their own spread, so that neither 1e300 nor 1e-300 leaves the range of doubles.
        var scaled = Array.ConvertAll(present, v => v / scale - present[0] / scale);
        var cuts = Search(scaled);
        return [.. Describe(present, cuts).Select(c => c with { Index = places[c.Index] })];
    }

    private static List<int> Search(double[] values)
    {
        var width = (values.Length + Resolution - 1) / Resolution;
        var coarse = width == 1 ? values : Robust.Medians(values, width);
        var noise = Noise.Of(coarse);
        var stretches = Segmentation.Cut(Spikes.Without(coarse, noise.Short), noise.LongRun);
        List<int> cuts = [];
        for (var i = 1; i < stretches.Count; i++)
        {
            var least = (cuts.Count == 0 ? 0 : cuts[^1]) + 1;
            var most = i + 1 < stretches.Count ? stretches[i + 1].From * width : values.Length;
            var place = Refine(values, stretches[i - 1], stretches[i], width, least, most - 1);
            if (IsSeen(coarse, stretches[i - 1], stretches[i]))
                cuts.Add(place);
        }
        return cuts;
    }

    /// <summary>The place around a cut at which the values leave the fit of the stretch before it for the one behind it.</summary>
    private static int Refine(double[] values, Stretch left, Stretch right, int width, int least, int most)
    {
        var cut = right.From * width;
        var from = Math.Max(least, cut - Around * width);
        var to = Math.Min(most, cut + Around * width);
        var (best, lowest, sum) = (cut, 0d, 0d);
        // Moving the cut behind a value moves that value from the fit on the right to the one on the left.
        for (var i = from; i < to; i++)
        {
            sum += Math.Abs(values[i] - left.At((double)i / width)) - Math.Abs(values[i] - right.At((double)i / width));
            if (i == from || sum < lowest)
                (best, lowest) = (i + 1, sum);
        }
        return from < to && lowest < 0 ? best : from < to ? from : cut;
    }

    private static bool IsSeen(double[] values, Stretch left, Stretch right)
    {
        if (!left.IsLevel || !right.IsLevel)
            return true;
        var (before, after) = (values[left.From..left.To], values[right.From..right.To]);
        var spread = Math.Max(Robust.Spread(before), Robust.Spread(after));
        // A short stretch is chosen for being calm, so the values around both are asked, too.
        var around = values[Math.Max(0, right.From - Nearby)..Math.Min(values.Length, right.From + Nearby)];
        spread = Math.Max(spread, Noise.FromNeighbours(around));
        var shorter = Math.Min(before.Length, after.Length);
        return Math.Abs(Robust.Median(after) - Robust.Median(before)) >= Math.Max(LeastShift, SureShift / Math.Sqrt(shorter)) * spread;
    }

    private static List<ChangePoint> Describe(double[] values, List<int> cuts)
    {
        List<ChangePoint> found = [];
        for (var i = 0; i < cuts.Count; i++)
        {
            var from = i == 0 ? 0 : cuts[i - 1];
            var to = i + 1 < cuts.Count ? cuts[i + 1] : values.Length;
            found.Add(new ChangePoint(cuts[i], Robust.Median(values.AsSpan(from..cuts[i])), Robust.Median(values.AsSpan(cuts[i]..to))));
        }
        return found;
    }
}
