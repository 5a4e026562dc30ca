using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>
/// Signs of life, and alerts for those that stay away. A beat and the look for silence lock the row of the heartbeat, so that they come one
/// after the other: silence is raised once, and the next beat ends it.
/// </summary>
public sealed class HeartbeatStore(PortalDatabase database)
{
    private const string Key = "silence";
    private static readonly Actor _by = Actor.Portal("heartbeats");

    /// <summary>Hears a heartbeat; if it was silent, its alert is over.</summary>
    public async Task BeatAsync(AlertSource source, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(_by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var at = database.Now;
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO incidents.beats AS b (source_id, at) VALUES ({source.Id}, {at}) ON CONFLICT (source_id) DO UPDATE SET at = greatest(b.at, excluded.at)", cancel);
        if (await OpenAsync(db, source.Id, cancel) is { } alert)
        {
            alert.Resolve(at);
            await db.SaveAsync(cancel);
            await AlertStore.AnnounceAsync(db, alert, cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    /// <summary>Raises an alert for each heartbeat that has been silent for too long. One that was never heard is waited for.</summary>
    /// <param name="listening">Since when this portal listens: before, no beat could arrive.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<int> RaiseSilentAsync(DateTimeOffset listening, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(_by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var at = database.Now;
        var word = Words.Of(AlertSourceKind.Heartbeat);
        var silent = await db.Set<BeatRow>().FromSql(
            $"""
            SELECT b.* FROM incidents.beats b JOIN incidents.sources s ON s.id = b.source_id JOIN partners.partners p ON p.id = s.partner_id AND p.archived_at IS NULL
            WHERE s.revoked_at IS NULL AND greatest(b.at, {listening}) + s.silent_after < {at}
                AND NOT EXISTS (SELECT FROM incidents.alerts a WHERE a.source = {word} AND a.source_id = s.id AND a.resolved_at IS NULL)
            ORDER BY b.source_id FOR UPDATE OF b SKIP LOCKED
            """).ToListAsync(cancel);
        foreach (var beat in silent)
        {
            var source = await db.Set<AlertSource>().SingleAsync(s => s.Id == beat.SourceId, cancel);
            var alert = Alert.Raise(
                new(source.PartnerId, source.IntegrationId, word, source.Name, Key, $"{source.Name} is silent",
                    FormattableString.Invariant($"The last sign of life came {beat.At.UtcDateTime:d MMM HH:mm:ss} UTC; one is expected every {Durations.Said(source.SilentAfter!.Value)} at least."), Severity.Critical,
                    new Dictionary<string, string> { ["heartbeat"] = source.Name }, null, new Onset(beat.At, beat.At + source.SilentAfter.Value, "the last sign of life"), null, source.Id, null, null, $"{source.Id:N} {Key}", source.Urgency), at);
            db.Add(alert);
            await db.SaveAsync(cancel);
            await AlertStore.AnnounceAsync(db, alert, cancel);
        }

        await transaction.CommitAsync(cancel);
        return silent.Count;
    }

    private static async Task<Alert?> OpenAsync(PortalContext db, Guid source, CancellationToken cancel)
    {
        var word = Words.Of(AlertSourceKind.Heartbeat);
        return (await db.Set<Alert>().FromSql($"SELECT *, xmin FROM incidents.alerts WHERE source = {word} AND source_id = {source} AND resolved_at IS NULL FOR UPDATE").ToListAsync(cancel)).SingleOrDefault();
    }
}
