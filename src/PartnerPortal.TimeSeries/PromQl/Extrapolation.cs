namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>rate, increase and delta: the difference of a window, stretched to its edges (promql/functions.go, extrapolatedRate).</summary>
internal static class Extrapolation
{
    public static double Delta(in RangeWindow window)
    {
        if (window.Samples.Length < 2)
            return Samples.Stale;
        var difference = window.Samples[^1].Value - window.Samples[0].Value;
        return difference * Factor(window.Samples[0], window.Samples[^1], window.Samples.Length, 0, window.From, window.To);
    }

    /// <summary>
    /// The growth of a counter at every step; null when there is none. The resets are found once for the whole series, so that
    /// a step costs as much as the resets in its window and not as its samples.
    /// </summary>
    public static double[]? Growth(Sample[] samples, RangeSource source, Steps steps, bool perSecond)
    {
        var resets = Resets(samples);
        var values = new double[steps.Count];
        var any = false;
        var seconds = source.Range / 1000d;
        int first = 0, end = 0, firstReset = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var to = source.End(steps, i);
            var from = to - source.Range;
            while (end < samples.Length && samples[end].Time <= to)
                end++;
            while (first < end && samples[first].Time < from)
                first++;
            while (firstReset < resets.Count && resets[firstReset] <= first)
                firstReset++;
            if (end - first < 2)
            {
                values[i] = Samples.Stale;
                continue;
            }
            var growth = samples[end - 1].Value - samples[first].Value;
            for (var reset = firstReset; reset < resets.Count && resets[reset] < end; reset++)
                growth += samples[resets[reset] - 1].Value;
            var factor = Factor(samples[first], samples[end - 1], end - first, growth, from, to);
            values[i] = growth * (perSecond ? factor / seconds : factor);
            any = true;
        }
        return any ? values : null;
    }

    private static List<int> Resets(Sample[] samples)
    {
        var resets = new List<int>();
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i].Value < samples[i - 1].Value)
                resets.Add(i);
        }
        return resets;
    }

    /// <summary>How much the growth between the samples is stretched to cover the window.</summary>
    private static double Factor(Sample first, Sample last, int count, double growth, long from, long to)
    {
        var toStart = (first.Time - from) / 1000d;
        var toEnd = (to - last.Time) / 1000d;
        var covered = (last.Time - first.Time) / 1000d;
        var average = covered / (count - 1);
        if (growth > 0 && first.Value >= 0)
        {
            // A counter starts at zero: do not stretch back beyond where it would have been there.
            var toZero = covered * (first.Value / growth);
            if (toZero < toStart)
                toStart = toZero;
        }
        var threshold = average * 1.1;
        var stretched = covered;
        stretched += toStart < threshold ? toStart : average / 2;
        stretched += toEnd < threshold ? toEnd : average / 2;
        return stretched / covered;
    }
}
