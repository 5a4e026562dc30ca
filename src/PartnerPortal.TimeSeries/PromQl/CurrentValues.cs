namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>What a selector sees at each step: the newest sample of the last five minutes, unless it says that the series ended.</summary>
internal static class CurrentValues
{
    public enum Choice
    {
        Values,

        /// <summary>When the sample was taken, in seconds since 1970.</summary>
        Timestamps,
    }

    /// <summary>The values, or null when there is none at any step.</summary>
    public static double[]? Of(Sample[] samples, TimeShift shift, Steps steps, Steps whole, Choice choice)
    {
        var lookback = (long)Expression.Lookback.TotalMilliseconds;
        var values = new double[steps.Count];
        var any = false;
        // How many samples lie at or before the instant: found once, then counted on.
        var next = values.Length == 0 ? 0 : Before(samples, shift.Move(steps.From, whole));
        for (var i = 0; i < values.Length; i++)
        {
            var at = shift.Move(steps[i], whole);
            while (next < samples.Length && samples[next].Time <= at)
                next++;
            if (next == 0 || samples[next - 1].Time < at - lookback || Samples.IsStale(samples[next - 1].Value))
            {
                values[i] = Samples.Stale;
                continue;
            }
            values[i] = choice == Choice.Values ? samples[next - 1].Value : samples[next - 1].Time / 1000d;
            any = true;
        }
        return any ? values : null;
    }

    /// <summary>How many samples lie before an instant.</summary>
    public static int Before(Sample[] samples, long at)
    {
        var (low, high) = (0, samples.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (samples[middle].Time < at)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
