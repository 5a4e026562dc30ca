using Npgsql;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Rollups;

namespace PartnerPortal.Data.Metrics;

/// <summary>One stretch of time of one series: from <paramref name="Start"/> (milliseconds since 1970) on, as long as the rollup says.</summary>
public readonly record struct Rollup(long Start, double Min, double Max, double Sum, double Count, double Last);

/// <summary>Reads rollups: far fewer values than were scraped, kept for years.</summary>
public sealed class RollupStore(NpgsqlDataSource database)
{
    private const long Day = 24 * 3_600_000;

    /// <summary>The stretches of series that begin from one instant to another, both included, in order; a series without any is missing.</summary>
    /// <param name="table">Which rollups.</param>
    /// <param name="series">Numbers of series by source or writer.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyDictionary<int, List<Rollup>>> ReadAsync(
        PartitionedTable table, IReadOnlyDictionary<Guid, int[]> series, long from, long to, CancellationToken cancel)
    {
        var found = new Dictionary<int, List<Rollup>>();
        if (to < from)
        {
            return found;
        }

        var days = await IndexesAsync(table, series.Keys.ToArray(), from, to, cancel);
        var wanted = days.SelectMany((day, n) => series[day.Source].Select(id => (Day: n, Id: id, Place: PlaceOf(day.Index, id))).Where(w => w.Place is not null)).ToList();
        await using var command = database.CreateCommand(
            $"""
            SELECT w.n, substring(b.data FROM w.skip + 1 FOR w.length)
            FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[]) WITH ORDINALITY AS w(source_id, from_at, skip, length, n)
            JOIN metrics.{table.Name} b ON b.source_id = w.source_id AND b.from_at = w.from_at ORDER BY w.n
            """);
        command.Parameters.Add(new() { Value = wanted.Select(w => days[w.Day].Source).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => days[w.Day].From).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Place!.Value.Offset).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Place!.Value.Length).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (day, id, place) = wanted[(int)reader.GetInt64(0) - 1];
            if (!found.TryGetValue(id, out var column))
            {
                found[id] = column = [];
            }

            Add(column, days[day].Index, id, place!.Value.Offset, reader.GetFieldValue<byte[]>(1), from, to);
        }

        return found;
    }

    private async Task<List<(Guid Source, long From, BlockIndex Index)>> IndexesAsync(PartitionedTable table, Guid[] sources, long from, long to, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"SELECT source_id, from_at, index FROM metrics.{table.Name} WHERE source_id = ANY($1) AND from_at > $2 AND from_at <= $3 ORDER BY source_id, from_at");
        command.Parameters.Add(new() { Value = sources });
        command.Parameters.Add(new() { Value = from - Day });
        command.Parameters.Add(new() { Value = to });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<(Guid, long, BlockIndex)> found = [];
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetGuid(0), reader.GetInt64(1), BlockIndex.Read(reader.GetFieldValue<byte[]>(2))));
        }

        return found;
    }

    /// <summary>Where the five columns of a series stand together.</summary>
    private static (int Offset, int Length)? PlaceOf(BlockIndex index, int id) =>
        index.Find(RollupBlock.NumberOf(id, RollupPart.Min)) is { } first && index.Find(RollupBlock.NumberOf(id, RollupPart.Last)) is { } last
            ? (first.Offset, last.Offset + last.Length - first.Offset)
            : null;

    private static void Add(List<Rollup> column, BlockIndex index, int id, int skipped, byte[] data, long from, long to)
    {
        var parts = Array.ConvertAll(Enum.GetValues<RollupPart>(), part =>
        {
            var (offset, length) = index.Find(RollupBlock.NumberOf(id, part))!.Value;
            return index.Column(data.AsSpan(offset - skipped, length));
        });
        for (var i = 0; i < index.Times.Length; i++)
        {
            if (index.Times[i] >= from && index.Times[i] <= to && !TimeSeries.Samples.IsStale(parts[(int)RollupPart.Count][i]))
            {
                column.Add(new(index.Times[i], parts[0][i], parts[1][i], parts[2][i], parts[3][i], parts[4][i]));
            }
        }
    }
}
