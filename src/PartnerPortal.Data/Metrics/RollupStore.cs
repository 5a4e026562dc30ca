using Npgsql;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Rollups;

namespace PartnerPortal.Data.Metrics;

/// <summary>One stretch of time of one series: from <paramref name="Start"/> (milliseconds since 1970) on, as long as the rollup says.</summary>
public readonly record struct Rollup(long Start, double Min, double Max, double Sum, double Count, double Last);

/// <summary>Reads rollups: far fewer values than were scraped, kept for years. Which days there are is asked each time; their columns are kept in memory, up to a bound.</summary>
public sealed class RollupStore(NpgsqlDataSource database)
{
    private const long Day = 24 * 3_600_000;
    private const long MostColumnBytes = 16 * 1024 * 1024;
    private const long MostIndexBytes = 16 * 1024 * 1024;
    private const string Written = "xmin::text::bigint";
    private const int MostTries = 5;

    private readonly BoundedCache<(string Table, Guid Source, long Day), KnownBlock> _days = new(MostIndexBytes, day => 13L * day.Index.Series.Count);
    private readonly BlockColumns _fiveMinutes = new(database, PartitionedTable.FiveMinutes, Written, MostColumnBytes);
    private readonly BlockColumns _hours = new(database, PartitionedTable.Hours, Written, MostColumnBytes);

    /// <summary>The stretches of series that begin from one instant to another, both included, in order; a series without any is missing.</summary>
    /// <param name="table">Which rollups.</param>
    /// <param name="series">Numbers of series by source or writer.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="parts">What is needed of each stretch, the lowest value at least; the rest is left at 0.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyDictionary<int, List<Rollup>>> ReadAsync(
        PartitionedTable table, IReadOnlyDictionary<Guid, int[]> series, long from, long to, IReadOnlyList<RollupPart> parts, CancellationToken cancel)
    {
        if (to < from || series.Count == 0)
        {
            return new Dictionary<int, List<Rollup>>();
        }

        var columns = table == PartitionedTable.Hours ? _hours : _fiveMinutes;
        for (var tries = 1; ; tries++)
        {
            var days = await DaysAsync(table, series.Keys.ToArray(), from, to, cancel);
            if (await columns.ReadAsync(days, day => series[day.Source].SelectMany(id => parts.Select(part => RollupBlock.NumberOf(id, part))), cancel) is { } read)
            {
                return Put(days, series, read, parts, from, to);
            }

            if (tries == MostTries)
            {
                throw new TimeoutException("Rollups were written again and again while they were read.");
            }
        }
    }

    /// <summary>The days that there are, in order; the index only of those that are new or were written anew.</summary>
    private async Task<List<KnownBlock>> DaysAsync(PartitionedTable table, Guid[] sources, long from, long to, CancellationToken cancel)
    {
        var known = new Dictionary<(Guid, long), KnownBlock>();
        foreach (var source in sources)
        {
            for (var day = from / Day * Day; day <= to; day += Day)
            {
                if (_days.TryGet((table.Name, source, day), out var block))
                {
                    known[(source, day)] = block;
                }
            }
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT r.source_id, r.from_at, r.{Written}, CASE WHEN k.written IS NULL THEN r.index END FROM metrics.{table.Name} r
            LEFT JOIN unnest($4::uuid[], $5::bigint[], $6::bigint[]) AS k(source_id, from_at, written) ON k.source_id = r.source_id AND k.from_at = r.from_at AND k.written = r.{Written}
            WHERE r.source_id = ANY($1) AND r.from_at > $2 AND r.from_at <= $3 ORDER BY r.source_id, r.from_at
            """, connection);
        command.Parameters.Add(new() { Value = sources });
        command.Parameters.Add(new() { Value = from - Day });
        command.Parameters.Add(new() { Value = to });
        command.Parameters.Add(new() { Value = known.Values.Select(k => k.Source).ToArray() });
        command.Parameters.Add(new() { Value = known.Values.Select(k => k.From).ToArray() });
        command.Parameters.Add(new() { Value = known.Values.Select(k => k.To).ToArray() });
        await command.PrepareAsync(cancel);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<KnownBlock> days = [];
        while (await reader.ReadAsync(cancel))
        {
            var (source, day) = (reader.GetGuid(0), reader.GetInt64(1));
            if (reader.IsDBNull(3))
            {
                days.Add(known[(source, day)]);
                continue;
            }

            days.Add(new(source, day, reader.GetInt64(2), BlockIndex.Read(reader.GetFieldValue<byte[]>(3))));
            _days.Put((table.Name, source, day), days[^1]);
        }

        return days;
    }

    private static Dictionary<int, List<Rollup>> Put(
        List<KnownBlock> days, IReadOnlyDictionary<Guid, int[]> series, List<ReadColumn> read, IReadOnlyList<RollupPart> parts, long from, long to)
    {
        var columns = read.ToDictionary(c => (c.Block, c.Series), c => c.Values);
        var found = new Dictionary<int, List<Rollup>>();
        foreach (var day in days)
        {
            foreach (var id in series[day.Source].Where(id => day.Index.Holds(RollupBlock.NumberOf(id, RollupPart.Min))))
            {
                if (!found.TryGetValue(id, out var rollups))
                {
                    found[id] = rollups = [];
                }

                Add(rollups, day.Index.Times, part => parts.Contains(part) ? columns[(day, RollupBlock.NumberOf(id, part))] : null, from, to);
            }
        }

        return found;
    }

    private static void Add(List<Rollup> rollups, long[] times, Func<RollupPart, double[]?> column, long from, long to)
    {
        var (min, max, sum, count, last) = (column(RollupPart.Min)!, column(RollupPart.Max), column(RollupPart.Sum), column(RollupPart.Count), column(RollupPart.Last));
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] >= from && times[i] <= to && !TimeSeries.Samples.IsStale(min[i]))
            {
                rollups.Add(new(times[i], min[i], max?[i] ?? 0, sum?[i] ?? 0, count?[i] ?? 0, last?[i] ?? 0));
            }
        }
    }
}
