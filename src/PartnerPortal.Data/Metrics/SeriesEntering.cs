using Npgsql;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Data.Metrics;

/// <summary>Entering series of one source: one at a time across all portals, within the caller's transaction.</summary>
internal sealed class SeriesEntering
{
    // Enough to share what they have in common, few enough to be read and written at once.
    private const int MostTogether = 4096;

    // A service that shows one more series now and then shall not leave a row for each.
    private const int MostJoined = 512;
    private const long JoinedWithin = 3_600_000;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Guid _source;
    private readonly List<(SeriesBatch Batch, int[] Hashes, long FirstAt)> _batches = [];

    private SeriesEntering(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source) => (_connection, _transaction, _source) = (connection, transaction, source);

    /// <summary>Waits until nobody else enters series of this source, and reads what there is.</summary>
    public static async Task<SeriesEntering> BeginAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, CancellationToken cancel)
    {
        var entering = new SeriesEntering(connection, transaction, source);
        await using var batch = new NpgsqlBatch(connection, transaction);
        // Two statements: the second one sees what was committed while the first one waited.
        batch.BatchCommands.Add(new("SELECT pg_advisory_xact_lock(hashtextextended('metrics.series ' || $1, 0))") { Parameters = { new() { Value = source } } });
        batch.BatchCommands.Add(new($"SELECT {SeriesBatch.MarkColumns}, hashes, first_at FROM metrics.series WHERE source_id = $1 ORDER BY id") { Parameters = { new() { Value = source } } });
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            entering._batches.Add((SeriesBatch.ReadMarks(reader), SeriesBatch.Whole(reader.GetFieldValue<byte[]>(4)), reader.GetInt64(5)));
        }

        return entering;
    }

    /// <summary>The numbers of those that were entered before.</summary>
    public async Task<Dictionary<LabelSet, int>> KnownAsync(IReadOnlyList<LabelSet> series, CancellationToken cancel)
    {
        var wanted = series.ToLookup(SeriesBatch.HashOf);
        var known = new Dictionary<LabelSet, int>(series.Count);
        foreach (var (batch, hashes, _) in _batches.Where(b => Array.Exists(b.Hashes, wanted.Contains)))
        {
            var labels = await LabelsAsync(batch.Last, cancel);
            for (var i = 0; i < hashes.Length; i++)
            {
                if (wanted[hashes[i]].Contains(labels[i]))
                {
                    known.TryAdd(labels[i], batch.Numbers[i]);
                }
            }
        }

        return known;
    }

    /// <summary>Enters series that are not known; their numbers.</summary>
    public async Task<int[]> EnterAsync(List<LabelSet> series, long at, CancellationToken cancel)
    {
        await using var next = new NpgsqlCommand("SELECT array_agg(nextval('metrics.series_numbers')::int) FROM generate_series(1, $1)", _connection, _transaction) { Parameters = { new() { Value = series.Count } } };
        var numbers = (int[])(await next.ExecuteScalarAsync(cancel))!;
        Array.Sort(numbers);
        if (_batches.Count > 0 && _batches[^1] is { Batch.Lags: null } newest && newest.Hashes.Length + series.Count <= MostJoined && at - newest.FirstAt is >= 0 and <= JoinedWithin)
        {
            await JoinAsync(newest.Batch, series, numbers, at, cancel);
            return numbers;
        }

        foreach (var places in Enumerable.Range(0, series.Count).Chunk(MostTogether))
        {
            var (together, ids) = (series.GetRange(places[0], places.Length), numbers.AsMemory(places[0], places.Length));
            await using var enter = new NpgsqlCommand(
                "INSERT INTO metrics.series (source_id, id, numbers, hashes, labels, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $6)", _connection, _transaction);
            Add(enter, ids.Span[^1], ids.Span, together, at);
            await enter.ExecuteNonQueryAsync(cancel);
        }

        return numbers;
    }

    private async Task JoinAsync(SeriesBatch newest, List<LabelSet> series, int[] numbers, long at, CancellationToken cancel)
    {
        LabelSet[] together = [.. await LabelsAsync(newest.Last, cancel), .. series];
        // Marked again as it stands now: sealing may have done so meanwhile.
        await using var join = new NpgsqlCommand(
            "UPDATE metrics.series SET id = $2, numbers = $3, hashes = $4, labels = $5, last_at = greatest(last_at, $6), lags = NULL WHERE source_id = $1 AND id = $7", _connection, _transaction);
        Add(join, numbers[^1], [.. newest.Numbers, .. numbers], together, at);
        join.Parameters.Add(new() { Value = newest.Last });
        await join.ExecuteNonQueryAsync(cancel);
    }

    private void Add(NpgsqlCommand command, int last, ReadOnlySpan<int> numbers, IReadOnlyList<LabelSet> series, long at)
    {
        command.Parameters.Add(new() { Value = _source });
        command.Parameters.Add(new() { Value = last });
        command.Parameters.Add(new() { Value = SeriesNumbers.Pack(numbers) });
        command.Parameters.Add(new() { Value = SeriesBatch.Bytes([.. series.Select(SeriesBatch.HashOf)]) });
        command.Parameters.Add(new() { Value = PackedLabels.Pack(series) });
        command.Parameters.Add(new() { Value = at });
    }

    private async Task<LabelSet[]> LabelsAsync(int last, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand("SELECT labels FROM metrics.series WHERE source_id = $1 AND id = $2", _connection, _transaction) { Parameters = { new() { Value = _source }, new() { Value = last } } };
        return PackedLabels.Unpack((byte[])(await read.ExecuteScalarAsync(cancel))!);
    }
}
