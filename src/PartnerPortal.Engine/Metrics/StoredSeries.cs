using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// What expressions read, of all partners: the newest samples from the heads if this portal scrapes the source, else from the
/// log that another one writes; older ones from blocks; and rollups where every sample is gone.
/// </summary>
public sealed class StoredSeries(SeriesIndex index, Heads heads, SampleStore samples, RollupReading rollups, SeriesStore store, Retention kept, TimeProvider clock) : ISeriesReader
{
    private const int MostSeries = 50_000;
    /// <summary>From so many milliseconds a point on, rollups of an hour make the same picture: a chart keeps two values of every four points.</summary>
    public const long CoarseFrom = MergeStore.Hour / 2;

    private const long Day = 24 * 3_600_000;

    /// <inheritdoc/>
    public async Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel)
    {
        var known = await FindAsync(read, cancel);
        // A partition with samples of this day is still there; those before are not, or not for long.
        var rawFrom = (clock.GetUtcNow() - kept.Raw).ToUnixTimeMilliseconds() / Day * Day;
        if (read.From >= rawFrom)
        {
            return new(Filled(read, known, await SamplesAsync(known, read.From, read.To, cancel)), []);
        }

        var old = await rollups.StandInAsync(known, read.From, Math.Min(read.To, rawFrom - 1), read.Function, cancel);
        var exact = await SamplesAsync(known, rawFrom, read.To, cancel);
        var joined = known.ToDictionary(s => s.Id, s => (Sample[])[.. old.GetValueOrDefault(s.Id, []), .. exact[s.Id]]);
        return new(Filled(read, known, joined), old.Count == 0 ? [] : [RollupReading.Warning(kept)]);
    }

    /// <summary>
    /// For a chart of a long time: days that are merged come as the lowest and highest value of every five minutes, or of every
    /// hour where four points stand for two (<see cref="CoarseFrom"/>), the rest as scraped. Extremes are exact, so a chart of pixels wider than that looks the same; rates and counts must not be computed from it.
    /// </summary>
    public async Task<SeriesAnswer> ReadReducedAsync(SeriesRead read, CancellationToken cancel)
    {
        if (read.To - read.From < 2 * Day)
        {
            return await ReadAsync(read, cancel);
        }

        var known = await FindAsync(read, cancel);
        var (old, until) = await rollups.ExtremesAsync(known, read.From, read.To, read.Step >= CoarseFrom, cancel);
        var exact = await SamplesAsync(known, Math.Max(read.From, until), read.To, cancel);
        return new(Filled(read, known, known.ToDictionary(s => s.Id, s => (Sample[])[.. old.GetValueOrDefault(s.Id, []), .. exact[s.Id]])), []);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel)
    {
        IReadOnlyList<Selector> wanted = any.Count > 0 ? any : [new Selector([])];
        var found = new Dictionary<int, LabelSet>();
        foreach (var selector in wanted)
        {
            foreach (var series in await index.FindAsync(selector, from, to, cancel))
            {
                found.TryAdd(series.Id, series.Labels);
            }
        }

        return [.. found.Values];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel) =>
        [.. (await store.FamiliesAsync(partner, cancel)).Select(f => f.Family).Distinct()];

    private async Task<List<KnownSeries>> FindAsync(SeriesRead read, CancellationToken cancel)
    {
        var known = await index.FindAsync(read.Selector, read.From, read.To, cancel);
        return known.Count <= MostSeries
            ? known
            : throw new ExpressionRefused($"{read.Selector} reads more than {MostSeries} series. Narrow it down with labels.", 0, RefusalKind.TooMuch);
    }

    private async Task<IReadOnlyDictionary<int, Sample[]>> SamplesAsync(List<KnownSeries> known, long from, long to, CancellationToken cancel)
    {
        var columns = known.ToDictionary(s => s.Id, _ => new SampleColumn(from, to));
        var stored = new Dictionary<Guid, int[]>();
        var inMemory = new Dictionary<Guid, long>();
        var until = long.MinValue;
        foreach (var source in known.GroupBy(s => s.SourceId, s => s.Id))
        {
            var ids = source.ToArray();
            var begins = long.MaxValue;
            if (heads.Find(source.Key) is { } head)
            {
                inMemory[source.Key] = begins = head.Read(ids, columns, from, to);
            }

            if (begins <= from)
            {
                continue;
            }

            // What the head lacks stands in blocks and log; of what both hold, the head's was taken.
            foreach (var id in ids)
            {
                columns[id].StopBefore = begins;
            }

            stored[source.Key] = ids;
            until = Math.Max(until, Math.Min(to, begins == long.MaxValue ? to : begins - 1));
        }

        await samples.AddAsync(columns, stored, from, until, cancel, inMemory);
        return columns.ToDictionary(c => c.Key, c => c.Value.Take());
    }

    private static List<ReadSeries> Filled(SeriesRead read, List<KnownSeries> known, IReadOnlyDictionary<int, Sample[]> columns)
    {
        var count = 0L;
        List<ReadSeries> filled = [];
        foreach (var one in known)
        {
            if (columns[one.Id] is not { Length: > 0 } column)
            {
                continue;
            }

            if ((count += column.Length) > read.MostSamples)
            {
                throw new ExpressionRefused($"{read.Selector} reads more than {read.MostSamples} samples. Narrow it down with labels or ask for less time.", 0, RefusalKind.TooMuch);
            }

            filled.Add(new ReadSeries(one.Labels, column));
        }

        return filled;
    }
}
