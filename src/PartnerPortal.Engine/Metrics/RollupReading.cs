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
    private static readonly RollupPart[] _extremesAndCount = [.. _extremes, RollupPart.Count];

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
        await EachAsync(series, from, to, false, PartsFor(function), (day, first, last, width) =>
        {
            var column = ColumnOf(samples, day.Series);
            foreach (var rollup in day.Within(first, last))
            {
                // An hour's value is repeated, or nothing would be current for most of it; a sum or count is not.
                var value = ValueOf(rollup, function);
                var start = function is "sum_over_time" or "count_over_time" ? rollup.Start + width : rollup.Start + MergeStore.FiveMinutes;
                for (var end = start; end <= rollup.Start + width; end += MergeStore.FiveMinutes)
                {
                    column.Add(new(end - 1, value));
                }
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
        var until = Math.Min(to, await merges.MergedToAsync([.. series.Select(s => s.SourceId).Distinct()], clock.GetUtcNow(), cancel));
        var samples = new Dictionary<int, List<Sample>>();
        await EachAsync(series, from, until - 1, coarse, coarse ? _extremesAndCount : _extremes, (day, first, last, width) => AddExtremes(ColumnOf(samples, day.Series), day, first, last, width), cancel);
        return (samples, until);
    }

    private static void AddExtremes(List<Sample> column, RollupDay day, long first, long last, long width)
    {
        // An hour that lacks ten minutes of scrapes had a gap, which two values would hide; five minutes without any are missing themselves.
        var most = day.Count.Where(c => !TimeSeries.Samples.IsStale(c)).DefaultIfEmpty(0).Max();
        column.EnsureCapacity(Math.Max(column.Count + 2 * day.Starts.Length, column.Count > column.Capacity / 2 ? column.Capacity * 2 : 0));
        for (var i = 0; i < day.Starts.Length; i++)
        {
            var (start, min, max) = (day.Starts[i], day.Min[i], day.Max[i]);
            if (start < first || start > last || TimeSeries.Samples.IsStale(min))
            {
                continue;
            }

            if (column.Count > 0 && start - column[^1].Time > 2 * width)
            {
                column.Add(new(start - 1, TimeSeries.Samples.Stale));
            }

            // Which came first is not known; the one that is further from the last value is the likelier.
            var rose = Math.Abs(day.Last[i] - max) <= Math.Abs(day.Last[i] - min);
            var lacking = most > 0 && column.Count > 0 && day.Count[i] < most * 5 / 6;
            column.Add(new(start, rose ? min : max));
            if (min != max)
            {
                column.Add(new(start + width / 2, rose ? max : min));
            }

            if (lacking)
            {
                column.Add(new(start + width - 1, TimeSeries.Samples.Stale));
            }
        }
    }

    private static List<Sample> ColumnOf(Dictionary<int, List<Sample>> samples, int series)
    {
        if (!samples.TryGetValue(series, out var column))
        {
            samples[series] = column = [];
        }

        return column;
    }

    private async Task EachAsync(
        IReadOnlyList<KnownSeries> series, long from, long to, bool coarse, IReadOnlyList<RollupPart> parts, Action<RollupDay, long, long, long> take, CancellationToken cancel)
    {
        var wanted = series.GroupBy(s => s.SourceId).ToDictionary(g => g.Key, g => g.Select(s => s.Id).ToArray());
        var fine = coarse ? to + 1 : PartitionedTable.FiveMinutes.StartOf((clock.GetUtcNow() - kept.FiveMinutes).ToUnixTimeMilliseconds());
        foreach (var (table, width, first, last) in new[]
        {
            (PartitionedTable.Hours, MergeStore.Hour, from, Math.Min(to, fine - 1)),
            (PartitionedTable.FiveMinutes, MergeStore.FiveMinutes, Math.Max(from, fine), to),
        })
        {
            foreach (var day in await store.ReadAsync(table, wanted, first, last, parts, cancel))
            {
                take(day, first, last, width);
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
