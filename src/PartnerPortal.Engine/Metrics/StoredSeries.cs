using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>What expressions read: the scraped series of all partners, from blocks and log.</summary>
public sealed class StoredSeries(SeriesStore series, SampleStore samples) : ISeriesReader
{
    private const int MostSeries = 50_000;

    /// <inheritdoc />
    public async Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel)
    {
        var found = await FindAsync(read.Selector, read.From, cancel);
        var wanted = found.GroupBy(s => s.SourceId).ToDictionary(g => g.Key, g => g.Select(s => s.Id).ToArray());
        var columns = await samples.ReadAsync(wanted, read.From, read.To, cancel);
        var count = 0L;
        List<ReadSeries> filled = [];
        foreach (var one in found)
        {
            if (columns[one.Id] is not { Length: > 0 } column)
            {
                continue;
            }

            if ((count += column.Length) > read.MostSamples)
            {
                throw new ExpressionRefused($"{read.Selector} reads more than {read.MostSamples} samples. Narrow it down with labels or ask for less time.", 0);
            }

            filled.Add(new ReadSeries(one.Labels, column));
        }

        return new SeriesAnswer(filled, []);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel)
    {
        IReadOnlyList<Selector> wanted = any.Count > 0 ? any : [new Selector([])];
        List<SeriesFound> found = [];
        foreach (var selector in wanted)
        {
            found.AddRange(await FindAsync(selector, from, cancel));
        }

        return [.. found.DistinctBy(s => s.Id).Select(s => s.Labels)];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel) =>
        [.. (await series.FamiliesAsync(partner, cancel)).Select(f => f.Family).Distinct()];

    private async Task<List<SeriesFound>> FindAsync(Selector selector, long from, CancellationToken cancel)
    {
        var partner = selector.Matchers.FirstOrDefault(m => m is { Name: "partner", Kind: MatchKind.Equal, Value.Length: > 0 })?.Value;
        var found = await series.FindAsync(partner, selector.MetricName, from, MostSeries, cancel);
        if (found.Count > MostSeries)
        {
            throw new ExpressionRefused($"{selector} looks through more than {MostSeries} series. Narrow it down with a metric's name or a partner.", 0);
        }

        return [.. found.Where(s => selector.Matches(s.Labels))];
    }
}
