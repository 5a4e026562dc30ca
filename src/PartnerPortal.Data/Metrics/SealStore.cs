using Npgsql;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>A stretch of a source's log that can be sealed.</summary>
/// <param name="SourceId">The source, or the writer of pushed samples.</param>
/// <param name="From">Its oldest sample that stands only in the log, milliseconds since 1970.</param>
/// <param name="Interval">How often it is scraped; a minute for pushed samples.</param>
public sealed record OpenLog(Guid SourceId, long From, TimeSpan Interval);

/// <summary>
/// Turns the log into sealed blocks. What is sealed is written in the same transaction as the mark up to where it reaches
/// (metrics.sealed); the log's rows stay until their whole partition goes, and readers leave out what lies before the mark.
/// </summary>
public sealed class SealStore(NpgsqlDataSource database)
{
    /// <summary>The longest stretch of time that one block of the first kind holds. The windows of every source divide it.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromHours(2);

    private const int WindowScrapes = 480;
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>The windows of a source: about 480 scrapes, at most two hours, a whole number of them in two hours.</summary>
    public static TimeSpan WindowOf(TimeSpan interval)
    {
        var parts = (int)Math.Clamp(Math.Ceiling(LongestWindow / (interval * WindowScrapes)), 1, 60);
        while (LongestWindow.Ticks % (parts * TimeSpan.TicksPerSecond) != 0)
        {
            parts++;
        }

        return LongestWindow / parts;
    }

    /// <summary>The end of the window that holds an instant, milliseconds since 1970.</summary>
    public static long EndOf(long at, TimeSpan window) => (at / (long)window.TotalMilliseconds + 1) * (long)window.TotalMilliseconds;

    /// <summary>The sources of some partners, or of all, that have samples only in the log.</summary>
    public async Task<IReadOnlyList<OpenLog>> OpenScrapesAsync(IReadOnlyCollection<Guid>? partners, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT f.id, o.at, f.interval FROM metrics.sources f
            LEFT JOIN metrics.sealed m ON m.source_id = f.id
            CROSS JOIN LATERAL (SELECT min(s.at) AS at FROM metrics.scrapes s WHERE s.source_id = f.id AND s.at > coalesce(m.sealed_to, -1)) o
            WHERE o.at IS NOT NULL AND ($1::uuid[] IS NULL OR f.partner_id = ANY($1))
            """);
        command.Parameters.Add(new() { Value = (object?)partners?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid });
        return await OpenAsync(command, cancel);
    }

    /// <summary>The writers that have samples only in the log.</summary>
    public async Task<IReadOnlyList<OpenLog>> OpenPushesAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT w.id, o.at, interval '1 minute' FROM metrics.writers w
            LEFT JOIN metrics.sealed m ON m.source_id = w.id
            CROSS JOIN LATERAL (SELECT min(s.at) AS at FROM metrics.pushes s WHERE s.source_id = w.id AND s.at > coalesce(m.sealed_to, -1)) o
            WHERE o.at IS NOT NULL
            """);
        return await OpenAsync(command, cancel);
    }

    /// <summary>Seals the scrapes of a source before an instant; returns up to where they are sealed, or null when there was nothing to do.</summary>
    public Task<long?> SealScrapesAsync(Guid source, long end, CancellationToken cancel) => SealAsync(
        source, end, "SELECT at, data FROM metrics.scrapes WHERE source_id = $1 AND at > $2 AND at < $3 ORDER BY at", reader => reader, cancel);

    /// <summary>Seals pushed samples before an instant. Where two pushes disagree about a sample the first one holds.</summary>
    public Task<long?> SealPushesAsync(Guid writer, long end, CancellationToken cancel) => SealAsync(
        writer, end, "SELECT at, data FROM metrics.pushes WHERE source_id = $1 AND at > $2 AND at < $3 ORDER BY at, part", PushedRows.Together, cancel);

    private static async Task<IReadOnlyList<OpenLog>> OpenAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<OpenLog> open = [];
        while (await reader.ReadAsync(cancel))
        {
            open.Add(new(reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<TimeSpan>(2)));
        }

        return open;
    }

    private async Task<long?> SealAsync(Guid source, long end, string log, Func<List<ScrapeRow>, List<ScrapeRow>> arrange, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var from = await MarkAsync(connection, transaction, source, cancel);
        List<ScrapeRow> rows = [];
        await using (var read = new NpgsqlCommand(log, connection, transaction))
        {
            read.Parameters.Add(new() { Value = source });
            read.Parameters.Add(new() { Value = from });
            read.Parameters.Add(new() { Value = end });
            await using var reader = await read.ExecuteReaderAsync(cancel);
            // A huge window is sealed in pieces, between two instants, so that memory stays bounded.
            for (var bytes = 0L; await reader.ReadAsync(cancel);)
            {
                var at = reader.GetInt64(0);
                if (bytes > MostBytes && rows[^1].Time != at)
                {
                    break;
                }

                var data = reader.GetFieldValue<byte[]>(1);
                bytes += data.Length;
                var row = ScrapeRow.Decode(at, data);
                // Rows of the same series share their array: they are sealed faster.
                rows.Add(rows.Count > 0 && rows[^1].Series.AsSpan().SequenceEqual(row.Series) ? row with { Series = rows[^1].Series } : row);
            }
        }

        if (rows.Count == 0)
        {
            return null;
        }

        rows = arrange(rows);
        await WriteAsync(connection, transaction, source, rows, cancel);
        await transaction.CommitAsync(cancel);
        return rows[^1].Time;
    }

    /// <summary>The mark of a source, locked: two portals that seal the same source do it one after the other.</summary>
    private static async Task<long> MarkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, CancellationToken cancel)
    {
        await using var mark = new NpgsqlCommand(
            "INSERT INTO metrics.sealed AS s (source_id, sealed_to) VALUES ($1, -1) ON CONFLICT (source_id) DO UPDATE SET sealed_to = s.sealed_to RETURNING sealed_to",
            connection, transaction);
        mark.Parameters.Add(new() { Value = source });
        return (long)(await mark.ExecuteScalarAsync(cancel))!;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, List<ScrapeRow> rows, CancellationToken cancel)
    {
        var block = SealedBlock.Of(rows);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new("INSERT INTO metrics.blocks (source_id, from_at, to_at, scrapes, index, data) VALUES ($1, $2, $3, $4, $5, $6)")
        {
            Parameters =
            {
                new() { Value = source }, new() { Value = rows[0].Time }, new() { Value = rows[^1].Time }, new() { Value = rows.Count },
                new() { Value = block.Index }, new() { Value = block.Data },
            },
        });
        batch.BatchCommands.Add(new("UPDATE metrics.sealed SET sealed_to = $2 WHERE source_id = $1") { Parameters = { new() { Value = source }, new() { Value = rows[^1].Time } } });
        await batch.ExecuteNonQueryAsync(cancel);
        await SeriesMarks.WriteAsync(connection, transaction, source, [.. BlockIndex.Read(block.Index).Series], rows[^1].Time, cancel);
    }
}
