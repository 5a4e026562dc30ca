using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

/// <summary>A rule that is to be computed, how it stood, and how often that was written.</summary>
public sealed record RuleLoaded(RuleRow Row, long Commits);

/// <summary>A set of labels that moved: how it stands now, and what that means for its alert.</summary>
/// <param name="Key">Identifies the set.</param>
/// <param name="Labels">The labels of the alert.</param>
/// <param name="Standing">How it stands now; inactive sets are forgotten.</param>
/// <param name="AlertId">The alert that is out before this.</param>
/// <param name="Raise">The alert to raise, or null.</param>
/// <param name="Summary">The sentence for an alert that goes on.</param>
public sealed record StandingMoved(string Key, IReadOnlyDictionary<string, string> Labels, RuleStanding Standing, Guid? AlertId, AlertReport? Raise, string Summary);

/// <summary>Keeps how rules stand, and raises and resolves their alerts in the same transaction.</summary>
public sealed class RuleStandingStore(PortalDatabase database)
{
    /// <summary>Every rule that is to be computed: switched on, its partner not archived.</summary>
    public async Task<IReadOnlyList<RuleLoaded>> ActiveAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var commits = await db.Set<RuleRunRow>().ToDictionaryAsync(r => r.RuleId, r => r.Commits, cancel);
        return [.. (await RuleStore.RowsAsync(db, null, null, null, cancel)).Select(r => new RuleLoaded(r, commits.GetValueOrDefault(r.Rule.Id)))];
    }

    /// <summary>Writes one computation of a rule: the run, the sets that moved, and their alerts. All or nothing.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="commits">How often it was written, as the caller knows.</param>
    /// <param name="run">How the computation went.</param>
    /// <param name="moved">The sets that moved.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The alert of each set in <paramref name="moved"/>, in order; null where none is out.</returns>
    /// <exception cref="ChangedMeanwhile">Another portal computed it, or somebody removed it; read it again.</exception>
    public async Task<IReadOnlyList<Guid?>> CommitAsync(Guid rule, long commits, RuleRun run, IReadOnlyList<StandingMoved> moved, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("rules"), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Write(db, rule, commits, run);
        var ids = moved.Select(m => m.AlertId).OfType<Guid>().ToList();
        var alerts = ids.Count == 0 ? [] : await db.Set<Alert>().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancel);
        var known = (await db.Set<StandingRow>().Where(s => s.RuleId == rule).Select(s => s.Key).ToListAsync(cancel)).ToHashSet();
        var raised = moved.Select(m => Move(db, rule, m, known.Contains(m.Key), alerts, run.At)).ToList();
        try
        {
            await db.SaveAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation })
        {
            throw new ChangedMeanwhile();
        }

        foreach (var alert in raised.OfType<Alert>())
        {
            await AlertStore.AnnounceAsync(db, alert, cancel);
        }

        await transaction.CommitAsync(cancel);
        return [.. raised.Select(a => a is { ResolvedAt: null } ? a.Id : (Guid?)null)];
    }

    /// <summary>Resolves alerts of rules that are not computed any more, and returns how many there were.</summary>
    public async Task<int> ResolveAbandonedAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        return await AlertStore.ResolveAbandonedAsync(connection, cancel);
    }

    private static void Write(PortalContext db, Guid rule, long commits, RuleRun run)
    {
        var row = new RuleRunRow { RuleId = rule, Commits = commits };
        if (commits == 0)
        {
            db.Add(row);
        }
        else
        {
            db.Attach(row);
            db.Entry(row).State = EntityState.Modified;
        }

        (row.Commits, row.At, row.LastGoodAt, row.NoDataSince) = (commits + 1, run.At, run.LastGoodAt, run.NoDataSince);
        (row.Error, row.ErrorSince, row.TookMicroseconds) = (run.Error, run.ErrorSince, (int)Math.Min(int.MaxValue, run.Took.TotalMicroseconds));
    }

    private static Alert? Move(PortalContext db, Guid rule, StandingMoved moved, bool isKnown, Dictionary<Guid, Alert> alerts, DateTimeOffset at)
    {
        var alert = moved.AlertId is { } id ? alerts.GetValueOrDefault(id) : null;
        if (moved.Raise is { } report)
        {
            alert = Alert.Raise(report, at);
            db.Add(alert);
        }
        else if (alert is not null)
        {
            Tell(alert, moved, at);
        }

        var row = new StandingRow { RuleId = rule, Key = moved.Key, Labels = moved.Labels, Standing = moved.Standing, AlertId = alert is { ResolvedAt: null } ? alert.Id : null };
        if (moved.Standing.State != RuleState.Inactive)
        {
            db.Entry(row).State = isKnown ? EntityState.Modified : EntityState.Added;
        }
        else if (isKnown)
        {
            db.Entry(row).State = EntityState.Deleted;
        }

        return alert;
    }

    private static void Tell(Alert alert, StandingMoved moved, DateTimeOffset at)
    {
        if (!moved.Standing.IsAlerting)
        {
            alert.Resolve(at);
        }
        else if (moved.Standing.State == RuleState.NoData)
        {
            alert.LoseData(at);
        }
        else
        {
            alert.Repeat(moved.Summary, moved.Standing.Value, at);
        }
    }
}
