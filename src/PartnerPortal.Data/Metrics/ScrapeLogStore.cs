using Npgsql;
using NpgsqlTypes;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>What one scrape adds to the log, and how it went.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Row">Its samples.</param>
/// <param name="Status">How it went; null for a row that only ends the series of a source that is no longer scraped.</param>
/// <param name="Turned">The source went up or down with this scrape, or it is the first one, so open pages are told.</param>
public sealed record LoggedScrape(Guid SourceId, ScrapeRow Row, SourceStatus? Status, bool Turned);

/// <summary>The log of scrapes and the sealed blocks it becomes: writing, sealing, forgetting. Reading is in <see cref="SampleStore"/>.</summary>
public sealed class ScrapeLogStore(NpgsqlDataSource database)
{
    /// <summary>Scrapes in one sealed block.</summary>
    public const int BlockScrapes = 480;

    /// <summary>The longest that a scrape waits to be sealed.</summary>
    public static readonly TimeSpan LongestOpen = TimeSpan.FromHours(2);

    /// <summary>Writes many scrapes of many sources in one commit. Scrapes of sources that were removed meanwhile are dropped.</summary>
    public async Task AppendAsync(IReadOnlyList<LoggedScrape> scrapes, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        var rows = new NpgsqlBatchCommand(
            """
            INSERT INTO metrics.scrapes (source_id, at, data)
            SELECT g.* FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS g(source_id, at, data)
            WHERE EXISTS (SELECT FROM metrics.sources f WHERE f.id = g.source_id)
            ON CONFLICT DO NOTHING
            """);
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.SourceId).ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.Row.Time).ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.Row.Encode()).ToArray() });
        batch.BatchCommands.Add(rows);
        // Only the newest status of each source: one statement cannot change a row twice.
        var newest = scrapes.Where(s => s.Status is not null).GroupBy(s => s.SourceId).Select(Newest).ToList();
        if (newest.Count > 0)
        {
            batch.BatchCommands.Add(Statuses(newest));
        }

        foreach (var (turned, _) in newest.Where(s => s.Scrape.Turned))
        {
            var notify = new NpgsqlBatchCommand(
                "SELECT pg_notify($1, json_build_object('kind', 'metric source', 'id', f.id, 'partnerId', f.partner_id)::text) FROM metrics.sources f WHERE f.id = $2");
            notify.Parameters.Add(new() { Value = ChangeFeed.Channel });
            notify.Parameters.Add(new() { Value = turned.SourceId });
            batch.BatchCommands.Add(notify);
        }

        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Seals the oldest open window of every source that has one, and returns how many blocks were made.</summary>
    public async Task<int> SealAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await using var due = database.CreateCommand(
            "SELECT source_id FROM metrics.scrapes GROUP BY source_id HAVING count(*) >= $1 OR min(at) < $2 ORDER BY source_id");
        due.Parameters.Add(new() { Value = (long)BlockScrapes });
        due.Parameters.Add(new() { Value = (now - LongestOpen).ToUnixTimeMilliseconds() });
        List<Guid> sources = [];
        await using (var reader = await due.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                sources.Add(reader.GetGuid(0));
            }
        }

        foreach (var source in sources)
        {
            await SealAsync(source, cancel);
        }

        return sources.Count;
    }

    /// <summary>Drops what is older than an instant: whole blocks, and series that have none left. Returns how many blocks went.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var at = before.ToUnixTimeMilliseconds();
        await using var blocks = database.CreateCommand("DELETE FROM metrics.blocks WHERE to_at < $1");
        blocks.Parameters.Add(new() { Value = at });
        var gone = await blocks.ExecuteNonQueryAsync(cancel);
        await using var series = database.CreateCommand("DELETE FROM metrics.series WHERE last_at < $1");
        series.Parameters.Add(new() { Value = at - (long)TimeSpan.FromDays(1).TotalMilliseconds });
        await series.ExecuteNonQueryAsync(cancel);
        return gone;
    }

    private async Task SealAsync(Guid source, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var take = new NpgsqlCommand(
            """
            DELETE FROM metrics.scrapes s USING (
                SELECT at, min(at) OVER () AS first FROM metrics.scrapes WHERE source_id = $1 ORDER BY at LIMIT $2) AS old
            WHERE s.source_id = $1 AND s.at = old.at AND old.at < old.first + $3
            RETURNING s.at, s.data
            """, connection, transaction);
        take.Parameters.Add(new() { Value = source });
        take.Parameters.Add(new() { Value = (long)BlockScrapes });
        take.Parameters.Add(new() { Value = (long)LongestOpen.TotalMilliseconds });
        List<ScrapeRow> rows = [];
        await using (var reader = await take.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                rows.Add(ScrapeRow.Decode(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
            }
        }

        if (rows.Count == 0)
        {
            return;
        }

        rows.Sort((a, b) => a.Time.CompareTo(b.Time));
        var block = SealedBlock.Of(rows);
        await using var keep = new NpgsqlCommand(
            "INSERT INTO metrics.blocks (source_id, from_at, to_at, scrapes, index, data) VALUES ($1, $2, $3, $4, $5, $6)", connection, transaction);
        keep.Parameters.Add(new() { Value = source });
        keep.Parameters.Add(new() { Value = rows[0].Time });
        keep.Parameters.Add(new() { Value = rows[^1].Time });
        keep.Parameters.Add(new() { Value = rows.Count });
        keep.Parameters.Add(new() { Value = block.Index });
        keep.Parameters.Add(new() { Value = block.Data });
        await keep.ExecuteNonQueryAsync(cancel);
        await using var alive = new NpgsqlCommand("UPDATE metrics.series SET last_at = $2 WHERE id = ANY($1) AND last_at < $2", connection, transaction);
        alive.Parameters.Add(new() { Value = rows.SelectMany(r => r.Series).Distinct().ToArray() });
        alive.Parameters.Add(new() { Value = rows[^1].Time });
        await alive.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The last of several scrapes of one source, knowing what the ones before it saw.</summary>
    private static (LoggedScrape Scrape, bool Changed) Newest(IEnumerable<LoggedScrape> scrapes)
    {
        var ordered = scrapes.OrderBy(s => s.Row.Time).ToList();
        var last = ordered[^1];
        var turn = ordered.FindLastIndex(s => (s.Status!.Error is null) != (last.Status!.Error is null));
        var status = last.Status! with { Since = ordered[turn + 1].Status!.Since, LastGoodAt = ordered.Max(s => s.Status!.LastGoodAt) };
        return (last with { Status = status, Turned = ordered.Exists(s => s.Turned) }, turn >= 0);
    }

    private static NpgsqlBatchCommand Statuses(List<(LoggedScrape Scrape, bool Changed)> newest)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO metrics.statuses AS s (source_id, last_scrape_at, last_good_at, since, duration_ms, samples, bytes, duplicates, error, error_line)
            SELECT g.source_id, g.last_scrape_at, g.last_good_at, CASE WHEN o.since IS NOT NULL AND NOT g.changed AND (o.error IS NULL) = (g.error IS NULL) THEN o.since ELSE g.since END,
                g.duration_ms, g.samples, g.bytes, g.duplicates, g.error, g.error_line
            FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::int[], $7::bigint[], $8::int[], $9::text[], $10::int[], $11::bool[])
                AS g(source_id, last_scrape_at, last_good_at, since, duration_ms, samples, bytes, duplicates, error, error_line, changed)
            LEFT JOIN metrics.statuses o ON o.source_id = g.source_id
            WHERE EXISTS (SELECT FROM metrics.sources f WHERE f.id = g.source_id)
            ON CONFLICT (source_id) DO UPDATE SET last_scrape_at = excluded.last_scrape_at, last_good_at = coalesce(excluded.last_good_at, s.last_good_at), since = excluded.since,
                duration_ms = excluded.duration_ms, samples = excluded.samples, bytes = excluded.bytes, duplicates = excluded.duplicates,
                error = excluded.error, error_line = excluded.error_line
            """);
        Add(NpgsqlDbType.Uuid, s => s.SourceId);
        Add(NpgsqlDbType.TimestampTz, s => s.Status!.LastScrapeAt);
        Add(NpgsqlDbType.TimestampTz, s => s.Status!.LastGoodAt);
        Add(NpgsqlDbType.TimestampTz, s => s.Status!.Since);
        Add(NpgsqlDbType.Integer, s => (int)s.Status!.Duration.TotalMilliseconds);
        Add(NpgsqlDbType.Integer, s => s.Status!.Samples);
        Add(NpgsqlDbType.Bigint, s => s.Status!.Bytes);
        Add(NpgsqlDbType.Integer, s => s.Status!.Duplicates);
        Add(NpgsqlDbType.Text, s => s.Status!.Error);
        Add(NpgsqlDbType.Integer, s => s.Status!.ErrorLine);
        command.Parameters.Add(new() { Value = newest.Select(s => s.Changed).ToArray() });
        return command;

        void Add<T>(NpgsqlDbType type, Func<LoggedScrape, T> value) =>
            command.Parameters.Add(new() { Value = newest.Select(s => value(s.Scrape)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
