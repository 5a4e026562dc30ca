using System.Data;
using Npgsql;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>Reads the samples of series: from sealed blocks, of which only the columns asked for are fetched, and from the log.</summary>
public sealed class SampleStore(NpgsqlDataSource database)
{
    /// <summary>
    /// The samples from one instant to another, both included, in order of time. Where a scrape lacks the series, the first such
    /// scrape carries the marker that it ended.
    /// </summary>
    /// <param name="series">Numbers of series by source or writer.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyDictionary<int, Sample[]>> ReadAsync(IReadOnlyDictionary<Guid, int[]> series, long from, long to, CancellationToken cancel)
    {
        var columns = series.SelectMany(s => s.Value).ToDictionary(id => id, _ => new SampleColumn(from, to));
        await AddAsync(columns, series, from, to, cancel);
        return columns.ToDictionary(c => c.Key, c => c.Value.Take());
    }

    /// <summary>Adds the samples from one instant to another to the columns of their series.</summary>
    public async Task AddAsync(IReadOnlyDictionary<int, SampleColumn> columns, IReadOnlyDictionary<Guid, int[]> series, long from, long to, CancellationToken cancel)
    {
        if (columns.Count == 0 || series.Count == 0 || to < from)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        // One snapshot: a window that is sealed meanwhile is read either as rows or as a block, never as both or none.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var pushed = await PushedAsync(connection, series.Keys, cancel);
        var blocks = await IndexesAsync(connection, series.Keys.ToArray(), from, to, cancel);
        await ColumnsAsync(connection, blocks, series, columns, pushed, cancel);
        await LogAsync(connection, series, columns, from, to, cancel);
        if (pushed.Count > 0)
        {
            await PushesAsync(connection, pushed, series, columns, from, to, cancel);
        }

        await snapshot.CommitAsync(cancel);
    }

    /// <summary>The rows of a source's log that are not sealed, in order of time, before an instant.</summary>
    public async Task<IReadOnlyList<ScrapeRow>> UnsealedAsync(Guid source, long before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT at, data FROM metrics.scrapes WHERE source_id = $1 AND at < $2
                AND at > coalesce((SELECT sealed_to FROM metrics.sealed WHERE source_id = $1), -1) ORDER BY at
            """);
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = before });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<ScrapeRow> rows = [];
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(ScrapeRow.Decode(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return rows;
    }

    /// <summary>Which of these are writers of pushed samples.</summary>
    private static async Task<HashSet<Guid>> PushedAsync(NpgsqlConnection connection, IEnumerable<Guid> sources, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT id FROM metrics.writers WHERE id = ANY($1)", connection) { Parameters = { new() { Value = sources.ToArray() } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        HashSet<Guid> pushed = [];
        while (await reader.ReadAsync(cancel))
        {
            pushed.Add(reader.GetGuid(0));
        }

        return pushed;
    }

    private static async Task<List<(Guid Source, long From, BlockIndex Index)>> IndexesAsync(
        NpgsqlConnection connection, Guid[] sources, long from, long to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "SELECT source_id, from_at, index FROM metrics.blocks WHERE source_id = ANY($1) AND from_at <= $3 AND to_at >= $2 ORDER BY source_id, from_at", connection);
        command.Parameters.Add(new() { Value = sources });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<(Guid, long, BlockIndex)> found = [];
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetGuid(0), reader.GetInt64(1), BlockIndex.Read(reader.GetFieldValue<byte[]>(2))));
        }

        return found;
    }

    private static async Task ColumnsAsync(
        NpgsqlConnection connection, List<(Guid Source, long From, BlockIndex Index)> blocks, IReadOnlyDictionary<Guid, int[]> series,
        IReadOnlyDictionary<int, SampleColumn> columns, HashSet<Guid> pushed, CancellationToken cancel)
    {
        List<(int Block, BlockPiece Piece)> wanted = [];
        for (var block = 0; block < blocks.Count; block++)
        {
            var asked = series[blocks[block].Source];
            foreach (var id in asked.Where(id => !pushed.Contains(blocks[block].Source) && blocks[block].Index.Find(id) is null))
            {
                columns[id].AddAbsent(blocks[block].Index.Times[0]);
            }

            wanted.AddRange(blocks[block].Index.Pieces(asked).Select(piece => (block, piece)));
        }

        if (wanted.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT w.n, substring(b.data FROM w.skip + 1 FOR w.length)
            FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[]) WITH ORDINALITY AS w(source_id, from_at, skip, length, n)
            JOIN metrics.blocks b ON b.source_id = w.source_id AND b.from_at = w.from_at
            """, connection);
        command.Parameters.Add(new() { Value = wanted.Select(w => blocks[w.Block].Source).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => blocks[w.Block].From).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Piece.Offset).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Piece.Length).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (block, piece) = wanted[(int)reader.GetInt64(0) - 1];
            var index = blocks[block].Index;
            foreach (var (id, values) in index.Columns(piece, reader.GetFieldValue<byte[]>(1)))
            {
                if (pushed.Contains(blocks[block].Source))
                {
                    columns[id].AddPushed(index.Times, values);
                }
                else
                {
                    columns[id].Add(index.Times, values);
                }
            }
        }
    }

    private static async Task LogAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<Guid, int[]> series, IReadOnlyDictionary<int, SampleColumn> columns, long from, long to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT s.source_id, s.at, s.data FROM metrics.scrapes s LEFT JOIN metrics.sealed m ON m.source_id = s.source_id
            WHERE s.source_id = ANY($1) AND s.at BETWEEN $2 AND $3 AND s.at > coalesce(m.sealed_to, -1)
            """, connection);
        command.Parameters.Add(new() { Value = series.Keys.ToArray() });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = ScrapeRow.Decode(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
            foreach (var id in series[reader.GetGuid(0)])
            {
                var at = Array.BinarySearch(row.Series, id);
                if (at < 0)
                {
                    columns[id].AddAbsent(row.Time);
                }
                else
                {
                    columns[id].Add(row.Time, row.Values[at]);
                }
            }
        }
    }

    private static async Task PushesAsync(
        NpgsqlConnection connection, HashSet<Guid> pushed, IReadOnlyDictionary<Guid, int[]> series, IReadOnlyDictionary<int, SampleColumn> columns, long from, long to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT s.source_id, s.at, s.data FROM metrics.pushes s LEFT JOIN metrics.sealed m ON m.source_id = s.source_id
            WHERE s.source_id = ANY($1) AND s.at BETWEEN $2 AND $3 AND s.at > coalesce(m.sealed_to, -1) ORDER BY s.source_id, s.at, s.part
            """, connection);
        command.Parameters.Add(new() { Value = pushed.ToArray() });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = ScrapeRow.Decode(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
            foreach (var id in series[reader.GetGuid(0)])
            {
                if (Array.BinarySearch(row.Series, id) is >= 0 and var at)
                {
                    columns[id].AddPushed(row.Time, row.Values[at]);
                }
            }
        }
    }
}
