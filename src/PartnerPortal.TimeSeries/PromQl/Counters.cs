namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Functions that compare neighbours of a window.</summary>
internal static class Counters
{
    public static double Resets(ReadOnlySpan<Sample> samples)
    {
        var resets = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i].Value < samples[i - 1].Value)
                resets++;
        }
        return resets;
    }

    public static double Changes(ReadOnlySpan<Sample> samples)
    {
        var changes = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            var (before, now) = (samples[i - 1].Value, samples[i].Value);
            if (now != before && !(double.IsNaN(now) && double.IsNaN(before)))
                changes++;
        }
        return changes;
    }

    /// <summary>idelta: the difference of the last two samples.</summary>
    public static double LastDifference(ReadOnlySpan<Sample> samples) =>
        samples.Length < 2 || samples[^1].Time == samples[^2].Time ? Samples.Stale : samples[^1].Value - samples[^2].Value;

    /// <summary>irate: the growth between the last two samples per second.</summary>
    public static double LastRate(ReadOnlySpan<Sample> samples)
    {
        if (samples.Length < 2 || samples[^1].Time == samples[^2].Time)
            return Samples.Stale;
        var growth = samples[^1].Value < samples[^2].Value ? samples[^1].Value : samples[^1].Value - samples[^2].Value;
        return growth / ((samples[^1].Time - samples[^2].Time) / 1000d);
    }
}
