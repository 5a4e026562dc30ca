using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>Brings a database to this portal's schema. Many portals may start at once; one works, the others wait.</summary>
public static class Migrator
{
    private const long LockId = 0x50_50_4D_49_47_52;

    /// <summary>Applies what is pending and says how many migrations that were.</summary>
    public static async Task<int> MigrateAsync(string connectionString, CancellationToken cancel = default)
    {
        var alone = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var guard = new NpgsqlConnection(alone.ConnectionString);
        await guard.OpenAsync(cancel);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock($1)", guard) { CommandTimeout = 0, Parameters = { new() { Value = LockId } } })
        {
            await take.ExecuteNonQueryAsync(cancel);
        }

        await using var db = new PortalContext(ContextOptions.Standalone(alone.ConnectionString));
        var pending = (await db.Database.GetPendingMigrationsAsync(cancel)).Count();
        if (pending > 0)
        {
            db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
            await db.Database.MigrateAsync(cancel);
        }

        return pending; // closing the unpooled guard connection frees the lock
    }

    /// <summary>The migrations that this portal knows and the database lacks, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> PendingAsync(string connectionString, CancellationToken cancel = default)
    {
        await using var db = new PortalContext(ContextOptions.Standalone(connectionString));
        return [.. await db.Database.GetPendingMigrationsAsync(cancel)];
    }

    /// <summary>Compares the schema of a database with the one of this portal.</summary>
    public static async Task<SchemaState> CompareAsync(string connectionString, CancellationToken cancel = default)
    {
        await using var db = new PortalContext(ContextOptions.Standalone(connectionString));
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList();
        return new(applied, [.. known.Except(applied)], [.. applied.Except(known)]);
    }
}

/// <summary>How a database's schema stands to this portal's, oldest migration first.</summary>
/// <param name="Applied">What the database has.</param>
/// <param name="Pending">What this portal knows and the database lacks.</param>
/// <param name="Strange">What the database has and this portal does not know: a newer portal made it.</param>
public sealed record SchemaState(IReadOnlyList<string> Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> Strange);
