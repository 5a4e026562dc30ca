using Npgsql;
using NpgsqlTypes;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>How far the log of a source or writer was forwarded to the bigger engine.</summary>
/// <param name="SourceId">The source, or the writer of pushed samples.</param>
/// <param name="Pushed">Whether it is a writer.</param>
/// <param name="Interval">How often it is scraped; a minute for a writer.</param>
/// <param name="ForwardedTo">Everything up to here was taken or refused by the engine, milliseconds since 1970; -1 for nothing yet.</param>
/// <param name="SealedTo">Everything up to here is no longer read from the log.</param>
/// <param name="WaitsFrom">The oldest row that waits, or null.</param>
public sealed record ForwardPlace(Guid SourceId, bool Pushed, TimeSpan Interval, long ForwardedTo, long SealedTo, long? WaitsFrom)
{
    /// <summary>Rows after this wait: what was forwarded, or went into the portal's own blocks, does not.</summary>
    public long After => Math.Max(ForwardedTo, SealedTo);
}

/// <summary>What forwarding moves on: up to where a source was forwarded, how many samples that were, and how many the engine refused.</summary>
public sealed record Forwarded(Guid SourceId, long To, long Samples, long Refused, string? Refusal);

/// <summary>How forwarding stands, all sources together.</summary>
/// <param name="Samples">Samples that the engine took.</param>
/// <param name="Refused">Samples that it refused for good.</param>
/// <param name="Refusal">The reason it gave last, or null.</param>
/// <param name="WaitsFrom">The oldest scraped row that waits, or null.</param>
/// <param name="KeptTo">Up to here, samples that waited too long went into the portal's own blocks; null when none did.</param>
public sealed record ForwardState(long Samples, long Refused, string? Refusal, DateTimeOffset? WaitsFrom, DateTimeOffset? KeptTo);

/// <summary>The log as the queue of a bigger engine: rows in order, and how far each source was forwarded.</summary>
public sealed class ForwardStore(NpgsqlDataSource database)
{
    private const string Places =
        """
        SELECT f.id, f.pushed, f.interval, coalesce(w.forwarded_to, -1), coalesce(m.sealed_to, -1), o.at
        FROM (SELECT id, false AS pushed, interval FROM metrics.sources UNION ALL SELECT id, true, interval '1 minute' FROM metrics.writers) f
        LEFT JOIN metrics.forwarded w ON w.source_id = f.id LEFT JOIN metrics.sealed m ON m.source_id = f.id
        CROSS JOIN LATERAL (SELECT CASE WHEN f.pushed
            THEN (SELECT min(p.at) FROM metrics.pushes p WHERE p.source_id = f.id AND p.at > greatest(w.forwarded_to, m.sealed_to, -1) AND p.at < $1)
            ELSE (SELECT min(s.at) FROM metrics.scrapes s WHERE s.source_id = f.id AND s.at > greatest(w.forwarded_to, m.sealed_to, -1)) END AS at) o
        """;

    /// <summary>Every source and writer with what waits of it; pushed rows wait only once they are older than an instant, since until then older ones may arrive.</summary>
    public async Task<IReadOnlyList<ForwardPlace>> PlacesAsync(long pushedBefore, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Places);
        command.Parameters.Add(new() { Value = pushedBefore });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<ForwardPlace> places = [];
        while (await reader.ReadAsync(cancel))
        {
            places.Add(new(
                reader.GetGuid(0), reader.GetBoolean(1), reader.GetFieldValue<TimeSpan>(2), reader.GetInt64(3), reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetInt64(5)));
        }

