using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.Engine.Metrics;

/// <summary>How often the series of a partner are taken: what its sources say, or for pushed series what their samples show.</summary>
internal sealed class ScrapeIntervals(IReadOnlyDictionary<(string Integration, string Source), TimeSpan> sources)
{
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(15);

    public static async Task<ScrapeIntervals> OfAsync(MetricSourceStore sources, string partner, CancellationToken cancel) =>
        new(await sources.IntervalsAsync(partner, cancel));

    public TimeSpan Of(ReadSeries series) =>
        sources.TryGetValue((series.Labels["integration"], series.Labels["source"]), out var interval) ? interval : Seen(series.Samples);

    public TimeSpan Shortest(IEnumerable<ReadSeries> series) => series.Select(Of).DefaultIfEmpty(_usual).Min();

    /// <summary>The lower quartile of the pauses: missing samples make some of them longer, jitter makes hardly one much shorter.</summary>
    private static TimeSpan Seen(Sample[] samples)
    {
        if (samples.Length < 2)
        {
            return _usual;
        }

        var pauses = new long[Math.Min(samples.Length - 1, 1000)];
        for (var i = 0; i < pauses.Length; i++)
        {
            pauses[i] = samples[i + 1].Time - samples[i].Time;
        }

        Array.Sort(pauses);
        return TimeSpan.FromMilliseconds(pauses[pauses.Length / 4]);
    }
}
