using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>Series in memory. It returns exactly the range that is asked for, so that a range asked too short is noticed.</summary>
internal sealed class MemorySeries(IReadOnlyList<ReadSeries> all) : ISeriesReader
{
    public Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel)
    {
        var found = all.Where(s => read.Selector.Matches(s.Labels))
            .Select(s => s with { Samples = [.. s.Samples.Where(one => one.Time >= read.From && one.Time <= read.To)] })
            .Where(s => s.Samples.Length > 0);
        return Task.FromResult(new SeriesAnswer([.. found], []));
    }

    public Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel) => throw new NotSupportedException();
}
