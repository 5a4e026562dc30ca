using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Data.Metrics;

/// <summary>A stored series and the source it belongs to. Its labels include those of the source: partner, integration, source, side.</summary>
public sealed record SeriesFound(int Id, Guid SourceId, LabelSet Labels, TimeSpan Interval);

/// <summary>A series as it is stored: of a scraped source without the labels that its source adds.</summary>
/// <param name="Id">Its number.</param>
/// <param name="SourceId">The source, or the writer of pushed samples.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="FirstAt">Its first sample, milliseconds since 1970.</param>
/// <param name="LastAt">It was seen last at this time or up to <see cref="SeriesStore.MarkedWithin"/> later.</param>
public sealed record StoredLabels(int Id, Guid SourceId, LabelSet Labels, long FirstAt, long LastAt);

/// <summary>The labels that a source adds to its series.</summary>
public sealed record SourceLabels(string Partner, string Integration, string Source, string Side);

/// <summary>A metric as a source describes it.</summary>
public sealed record FamilyFound(Guid SourceId, MetricFamily Family);

/// <summary>
/// Which series exist. The labels partner, integration, source and side are not stored: they are added when reading, so that a
/// renamed source keeps its history in one line.
/// </summary>
public sealed class SeriesStore(NpgsqlDataSource database)
{
    // Series are marked as alive when their window is sealed, at most two hours later, and at most once an hour; the rest is for slow sealing.
    /// <summary>How long a series may live on after it was marked as seen last, in milliseconds.</summary>
    public const long MarkedWithin = 4 * 3_600_000;

    private long _entered;

    /// <summary>Grows whenever this process enters series.</summary>
    public long Entered => Interlocked.Read(ref _entered);

