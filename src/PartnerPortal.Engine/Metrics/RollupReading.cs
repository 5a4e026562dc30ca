using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.TimeSeries.Rollups;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Rollups as samples: in place of samples that are gone, or as the extremes that a chart of a long time shows.</summary>
public sealed class RollupReading(RollupStore store, MergeStore merges, Retention kept, TimeProvider clock)
{
    private static readonly RollupPart[] _extremes = [RollupPart.Min, RollupPart.Max, RollupPart.Last];

    /// <summary>What a reader should know when rollups stood in.</summary>
    public static string Warning(Retention kept) =>
        $"Every sample is kept for {PromDuration.Show(kept.Raw)}; before that this was computed from rollups of five minutes or an hour, so it is not exact.";

    /// <summary>Samples that stand for the stretches from one instant to another, one per five minutes, each at the end of its stretch.</summary>
    /// <param name="series">Which series.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="function">The function around the selector: it decides what stands for a stretch; without one, or with a rate, its last value.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyDictionary<int, List<Sample>>> StandInAsync(IReadOnlyList<KnownSeries> series, long from, long to, string? function, CancellationToken cancel)
    {
        var samples = new Dictionary<int, List<Sample>>();
        await EachAsync(series, from, to, false, PartsFor(function), (id, rollup, width) =>
        {
            if (!samples.TryGetValue(id, out var column))
            {
                samples[id] = column = [];
            }

            // An hour's value is repeated, or nothing would be current for most of it; a sum or count is not.
            var value = ValueOf(rollup, function);
            var first = function is "sum_over_time" or "count_over_time" ? rollup.Start + width : rollup.Start + MergeStore.FiveMinutes;
            for (var end = first; end <= rollup.Start + width; end += MergeStore.FiveMinutes)
            {
                column.Add(new(end - 1, value));
            }
        }, cancel);
        return samples;
    }

    /// <summary>The lowest and highest value of every stretch of merged days, and up to where these reach.</summary>
    /// <param name="series">Which series.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="coarse">Stretches of an hour do, instead of five minutes.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<(IReadOnlyDictionary<int, List<Sample>> Samples, long Until)> ExtremesAsync(
        IReadOnlyList<KnownSeries> series, long from, long to, bool coarse, CancellationToken cancel)
    {
        var until = Math.Min(to, await merges.MergedToAsync(clock.GetUtcNow(), cancel));
        var samples = new Dictionary<int, List<Sample>>();
        await EachAsync(series, from, until - 1, coarse, _extremes, (id, rollup, width) =>
        {
            if (!samples.TryGetValue(id, out var column))
            {
                samples[id] = column = [];
            }

            if (column.Count > 0 && rollup.Start - column[^1].Time > 2 * width)
            {
                column.Add(new(rollup.Start - 1, TimeSeries.Samples.Stale));
            }

            // Which came first is not known; the one that is further from the last value is the likelier.
            var rose = Math.Abs(rollup.Last - rollup.Max) <= Math.Abs(rollup.Last - rollup.Min);
            column.Add(new(rollup.Start, rose ? rollup.Min : rollup.Max));
            if (rollup.Min != rollup.Max)
            {
                column.Add(new(rollup.Start + width / 2, rose ? rollup.Max : rollup.Min));
            }
        }, cancel);
        return (samples, until);
    }

    private async Task EachAsync(
        IReadOnlyList<KnownSeries> series, long from, long to, bool coarse, IReadOnlyList<RollupPart> parts, Action<int, Rollup, long> take, CancellationToken cancel)
    {
        var wanted = series.GroupBy(s => s.SourceId).ToDictionary(g => g.Key, g => g.Select(s => s.Id).ToArray());
        var fine = coarse ? to + 1 : PartitionedTable.FiveMinutes.StartOf((clock.GetUtcNow() - kept.FiveMinutes).ToUnixTimeMilliseconds());
        foreach (var (table, width, first, last) in new[]
        {
            (PartitionedTable.Hours, MergeStore.Hour, from, Math.Min(to, fine - 1)),
            (PartitionedTable.FiveMinutes, MergeStore.FiveMinutes, Math.Max(from, fine), to),
        })
        {
            foreach (var (id, column) in await store.ReadAsync(table, wanted, first, last, parts, cancel))
            {
                column.ForEach(rollup => take(id, rollup, width));
            }
        }
    }

    private static RollupPart[] PartsFor(string? function) => function switch
    {
        "min_over_time" => [RollupPart.Min],
        "max_over_time" => [RollupPart.Min, RollupPart.Max],
        "sum_over_time" => [RollupPart.Min, RollupPart.Sum],
        "avg_over_time" => [RollupPart.Min, RollupPart.Sum, RollupPart.Count],
        "count_over_time" => [RollupPart.Min, RollupPart.Count],
        _ => [RollupPart.Min, RollupPart.Last],
    };

    private static double ValueOf(Rollup rollup, string? function) => function switch
    {
        "min_over_time" => rollup.Min,
        "max_over_time" => rollup.Max,
        "sum_over_time" => rollup.Sum,
        "avg_over_time" => rollup.Sum / rollup.Count,
        "count_over_time" => rollup.Count,
        _ => rollup.Last,
    };
}