        return places;
    }

    /// <summary>Rows of scraped sources after an instant of each, in order, a few of each.</summary>
    public Task<IReadOnlyList<(Guid SourceId, ScrapeRow Row)>> ScrapesAsync(IReadOnlyList<(Guid SourceId, long After)> from, int most, CancellationToken cancel) => RowsAsync(
        """
        SELECT g.id, r.at, r.data FROM unnest($1::uuid[], $2::bigint[]) AS g(id, after)
        CROSS JOIN LATERAL (SELECT s.at, s.data FROM metrics.scrapes s WHERE s.source_id = g.id AND s.at > g.after ORDER BY s.at LIMIT $3) r ORDER BY g.id, r.at
        """, from, most, long.MaxValue, cancel);

    /// <summary>Rows of writers after an instant of each and before another one, in order, all rows of some instants of each; of two values of a sample the first.</summary>
    public async Task<IReadOnlyList<(Guid SourceId, ScrapeRow Row)>> PushesAsync(IReadOnlyList<(Guid SourceId, long After)> from, long before, int most, CancellationToken cancel)
    {
        var rows = await RowsAsync(
            """
            SELECT g.id, r.at, r.data FROM unnest($1::uuid[], $2::bigint[]) AS g(id, after)
            CROSS JOIN LATERAL (SELECT p.at, p.part, p.data FROM metrics.pushes p WHERE p.source_id = g.id AND p.at > g.after AND p.at <= (SELECT max(d.at) FROM
                (SELECT DISTINCT q.at FROM metrics.pushes q WHERE q.source_id = g.id AND q.at > g.after AND q.at < $4 ORDER BY q.at LIMIT $3) d)) r ORDER BY g.id, r.at, r.part
            """, from, most, before, cancel);
        return [.. rows.GroupBy(r => r.SourceId).SelectMany(g => PushedRows.Together([.. g.Select(r => r.Row)]).Select(r => (g.Key, r)))];
    }

    /// <summary>The last row of a source's log up to an instant, or null: it tells which series end with the next one.</summary>
    public async Task<ScrapeRow?> LastAsync(Guid source, long upTo, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT at, data FROM metrics.scrapes WHERE source_id = $1 AND at <= $2 ORDER BY at DESC LIMIT 1");
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = upTo });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? ScrapeRow.Decode(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Moves on how far sources were forwarded, in one commit.</summary>
    public async Task MoveAsync(IReadOnlyCollection<Forwarded> moved, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO metrics.forwarded AS w (source_id, forwarded_to, samples, refused, refusal)
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) ORDER BY 1
            ON CONFLICT (source_id) DO UPDATE SET forwarded_to = greatest(w.forwarded_to, excluded.forwarded_to), samples = w.samples + excluded.samples,
                refused = w.refused + excluded.refused, refusal = coalesce(excluded.refusal, w.refusal)
            """);
        command.Parameters.Add(new() { Value = moved.Select(m => m.SourceId).ToArray() });
        command.Parameters.Add(new() { Value = moved.Select(m => m.To).ToArray() });
        command.Parameters.Add(new() { Value = moved.Select(m => m.Samples).ToArray() });
        command.Parameters.Add(new() { Value = moved.Select(m => m.Refused).ToArray() });
        command.Parameters.Add(new() { Value = moved.Select(m => m.Refusal).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>From now on samples up to an instant are read from the engine, no longer from the log, whose partitions may go then. Marks the series that lived.</summary>
    public async Task LetGoAsync(Guid source, long to, int[] living, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var mark = new NpgsqlCommand(
            "INSERT INTO metrics.sealed AS s (source_id, sealed_to) VALUES ($1, $2) ON CONFLICT (source_id) DO UPDATE SET sealed_to = greatest(s.sealed_to, excluded.sealed_to)",
            connection, transaction);
        mark.Parameters.Add(new() { Value = source });
        mark.Parameters.Add(new() { Value = to });
        await mark.ExecuteNonQueryAsync(cancel);
        if (living.Length > 0)
        {
            await SeriesMarks.WriteAsync(connection, transaction, source, living, to, cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    /// <summary>Writes down that what waited too long went into the portal's own blocks.</summary>
    public async Task KeptAsync(Guid source, long to, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO metrics.forwarded AS w (source_id, forwarded_to, samples, refused, kept_to) VALUES ($1, $2, 0, 0, $2)
            ON CONFLICT (source_id) DO UPDATE SET forwarded_to = greatest(w.forwarded_to, excluded.forwarded_to), kept_to = excluded.kept_to
            """);
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = to });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Up to where sources are no longer read from the log; those of which nothing was let go are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> LetGoToAsync(IReadOnlyCollection<Guid> sources, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT source_id, sealed_to FROM metrics.sealed WHERE source_id = ANY($1) AND sealed_to >= 0");
        command.Parameters.Add(new() { Value = sources.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new Dictionary<Guid, long>();
        while (await reader.ReadAsync(cancel))
        {
            found[reader.GetGuid(0)] = reader.GetInt64(1);
        }

        return found;
    }

    /// <summary>How forwarding stands.</summary>
    public async Task<ForwardState> StateAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT coalesce(sum(samples), 0)::bigint, coalesce(sum(refused), 0)::bigint, (array_agg(refusal ORDER BY forwarded_to DESC) FILTER (WHERE refusal IS NOT NULL))[1],
                (SELECT min(p.at) FROM ({Places}) p WHERE NOT p.pushed), max(kept_to) FROM metrics.forwarded
            """);
        command.Parameters.Add(new() { Value = 0L });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), At(3), At(4));

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
    }

    private async Task<IReadOnlyList<(Guid SourceId, ScrapeRow Row)>> RowsAsync(string sql, IReadOnlyList<(Guid SourceId, long After)> from, int most, long before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = from.Select(f => f.SourceId).ToArray() });
        command.Parameters.Add(new() { Value = from.Select(f => f.After).ToArray() });
        command.Parameters.Add(new() { Value = most });
        if (before != long.MaxValue)
        {
            command.Parameters.Add(new() { Value = before });
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<(Guid, ScrapeRow)> rows = [];
        while (await reader.ReadAsync(cancel))
        {
            rows.Add((reader.GetGuid(0), ScrapeRow.Decode(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2))));
        }

        return rows;
    }
}
