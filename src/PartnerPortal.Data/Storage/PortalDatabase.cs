using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Storage;

/// <summary>Opens contexts for stores: one per method, read-only or in somebody's name. Also offers the plain data source for hot paths.</summary>
public sealed class PortalDatabase(IDbContextFactory<PortalContext> contexts, NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>Plain connections for COPY, LISTEN and hand-written SQL.</summary>
    public NpgsqlDataSource Source { get; } = source;

    /// <summary>The moment that entities are given. Tests move it together with <c>portal.now()</c>.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Whether the database answers within its timeout.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var command = Source.CreateCommand("SELECT portal.now()");
            await command.ExecuteScalarAsync(cancel);
            return true;
        }
        catch (Exception e) when (DatabaseAway.Is(e) || e is PostgresException)
        {
            return false;
        }
    }

    internal async Task<PortalContext> ReadAsync(CancellationToken cancel)
    {
        var db = await contexts.CreateDbContextAsync(cancel);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    internal async Task<PortalContext> WriteAsync(Actor by, CancellationToken cancel)
    {
        var db = await contexts.CreateDbContextAsync(cancel);
        db.By = by;
        return db;
    }
}

/// <summary>Saving with the refusals that the database alone can give.</summary>
internal static class Saving
{
    /// <summary>Saves; a lost race becomes <see cref="ChangedMeanwhile"/>, a taken name the refusal made by <paramref name="taken"/>.</summary>
    public static async Task SaveAsync(this PortalContext db, CancellationToken cancel, Func<AlreadyTaken>? taken = null)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new ChangedMeanwhile();
        }
        catch (DbUpdateException e) when (taken is not null && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw taken();
        }
    }
}
