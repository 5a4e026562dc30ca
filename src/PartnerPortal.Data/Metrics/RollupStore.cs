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
        // The parts of a series lean on one another, and on those of its neighbours: what belongs together comes in one piece.
        var wanted = days.SelectMany((day, n) => day.Index.Pieces(series[day.Source].SelectMany(PartsOf)).Select(piece => (Day: n, Piece: piece))).ToList();
        await using var command = database.CreateCommand(
            $"""
            SELECT w.n, substring(b.data FROM w.skip + 1 FOR w.length)
            FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[]) WITH ORDINALITY AS w(source_id, from_at, skip, length, n)
            JOIN metrics.{table.Name} b ON b.source_id = w.source_id AND b.from_at = w.from_at ORDER BY w.n
            """);
        command.Parameters.Add(new() { Value = wanted.Select(w => days[w.Day].Source).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => days[w.Day].From).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Piece.Offset).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Piece.Length).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        Dictionary<(int Day, int Column), double[]> columns = [];
        while (await reader.ReadAsync(cancel))
        {
            var (day, piece) = wanted[(int)reader.GetInt64(0) - 1];
            foreach (var (column, values) in days[day].Index.Columns(piece, reader.GetFieldValue<byte[]>(1)))
            {
                columns[(day, column)] = values;
            }
        }

        for (var day = 0; day < days.Count; day++)
        {
            foreach (var id in series[days[day].Source].Where(id => columns.ContainsKey((day, RollupBlock.NumberOf(id, RollupPart.Count)))))
            {
                if (!found.TryGetValue(id, out var rollups))
                {
                    found[id] = rollups = [];
                }

                Add(rollups, days[day].Index.Times, [.. PartsOf(id).Select(part => columns[(day, part)])], from, to);
            }
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

    private static IEnumerable<int> PartsOf(int series) => Enum.GetValues<RollupPart>().Select(part => RollupBlock.NumberOf(series, part));

    private static void Add(List<Rollup> rollups, long[] times, double[][] parts, long from, long to)
    {
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] >= from && times[i] <= to && !TimeSeries.Samples.IsStale(parts[(int)RollupPart.Count][i]))
            {
                rollups.Add(new(times[i], parts[0][i], parts[1][i], parts[2][i], parts[3][i], parts[4][i]));
            }
        }
    }
}
