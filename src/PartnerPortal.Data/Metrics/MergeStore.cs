using Npgsql;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Rollups;

namespace PartnerPortal.Data.Metrics;

/// <summary>
/// Makes the blocks of a source's day into one, so that a series costs one read a day, and writes the day's rollups with it in
/// one transaction. Whoever does it twice, or is killed while doing it, changes nothing that is read.
/// </summary>
public sealed class MergeStore(NpgsqlDataSource database)
{
    /// <summary>The stretch of the finer rollups in milliseconds.</summary>
    public const long FiveMinutes = 5 * 60_000;

    /// <summary>The stretch of the coarser rollups in milliseconds.</summary>
    public const long Hour = 3_600_000;

    private const long Day = 24 * Hour;

    // Merging unpacks a day of a source at once: 16 million values are 128 MB. What is larger stays in several blocks.
    private const long MostValues = 16_000_000;

    private sealed record Piece(long From, long To, bool Merged, int Scrapes, SealedBlock Block)
    {
        public long Values => (long)Scrapes * BlockIndex.Read(Block.Index).Series.Count;
    }

    /// <summary>Merges days that have ended and that hold blocks of windows; returns how many source-days were done.</summary>
    /// <param name="before">Only days that end by this moment.</param>
    /// <param name="most">Stop after so many.</param>
    /// <param name="cancel">Cancels between two of them.</param>
    public async Task<int> MergeAsync(DateTimeOffset before, int most, CancellationToken cancel)
    {
        await using var due = database.CreateCommand("SELECT DISTINCT source_id, from_at / $1 FROM metrics.blocks WHERE NOT merged AND from_at < $2 ORDER BY 2, 1 LIMIT $3");
        due.Parameters.Add(new() { Value = Day });
        due.Parameters.Add(new() { Value = before.ToUnixTimeMilliseconds() / Day * Day });
        due.Parameters.Add(new() { Value = most });
        List<(Guid Source, long Day)> days = [];
        await using (var reader = await due.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                days.Add((reader.GetGuid(0), reader.GetInt64(1)));
            }
        }

        foreach (var (source, day) in days)
        {
            await MergeAsync(source, day * Day, cancel);
        }

        return days.Count;
    }

    /// <summary>
    /// Up to where all days are merged and rolled up, milliseconds since 1970. A day of which anything of these sources stands only
    /// in the log is not: its rollups may be there already, of what was sealed of it before a portal was killed. One statement sees one moment.
    /// </summary>
    public async Task<long> MergedToAsync(IReadOnlyCollection<Guid> sources, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT least(
                (SELECT min(from_at) FROM metrics.blocks WHERE NOT merged),
                (SELECT min(o.at) FROM unnest($1) AS g(id) LEFT JOIN metrics.sealed m ON m.source_id = g.id
                    CROSS JOIN LATERAL (SELECT least(
                        (SELECT min(s.at) FROM metrics.scrapes s WHERE s.source_id = g.id AND s.at > coalesce(m.sealed_to, -1)),
                        (SELECT min(s.at) FROM metrics.pushes s WHERE s.source_id = g.id AND s.at > coalesce(m.sealed_to, -1))) AS at) o))
            """, connection);
        command.Parameters.Add(new() { Value = sources.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid });
        await command.PrepareAsync(cancel);
        var today = now.ToUnixTimeMilliseconds() / Day * Day;
        return await command.ExecuteScalarAsync(cancel) is long open ? Math.Min(open / Day * Day, today) : today;
    }

    private async Task MergeAsync(Guid source, long day, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var pieces = await PiecesAsync(connection, transaction, source, day, cancel);
        if (pieces.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new("DELETE FROM metrics.blocks WHERE source_id = $1 AND from_at = ANY($2)")
        {
            Parameters = { new() { Value = source }, new() { Value = pieces.Select(p => p.From).ToArray() } },
        });
        foreach (var group in Groups(pieces))
        {
            var merged = group.Count == 1 ? group[0].Block : SealedBlock.Merge([.. group.Select(p => p.Block)]);
            batch.BatchCommands.Add(new("INSERT INTO metrics.blocks (source_id, from_at, to_at, merged, scrapes, index, data) VALUES ($1, $2, $3, true, $4, $5, $6)")
            {
                Parameters =
                {
                    new() { Value = source }, new() { Value = group[0].From }, new() { Value = group[^1].To }, new() { Value = group.Sum(p => p.Scrapes) },
                    new() { Value = merged.Index }, new() { Value = merged.Data },
                },
            });
        }

        foreach (var (table, width) in new[] { (PartitionedTable.FiveMinutes, FiveMinutes), (PartitionedTable.Hours, Hour) })
        {
            var rollup = RollupBlock.Of([.. pieces.Select(p => p.Block)], width, PushedRows.Give);
            batch.BatchCommands.Add(new(
                $"INSERT INTO metrics.{table.Name} (source_id, from_at, index, data) VALUES ($1, $2, $3, $4) ON CONFLICT (source_id, from_at) DO UPDATE SET index = excluded.index, data = excluded.data")
            {
                Parameters = { new() { Value = source }, new() { Value = day }, new() { Value = rollup.Index }, new() { Value = rollup.Data } },
            });
        }

        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<List<Piece>> PiecesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, long day, CancellationToken cancel)
    {
        // Locked: should two portals merge the same day, the second finds the first one's rows gone and does nothing.
        await using var read = new NpgsqlCommand(
            "SELECT from_at, to_at, merged, scrapes, index, data FROM metrics.blocks WHERE source_id = $1 AND from_at >= $2 AND from_at < $3 ORDER BY from_at FOR UPDATE",
            connection, transaction);
        read.Parameters.Add(new() { Value = source });
        read.Parameters.Add(new() { Value = day });
        read.Parameters.Add(new() { Value = day + Day });
        await using var reader = await read.ExecuteReaderAsync(cancel);
        List<Piece> pieces = [];
        while (await reader.ReadAsync(cancel))
        {
            pieces.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2), reader.GetInt32(3), new SealedBlock(reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5))));
        }

        return pieces;
    }

    private static List<List<Piece>> Groups(List<Piece> pieces)
    {
        List<List<Piece>> groups = [];
        var values = 0L;
        foreach (var piece in pieces)
        {
            if (groups.Count == 0 || values + piece.Values > MostValues)
            {
                groups.Add([]);
                values = 0;
            }

            groups[^1].Add(piece);
            values += piece.Values;
        }

        return groups;
    }
}