    /// <summary>
    /// Numbers for series, new ones entered; in the order given. New numbers rise in that order, since neighbours on a page,
    /// such as the buckets of a histogram, are neighbours in a block and share what they have in common.
    /// </summary>
    public async Task<int[]> NumberAsync(Guid source, IReadOnlyList<LabelSet> series, long at, CancellationToken cancel)
    {
        var hashes = series.Select(HashOf).ToArray();
        await using var command = database.CreateCommand(
            """
            WITH given AS MATERIALIZED (
                SELECT g.*, coalesce((SELECT s.id FROM metrics.series s WHERE s.source_id = $1 AND s.labels_hash = g.hash), nextval(pg_get_serial_sequence('metrics.series', 'id'))::int) AS number
                FROM unnest($2::text[], $3::bytea[], $4::text[]) AS g(metric, hash, labels)),
            entered AS (
                INSERT INTO metrics.series (id, source_id, metric, labels_hash, labels, first_at, last_at) OVERRIDING SYSTEM VALUE
                SELECT number, $1, metric, hash, labels, $5, $5 FROM given ORDER BY hash
                ON CONFLICT (source_id, labels_hash) DO UPDATE SET last_at = greatest(series.last_at, excluded.last_at), first_at = least(series.first_at, excluded.first_at)
                RETURNING id, labels_hash)
            SELECT id, labels_hash FROM entered
            """);
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = series.Select(s => s.MetricName).ToArray() });
        command.Parameters.Add(new() { Value = hashes });
        command.Parameters.Add(new() { Value = series.Select(Write).ToArray() });
        command.Parameters.Add(new() { Value = at });
        var numbers = new Dictionary<string, int>(series.Count, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            numbers[Convert.ToHexString(reader.GetFieldValue<byte[]>(1))] = reader.GetInt32(0);
        }

        Interlocked.Increment(ref _entered);
        return Array.ConvertAll(hashes, h => numbers[Convert.ToHexString(h)]);
    }

    /// <summary>The series with a number above the given one that were seen last at an instant or later, rising.</summary>
    public async Task<IReadOnlyList<StoredLabels>> AboveAsync(int id, long since, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT id, source_id, labels, first_at, last_at, metric FROM metrics.series WHERE id > $1 AND last_at >= $2 ORDER BY id");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = since });
        return await ReadAsync(command, cancel);
    }

    /// <summary>The series that were seen last between two instants, the later one excluded: of one metric, or of all.</summary>
    public async Task<IReadOnlyList<StoredLabels>> EndedAsync(string? metric, long since, long before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT id, source_id, labels, first_at, last_at, metric FROM metrics.series WHERE last_at >= $1 AND last_at < $2 AND ($3::text IS NULL OR metric = $3) ORDER BY id");
        command.Parameters.Add(new() { Value = since - MarkedWithin });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = (object?)metric ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await ReadAsync(command, cancel);
    }

    private static async Task<IReadOnlyList<StoredLabels>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        List<StoredLabels> found = [];
        while (await reader.ReadAsync(cancel))
        {
            var labels = Read(reader.GetString(2), reader.GetString(5)).Select(l => new Label(Once(texts, l.Key), Once(texts, l.Value)));
            found.Add(new(reader.GetInt32(0), reader.GetGuid(1), LabelSet.Of(labels), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return found;
    }

    /// <summary>What each source adds to the labels of its series.</summary>
    public async Task<IReadOnlyDictionary<Guid, SourceLabels>> SourcesAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT f.id, p.slug, i.slug, f.name, f.side FROM metrics.sources f
            JOIN partners.partners p ON p.id = f.partner_id JOIN integrations.integrations i ON i.id = f.integration_id
            """);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new Dictionary<Guid, SourceLabels>();
        while (await reader.ReadAsync(cancel))
        {
            found[reader.GetGuid(0)] = new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
        }

        return found;
    }

    /// <summary>Forgets series that were seen last before an instant; returns how many.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM metrics.series WHERE last_at < $1");
        command.Parameters.Add(new() { Value = before.ToUnixTimeMilliseconds() - MarkedWithin });
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The series of a partner that have samples after an instant, with their sources' labels.</summary>
    /// <param name="partner">The partner's slug, or null for all partners.</param>
    /// <param name="metric">The metric's name, or null for all.</param>
    /// <param name="since">Milliseconds since 1970.</param>
    /// <param name="most">Reads one series more than this at most.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<SeriesFound>> FindAsync(string? partner, string? metric, long since, int most, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT s.id, s.source_id, s.labels, i.slug, f.name, f.side, f.interval, p.slug, s.metric
            FROM metrics.sources f
            JOIN partners.partners p ON p.id = f.partner_id AND ($1::text IS NULL OR p.slug = $1)
            JOIN integrations.integrations i ON i.id = f.integration_id
            JOIN metrics.series s ON s.source_id = f.id
            WHERE ($2::text IS NULL OR s.metric = $2) AND s.last_at >= $3
            ORDER BY s.id LIMIT $4
            """);
        command.Parameters.Add(new() { Value = (object?)partner ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)metric ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = since - MarkedWithin });
        command.Parameters.Add(new() { Value = most + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<SeriesFound> found = [];
        while (await reader.ReadAsync(cancel))
        {
            var labels = Read(reader.GetString(2), reader.GetString(8));
            labels["partner"] = reader.GetString(7);
            labels["integration"] = reader.GetString(3);
            labels["source"] = reader.GetString(4);
            labels["side"] = reader.GetString(5);
            found.Add(new(reader.GetInt32(0), reader.GetGuid(1), LabelSet.Of(labels.Select(l => new Label(l.Key, l.Value))), reader.GetFieldValue<TimeSpan>(6)));
        }

        return found;
    }

    /// <summary>The names of all metrics of a partner's integration that have samples after an instant, with their sources.</summary>
    public async Task<IReadOnlyList<(string Metric, Guid SourceId)>> MetricsAsync(string partner, string? integration, long since, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT DISTINCT s.metric, s.source_id
            FROM metrics.sources f
            JOIN partners.partners p ON p.id = f.partner_id AND p.slug = $1
            JOIN integrations.integrations i ON i.id = f.integration_id AND ($2::text IS NULL OR i.slug = $2)
            JOIN metrics.series s ON s.source_id = f.id
            WHERE s.last_at >= $3
            ORDER BY s.metric
            """);
        command.Parameters.Add(new() { Value = partner });
        command.Parameters.Add(new() { Value = (object?)integration ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = since - MarkedWithin });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<(string, Guid)> found = [];
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return found;
    }

    /// <summary>What the sources of a partner, or of all, say about their metrics; what was pushed has no source.</summary>
    public async Task<IReadOnlyList<FamilyFound>> FamiliesAsync(string? partner, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT m.source_id, m.name, m.type, m.help, m.unit FROM metrics.families m
            JOIN metrics.sources f ON f.id = m.source_id
            JOIN partners.partners p ON p.id = f.partner_id AND ($1::text IS NULL OR p.slug = $1)
            UNION ALL
            SELECT '00000000-0000-0000-0000-000000000000', name, type, help, unit FROM metrics.pushed_families WHERE $1::text IS NULL OR partner = $1
            ORDER BY 2
            """);
        command.Parameters.Add(new() { Value = (object?)partner ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<FamilyFound> found = [];
        while (await reader.ReadAsync(cancel))
        {
            var type = Enum.TryParse<MetricType>(reader.GetString(2), ignoreCase: true, out var known) ? known : MetricType.Unknown;
            found.Add(new(reader.GetGuid(0), new MetricFamily(reader.GetString(1), type, reader.GetString(3), reader.GetString(4))));
        }

        return found;
    }

    /// <summary>Keeps what a source says about its metrics, new or changed.</summary>
    public async Task DescribeAsync(Guid source, IReadOnlyCollection<MetricFamily> families, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO metrics.families (source_id, name, type, help, unit)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS g(name, type, help, unit) ORDER BY name
            ON CONFLICT (source_id, name) DO UPDATE SET type = excluded.type, help = excluded.help, unit = excluded.unit
            """);
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = families.Select(f => f.Name).ToArray() });
        command.Parameters.Add(new() { Value = families.Select(f => f.Type.ToString().ToLowerInvariant()).ToArray() });
        // PostgreSQL's text holds every character but this one.
        command.Parameters.Add(new() { Value = families.Select(f => f.Help.Replace("\0", "", StringComparison.Ordinal)).ToArray() });
        command.Parameters.Add(new() { Value = families.Select(f => f.Unit.Replace("\0", "", StringComparison.Ordinal)).ToArray() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Once(Dictionary<string, string> texts, string text)
    {
        if (!texts.TryGetValue(text, out var known))
        {
            texts[text] = known = text;
        }

        return known;
    }

    private static byte[] HashOf(LabelSet labels) => SHA256.HashData(Encoding.UTF8.GetBytes(labels.ToString()))[..16];

    // The metric's name has a column of its own; there are many series, so it is not kept twice.
    private static string Write(LabelSet labels) => JsonSerializer.Serialize(labels.Where(l => l.Name != Label.MetricName).ToDictionary(l => l.Name, l => l.Value));

    private static Dictionary<string, string> Read(string labels, string metric)
    {
        var all = JsonSerializer.Deserialize<Dictionary<string, string>>(labels)!;
        all[Label.MetricName] = metric;
        return all;
    }
}
