using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Series that a test writes sample by sample, read as a store would.</summary>
internal sealed class ScriptedSeries : ISeriesReader
{
    private readonly Dictionary<LabelSet, List<Sample>> _series = [];
    private int _reads;

    /// <summary>How often it was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public void Add(LabelSet labels, DateTimeOffset at, double value)
    {
        lock (_series)
        {
            if (!_series.TryGetValue(labels, out var samples))
            {
                _series[labels] = samples = [];
            }

            samples.Add(new Sample(at.ToUnixTimeMilliseconds(), value));
        }
    }

    public Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel)
    {
        Interlocked.Increment(ref _reads);
        lock (_series)
        {
            return Task.FromResult(new SeriesAnswer(
            [
                .. _series.Where(s => read.Selector.Matches(s.Key))
                    .Select(s => new ReadSeries(s.Key, [.. s.Value.Where(v => v.Time >= read.From && v.Time <= read.To)]))
                    .Where(s => s.Samples.Length > 0),
            ], []));
        }
    }

    public Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel) => throw new NotSupportedException();
}
