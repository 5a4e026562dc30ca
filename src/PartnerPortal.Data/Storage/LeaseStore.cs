using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>How a background module is doing, for the settings page and /readyz.</summary>
public sealed record ModuleRow(string Name, DateTimeOffset? LastGoodAt, DateTimeOffset? LastFailedAt, string? LastError, int LastTookMs);

/// <summary>Leases on background work: at most one process holds one at a time, by the database's clock.</summary>
public sealed class LeaseStore(NpgsqlDataSource source)
{
    /// <summary>This process, as leases know it.</summary>
    public Guid Owner { get; } = Guid.NewGuid();

    /// <summary>Takes or renews a lease; null when another process holds it, else the fencing number.</summary>
    public async Task<long?> TryTakeAsync(string name, TimeSpan length, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO portal.leases AS l (name, owner, until, fence) VALUES ($1, $2, portal.now() + $3, 1)
            ON CONFLICT (name) DO UPDATE SET owner = $2, until = portal.now() + $3,
                fence = CASE WHEN l.owner = $2 THEN l.fence ELSE l.fence + 1 END
            WHERE l.owner = $2 OR l.until <= portal.now()
            RETURNING fence
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = Owner });
        command.Parameters.Add(new() { Value = length });
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    /// <summary>Takes or renews many leases in one commit; those that another process holds are missing in the answer, which is name and fencing number.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TakeAsync(IReadOnlyCollection<string> names, TimeSpan length, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO portal.leases AS l (name, owner, until, fence) SELECT n, $2, portal.now() + $3, 1 FROM unnest($1::text[]) n ORDER BY n
            ON CONFLICT (name) DO UPDATE SET owner = $2, until = portal.now() + $3,
                fence = CASE WHEN l.owner = $2 THEN l.fence ELSE l.fence + 1 END
            WHERE l.owner = $2 OR l.until <= portal.now()
            RETURNING name, fence
            """);
        command.Parameters.Add(new() { Value = names.ToArray() });
        command.Parameters.Add(new() { Value = Owner });
        command.Parameters.Add(new() { Value = length });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel))
        {
            taken[reader.GetString(0)] = reader.GetInt64(1);
        }

        return taken;
    }

    /// <summary>Gives back some leases of this process.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        await using var command = source.CreateCommand("UPDATE portal.leases SET until = portal.now() WHERE owner = $1 AND name = ANY($2)");
        command.Parameters.Add(new() { Value = Owner });
        command.Parameters.Add(new() { Value = names.ToArray() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The leases that begin like this and are held by anybody now; long expired ones are forgotten.</summary>
    public async Task<IReadOnlyList<string>> HeldAsync(string prefix, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            WITH gone AS (DELETE FROM portal.leases WHERE starts_with(name, $1) AND until < portal.now() - interval '1 day')
            SELECT name FROM portal.leases WHERE starts_with(name, $1) AND until > portal.now() ORDER BY name
            """);
        command.Parameters.Add(new() { Value = prefix });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> held = [];
        while (await reader.ReadAsync(cancel))
        {
            held.Add(reader.GetString(0));
        }

        return held;
    }

    /// <summary>Gives back everything this process holds, so that another need not wait.</summary>
    public async Task ReleaseAllAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand("UPDATE portal.leases SET until = portal.now() WHERE owner = $1");
        command.Parameters.Add(new() { Value = Owner });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Writes down how a module's run went.</summary>
    public async Task RecordRunAsync(string module, TimeSpan took, string? error, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO portal.modules AS m (name, last_good_at, last_failed_at, last_error, last_took_ms)
            VALUES ($1, CASE WHEN $2::text IS NULL THEN portal.now() END, CASE WHEN $2::text IS NOT NULL THEN portal.now() END, $2, $3)
            ON CONFLICT (name) DO UPDATE SET last_good_at = coalesce(excluded.last_good_at, m.last_good_at),
                last_failed_at = coalesce(excluded.last_failed_at, m.last_failed_at), last_error = excluded.last_error, last_took_ms = excluded.last_took_ms
            """);
        command.Parameters.Add(new() { Value = module });
        command.Parameters.Add(new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (int)took.TotalMilliseconds });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Every module that ever ran.</summary>
    public async Task<IReadOnlyList<ModuleRow>> ModulesAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand("SELECT name, last_good_at, last_failed_at, last_error, last_took_ms FROM portal.modules ORDER BY name");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<ModuleRow> rows = [];
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(new(
                reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
                reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetInt32(4)));
        }

        return rows;
    }
}
