using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.TimeSeries;

/// <summary>The series of one partner only: every read is narrowed by <c>partner="…"</c>, whatever it asks for.</summary>
public sealed class PartnerSeries(ISeriesReader all, string partner) : ISeriesReader
{
    private readonly LabelMatcher _only = new("partner", MatchKind.Equal, partner);

    /// <inheritdoc />
    public Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel) => all.ReadAsync(read with { Selector = Narrowed(read.Selector) }, cancel);

    /// <inheritdoc />
    public Task<SeriesAnswer> ReadReducedAsync(SeriesRead read, CancellationToken cancel) => all.ReadReducedAsync(read with { Selector = Narrowed(read.Selector) }, cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel) =>
        all.SeriesAsync(any.Count == 0 ? [new Selector([_only])] : [.. any.Select(Narrowed)], from, to, cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel) => all.MetadataAsync(_only.Value, cancel);

    private Selector Narrowed(Selector selector) => new([.. selector.Matchers, _only]);
}
