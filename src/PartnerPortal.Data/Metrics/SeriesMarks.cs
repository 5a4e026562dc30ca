using Npgsql;
using NpgsqlTypes;

namespace PartnerPortal.Data.Metrics;

/// <summary>Writes down which series live, about once an hour: see <see cref="SeriesStore.MarkedWithin"/>.</summary>
internal static class SeriesMarks
{
    private const long Every = 3_600_000;

    // A scraper asks for its numbers anew each day, and whoever asks is marked; so who is older is rarely among the living.
    private const long Recent = 2 * 24 * 3_600_000L;

    /// <summary>Marks series of a source as seen at an instant, within the caller's transaction; batches are locked in the order of their numbers.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, int[] seen, long at, CancellationToken cancel)
    {
        var recent = await ReadAsync(connection, transaction, source, at - Recent, long.MaxValue, cancel);
        await WriteAsync(connection, transaction, source, recent, seen, at, cancel);
        var missing = seen.Except(recent.SelectMany(b => b.Numbers)).Order().ToArray();
        if (missing.Length > 0)
        {
            await WriteAsync(connection, transaction, source, await ReadAsync(connection, transaction, source, long.MinValue, at - Recent, cancel), missing, at, cancel);
        }
    }

    private static async Task<List<SeriesBatch>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, long from, long before, CancellationToken cancel)
    {
        await using var read = new NpgsqlCommand(
            $"SELECT {SeriesBatch.MarkColumns} FROM metrics.series WHERE source_id = $1 AND last_at >= $2 AND last_at < $3 ORDER BY id FOR NO KEY UPDATE", connection, transaction);
        read.Parameters.Add(new() { Value = source });
        read.Parameters.Add(new() { Value = from });
        read.Parameters.Add(new() { Value = before });
        await using var reader = await read.ExecuteReaderAsync(cancel);
        List<SeriesBatch> found = [];
        while (await reader.ReadAsync(cancel))
        {
            found.Add(SeriesBatch.ReadMarks(reader));
        }

        return found;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid source, List<SeriesBatch> batches, int[] seen, long at, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var marked in batches.Select(b => b.Seen(seen, at, Every)).OfType<SeriesBatch>())
        {
            var mark = new NpgsqlBatchCommand("UPDATE metrics.series SET last_at = $3, lags = $4 WHERE source_id = $1 AND id = $2");
            mark.Parameters.Add(new() { Value = source });
            mark.Parameters.Add(new() { Value = marked.Last });
            mark.Parameters.Add(new() { Value = marked.LastAt });
            mark.Parameters.Add(new() { Value = (object?)marked.LagBytes() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
            batch.BatchCommands.Add(mark);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancel);
        }
    }
}
