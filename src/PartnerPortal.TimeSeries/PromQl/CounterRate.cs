namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The growth of a counter per second, with resets and extrapolation as in Prometheus 2.42 (promql/functions.go, extrapolatedRate).</summary>
internal static class CounterRate
{
    public static double[] Compute(ReadOnlySpan<Sample> all, Steps steps, TimeSpan window)
    {
        var range = (long)window.TotalMilliseconds;
        var samples = new List<Sample>(all.Length);
        var resets = new List<int>();
        foreach (var sample in all)
        {
            if (Samples.IsStale(sample.Value))
                continue;
            if (samples.Count > 0 && sample.Value < samples[^1].Value)
                resets.Add(samples.Count);
            samples.Add(sample);
        }
        var values = new double[steps.Count];
        int first = 0, end = 0, firstReset = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var (from, to) = (steps[i] - range, steps[i]);
            while (end < samples.Count && samples[end].Time <= to)
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
            values[i] = growth * (Factor(samples[first], samples[end - 1], end - first, growth, from, to) / window.TotalSeconds);
        }
        return values;
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
