using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>What one scrape adds to the log, and how it went.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Claim">The lease under which it was scraped.</param>
/// <param name="Row">Its samples.</param>
/// <param name="Status">How it went; null for a row that only ends the series of a source that is no longer scraped.</param>
/// <param name="Turned">The source went up or down with this scrape, or it is the first one, so open pages are told.</param>
public sealed record LoggedScrape(Guid SourceId, PartnerClaim Claim, ScrapeRow Row, SourceStatus? Status, bool Turned);

/// <summary>That this portal scrapes a partner: the lease's fencing number, which is lower than that of whoever took it over.</summary>
public readonly record struct PartnerClaim(Guid PartnerId, long Fence)
{
    /// <summary>How the leases on partners begin.</summary>
    public const string Prefix = "metrics:";

    /// <summary>The name of the lease on a partner.</summary>
    public static string LeaseOf(Guid partner) => Prefix + partner;
}

/// <summary>Writes the log of scrapes.</summary>
public sealed class ScrapeLogStore(NpgsqlDataSource database, LeaseStore leases)
{
    // A source of one second does not need its status written every second.
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(4);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _statusWritten = new();

    /// <summary>
    /// Writes many scrapes of many sources in one commit and returns how many. Left out are those of sources that were removed
    /// meanwhile, those whose lease was lost meanwhile, and a second one of the same source and instant.
    /// </summary>
    public async Task<int> AppendAsync(IReadOnlyList<LoggedScrape> scrapes, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        // The lock on the lease makes whoever takes it over wait for this commit: afterwards nothing of ours arrives any more.
        var rows = new NpgsqlBatchCommand(
            """
            WITH ours AS MATERIALIZED (SELECT name, fence FROM portal.leases WHERE owner = $1 AND name = ANY($2) ORDER BY name FOR SHARE)
            INSERT INTO metrics.scrapes (source_id, at, fence, data)
            SELECT g.source_id, g.at, g.fence, g.data FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bytea[], $7::text[]) AS g(source_id, at, fence, data, lease)
            JOIN ours o ON o.name = g.lease AND o.fence = g.fence
            JOIN metrics.sources f ON f.id = g.source_id
            LEFT JOIN metrics.sealed m ON m.source_id = g.source_id
            WHERE g.at > coalesce(m.sealed_to, -1)
            ON CONFLICT DO NOTHING
            """);
        rows.Parameters.Add(new() { Value = leases.Owner });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => PartnerClaim.LeaseOf(s.Claim.PartnerId)).Distinct().ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.SourceId).ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.Row.Time).ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.Claim.Fence).ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => s.Row.Encode()).ToArray() });
        rows.Parameters.Add(new() { Value = scrapes.Select(s => PartnerClaim.LeaseOf(s.Claim.PartnerId)).ToArray() });
        batch.BatchCommands.Add(rows);
        // Only the newest status of each source: one statement cannot change a row twice.
        var newest = scrapes.Where(s => s.Status is not null).GroupBy(s => s.SourceId).Select(Newest).Where(IsNews).ToList();
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
        foreach (var (scrape, _) in newest)
        {
            _statusWritten[scrape.SourceId] = scrape.Status!.LastScrapeAt;
        }

        return (int)rows.Rows;
    }

    private bool IsNews((LoggedScrape Scrape, bool Changed) newest) => newest.Changed || newest.Scrape.Turned
        || !_statusWritten.TryGetValue(newest.Scrape.SourceId, out var written) || (newest.Scrape.Status!.LastScrapeAt - written).Duration() >= StatusEvery;

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
            INSERT INTO metrics.statuses AS s (source_id, last_scrape_at, last_good_at, since, duration_ms, samples, bytes, duplicates, error, error_line, skew_ms)
            SELECT g.source_id, g.last_scrape_at, g.last_good_at, CASE WHEN o.since IS NOT NULL AND NOT g.changed AND (o.error IS NULL) = (g.error IS NULL) THEN o.since ELSE g.since END,
                g.duration_ms, g.samples, g.bytes, g.duplicates, g.error, g.error_line, g.skew_ms
            FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::int[], $7::bigint[], $8::int[], $9::text[], $10::int[], $11::bigint[], $12::bool[])
                AS g(source_id, last_scrape_at, last_good_at, since, duration_ms, samples, bytes, duplicates, error, error_line, skew_ms, changed)
            LEFT JOIN metrics.statuses o ON o.source_id = g.source_id
            WHERE EXISTS (SELECT FROM metrics.sources f WHERE f.id = g.source_id)
            ON CONFLICT (source_id) DO UPDATE SET last_scrape_at = excluded.last_scrape_at, last_good_at = coalesce(excluded.last_good_at, s.last_good_at), since = excluded.since,
                duration_ms = excluded.duration_ms, samples = excluded.samples, bytes = excluded.bytes, duplicates = excluded.duplicates,
                error = excluded.error, error_line = excluded.error_line, skew_ms = excluded.skew_ms
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
        Add(NpgsqlDbType.Bigint, s => (long?)s.Status!.Skew?.TotalMilliseconds);
        command.Parameters.Add(new() { Value = newest.Select(s => s.Changed).ToArray() });
        return command;

        void Add<T>(NpgsqlDbType type, Func<LoggedScrape, T> value) =>
            command.Parameters.Add(new() { Value = newest.Select(s => value(s.Scrape)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
