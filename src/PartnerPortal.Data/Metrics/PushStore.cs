using Npgsql;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>Who pushes: series of one partner, job and instance come at the same instants, so they share blocks.</summary>
/// <param name="Partner">The label partner, or empty.</param>
/// <param name="Job">The label job, or empty.</param>
/// <param name="Instance">The label instance, or empty.</param>
public readonly record struct Writer(string Partner, string Job, string Instance);

/// <summary>Writes the log of pushed samples.</summary>
public sealed class PushStore(NpgsqlDataSource database)
{
    /// <summary>The ids of writers, new ones entered; in the order given, each once.</summary>
    public async Task<Guid[]> WritersAsync(IReadOnlyList<Writer> writers, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO metrics.writers AS w (id, partner, job, instance)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS g(id, partner, job, instance) ORDER BY 2, 3, 4
            ON CONFLICT (partner, job, instance) DO UPDATE SET job = w.job RETURNING id, partner, job, instance
            """);
        command.Parameters.Add(new() { Value = writers.Select(_ => Guid.CreateVersion7()).ToArray() });
        command.Parameters.Add(new() { Value = writers.Select(w => w.Partner).ToArray() });
        command.Parameters.Add(new() { Value = writers.Select(w => w.Job).ToArray() });
        command.Parameters.Add(new() { Value = writers.Select(w => w.Instance).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ids = new Dictionary<Writer, Guid>();
        while (await reader.ReadAsync(cancel))
        {
            ids[new(reader.GetString(1), reader.GetString(2), reader.GetString(3))] = reader.GetGuid(0);
        }

        return [.. writers.Select(w => ids[w])];
    }

    /// <summary>Writes rows of writers in one commit.</summary>
    public async Task AppendAsync(IReadOnlyList<(Guid Writer, ScrapeRow Row)> rows, CancellationToken cancel)
    {
        try
        {
            await InsertAsync(rows, cancel);
        }
        catch (PostgresException moved) when (moved.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.DeadlockDetected)
        {
            // The partition for these rows was made in this moment; now they find it.
            await InsertAsync(rows, cancel);
        }
    }

    private async Task InsertAsync(IReadOnlyList<(Guid Writer, ScrapeRow Row)> rows, CancellationToken cancel)
    {
        // Rows of one push share their part, later pushes have higher ones: who came first is seen when reading.
        var part = Guid.CreateVersion7();
        await using var command = database.CreateCommand(
            "INSERT INTO metrics.pushes (source_id, at, part, data) SELECT g.source_id, g.at, $4, g.data FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS g(source_id, at, data)");
        command.Parameters.Add(new() { Value = rows.Select(r => r.Writer).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.Row.Time).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.Row.Encode()).ToArray() });
        command.Parameters.Add(new() { Value = part });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
