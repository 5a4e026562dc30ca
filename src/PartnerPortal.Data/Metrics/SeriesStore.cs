using Npgsql;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Data.Metrics;

/// <summary>A series as it is stored: of a scraped source without the labels that its source adds.</summary>
/// <param name="Id">Its number.</param>
/// <param name="SourceId">The source, or the writer of pushed samples.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="FirstAt">Its first sample, milliseconds since 1970, or up to an hour before.</param>
/// <param name="LastAt">It was seen last at this time or up to <see cref="SeriesStore.MarkedWithin"/> later.</param>
public sealed record StoredLabels(int Id, Guid SourceId, LabelSet Labels, long FirstAt, long LastAt);

/// <summary>The labels that a source adds to its series.</summary>
public sealed record SourceLabels(string Partner, string Integration, string Source, string Side);

/// <summary>A metric as a source describes it.</summary>
public sealed record FamilyFound(Guid SourceId, MetricFamily Family);

/// <summary>
/// Which series exist, those that came together in one row (<see cref="SeriesBatch"/>). The labels partner, integration, source and
/// side are not stored: they are added when reading, so that a renamed source keeps its history in one line.
/// </summary>
public sealed class SeriesStore(NpgsqlDataSource database) : IDisposable
{
    // Series are marked as alive when their window is sealed, at most two hours later, and at most once an hour; the rest is for slow sealing.
    /// <summary>How long a series may live on after it was marked as seen last, in milliseconds.</summary>
    public const long MarkedWithin = 4 * 3_600_000;

    // When a portal starts all its sources enter at once; each connection costs the database some megabytes.
    private readonly SemaphoreSlim _entering = new(4);
    private long _entered;

    /// <summary>Grows whenever this process enters series.</summary>
    public long Entered => Interlocked.Read(ref _entered);

    /// <summary>
    /// Numbers for series, new ones entered; in the order given. New numbers rise in that order, since neighbours on a page,
    /// such as the buckets of a histogram, are neighbours in a block and share what they have in common.
    /// </summary>
    public async Task<int[]> NumberAsync(Guid source, IReadOnlyList<LabelSet> series, long at, CancellationToken cancel)
    {
        await _entering.WaitAsync(cancel);
        try
        {
            return await EnterAsync(source, series, at, cancel);
        }
        finally
        {
            _entering.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entering.Dispose();

    private async Task<int[]> EnterAsync(Guid source, IReadOnlyList<LabelSet> series, long at, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var entering = await SeriesEntering.BeginAsync(connection, transaction, source, cancel);
        var known = await entering.KnownAsync(series, cancel);
        if (known.Count > 0)
        {
            await SeriesMarks.WriteAsync(connection, transaction, source, [.. known.Values.Order()], at, cancel);
        }

        var unknown = series.Where(s => !known.ContainsKey(s)).Distinct().ToList();
        if (unknown.Count > 0)
        {
            foreach (var (labels, number) in unknown.Zip(await entering.EnterAsync(unknown, at, cancel)))
            {
                known[labels] = number;
            }
        }

        await transaction.CommitAsync(cancel);
        Interlocked.Increment(ref _entered);
        return [.. series.Select(s => known[s])];
    }

    /// <summary>The series with a number above the given one that were seen last at an instant or later, rising.</summary>
    /// <param name="id">The highest number that is of no interest.</param>
    /// <param name="since">Milliseconds since 1970.</param>
    /// <param name="known">What was entered together with one of these, and is no newer, is left out.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<StoredLabels>> AboveAsync(int id, long since, IReadOnlySet<int> known, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM metrics.series WHERE id > $1 AND last_at >= $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = since });
        var found = await ReadAsync(command, b => !known.Contains(b.Last), s => s.Id > id && s.LastAt >= since, cancel);
        found.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return found;
    }

    /// <summary>The series that were seen last between two instants, the later one excluded: of one metric, or of all.</summary>
    public async Task<IReadOnlyList<StoredLabels>> EndedAsync(string? metric, long since, long before, CancellationToken cancel)
    {
        // Of a batch that lives, some may have ended.
        await using var command = database.CreateCommand($"SELECT {Columns} FROM metrics.series WHERE last_at >= $1 AND (last_at < $2 OR lags IS NOT NULL)");
        command.Parameters.Add(new() { Value = since - MarkedWithin });
        command.Parameters.Add(new() { Value = before });
        return await ReadAsync(command, _ => true, s => s.LastAt >= since - MarkedWithin && s.LastAt < before && (metric is null || s.Labels.MetricName == metric), cancel);
    }

    /// <summary>All series of a source, rising.</summary>
    public async Task<IReadOnlyList<StoredLabels>> OfAsync(Guid source, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM metrics.series WHERE source_id = $1");
        command.Parameters.Add(new() { Value = source });
        var found = await ReadAsync(command, _ => true, _ => true, cancel);
        found.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return found;
    }

    private const string Columns = SeriesBatch.MarkColumns + ", source_id, first_at, labels";

    private static async Task<List<StoredLabels>> ReadAsync(NpgsqlCommand command, Func<SeriesBatch, bool> open, Func<StoredLabels, bool> wanted, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<StoredLabels> found = [];
        while (await reader.ReadAsync(cancel))
        {
            var batch = SeriesBatch.ReadMarks(reader);
            if (!open(batch))
            {
                continue;
            }

            var (source, first, labels) = (reader.GetGuid(4), reader.GetInt64(5), PackedLabels.Unpack(reader.GetFieldValue<byte[]>(6)));
            for (var i = 0; i < labels.Length; i++)
            {
                var one = new StoredLabels(batch.Numbers[i], source, labels[i], first, batch.SeenAt(i));
                if (wanted(one))
                {
                    found.Add(one);
                }
            }
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

    /// <summary>Forgets series once all that were entered with them were seen last before an instant; returns how many.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM metrics.series WHERE last_at < $1 RETURNING numbers");
        command.Parameters.Add(new() { Value = before.ToUnixTimeMilliseconds() - MarkedWithin });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var gone = 0;
        while (await reader.ReadAsync(cancel))
        {
            gone += SeriesNumbers.Unpack(reader.GetFieldValue<byte[]>(0)).Length;
        }

        return gone;
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
}
