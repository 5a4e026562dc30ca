using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>
/// Brings alerts to their incidents: what fires opens one or joins the open one of its group, and when the last alert is over the incident is, too.
/// An alert waits for it as a row that is not settled, so nothing that was committed is forgotten, and any portal may do it.
/// </summary>
public sealed class IncidentOpenStore(PortalDatabase database, IncidentLinks links)
{
    private const string Who = "alerts";
    private const string Waits = "NOT settled AND (held_until IS NULL OR held_until <= {0} OR resolved_at IS NOT NULL) AND NOT id = ANY({1})";
    private readonly LeftAlone _alone = new();

    /// <summary>Settles the oldest alerts that wait, in one transaction.</summary>
    /// <param name="most">At most so many.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>How many were settled; fewer than <paramref name="most"/> when none is left.</returns>
    /// <exception cref="InvalidOperationException">Some cannot be settled; they are tried again in a minute, the others are settled.</exception>
    public Task<int> SettleAsync(int most, CancellationToken cancel) =>
        _alone.DoAsync(most, () => database.Now, not => WaitingAsync(most, not, cancel), batch => SettleAsync(batch, cancel));

    private async Task<int> SettleAsync(Batch batch, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TrySettleAsync(batch, cancel);
            }
            catch (DbUpdateException e) when (tries < 5 && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // Another portal opened the incident of the same group: join it.
            }
            catch (ChangedMeanwhile) when (tries < 5)
            {
                // The source said more in the same moment: look again.
            }
        }
    }

    /// <summary>Ends quiet times of incidents that page nobody; those with a run are woken by it.</summary>
    public async Task WakeAsync(CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            $"""
             WITH woken AS (
                 UPDATE incidents.incidents i SET snoozed_until = NULL, acknowledged_by = NULL, acknowledged_at = NULL
                 WHERE snoozed_until <= portal.now() AND resolved_at IS NULL AND NOT EXISTS (SELECT FROM escalation.runs r WHERE r.incident_id = i.id)
                 RETURNING id, partner_id),
             said AS (
                 INSERT INTO incidents.entries (incident_id, at, kind, by, what) SELECT id, portal.now(), 'snooze over', 'portal', 'The quiet time is over.' FROM woken)
             SELECT count(pg_notify('{ChangeFeed.Channel}', json_build_object('kind', '{IncidentRows.ChangeKind}', 'id', id, 'partnerId', partner_id)::text)) FROM woken
             """);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<IReadOnlyList<Guid>> WaitingAsync(int most, Guid[] not, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Database.SqlQueryRaw<Guid>($"SELECT id AS \"Value\" FROM incidents.alerts WHERE {Waits} ORDER BY id LIMIT {{2}}", database.Now, not, most).ToListAsync(cancel);
    }

    private async Task<int> TrySettleAsync(Batch batch, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal(Who), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = database.Now;
        var alerts = await db.Set<Alert>().FromSqlRaw(
            $"SELECT *, xmin FROM incidents.alerts WHERE {Waits} AND (cardinality({{2}}) = 0 OR id = ANY({{2}})) ORDER BY id LIMIT {{3}} FOR UPDATE SKIP LOCKED", now, batch.Not, batch.Only, batch.Most).ToListAsync(cancel);
        if (alerts.Count == 0)
        {
            return 0;
        }

        alerts.Sort((a, b) => a.Id.CompareTo(b.Id));
        var open = await OpenAsync(db, alerts, cancel);
        var places = await IncidentPlaces.ReadAsync(db, alerts.Select(a => (Guid?)a.IntegrationId), cancel);
        var holding = new Holding(await SilenceStore.HoldingAsync(db, now, cancel), await InhibitionStore.NowAsync(db, cancel));
        HashSet<Incident> touched = [];
        foreach (var alert in alerts)
        {
            if (alert.ResolvedAt is null)
            {
                Fire(db, alert, open, places, holding, touched);
            }
            else if (await EndAsync(db, alert, open, cancel) is { } ended)
            {
                touched.Add(ended);
            }
        }

        // The numbers that messages name are the database's.
        await db.SaveAsync(cancel);
        foreach (var incident in touched)
        {
            await TellAsync(db, incident, places.Of(incident.IntegrationId), cancel);
        }

        await IncidentRows.AnnounceAsync(db, touched, cancel);
        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return alerts.Count;
    }

    // Open incidents that these alerts may join or end, locked.
    private static async Task<Dictionary<(Guid?, string), LockedIncident>> OpenAsync(PortalContext db, List<Alert> alerts, CancellationToken cancel)
    {
        var (groups, known) = (alerts.Select(a => a.Group).Distinct().ToArray(), alerts.Select(a => a.IncidentId).OfType<Guid>().Distinct().ToArray());
        var incidents = await db.Set<Incident>().FromSql(
            $"SELECT *, xmin FROM incidents.incidents WHERE resolved_at IS NULL AND (\"group\" = ANY({groups}) OR id = ANY({known})) ORDER BY id FOR UPDATE").ToListAsync(cancel);
        var ids = incidents.Select(i => i.Id).ToList();
        var runs = await db.Set<EscalationRun>().Where(r => ids.Contains(r.IncidentId)).ToDictionaryAsync(r => r.IncidentId, cancel);
        return incidents.ToDictionary(i => (i.IntegrationId, i.Group), i => new LockedIncident(i, runs.GetValueOrDefault(i.Id)));
    }

    private void Fire(PortalContext db, Alert alert, Dictionary<(Guid?, string), LockedIncident> open, IncidentPlaces places, Holding holding, HashSet<Incident> touched)
    {
        var at = database.Now;
        var place = places.Of(alert.IntegrationId);
        var urgency = alert.Urgency ?? Urgencies.Of(alert.Severity, place?.Stage, alert.Labels);
        if (urgency == Urgency.Record)
        {
            alert.Settle(at, "Written down only: it is not urgent.");
            return;
        }

        var key = ((Guid?)alert.IntegrationId, alert.Group);
        if (!open.TryGetValue(key, out var locked))
        {
            if (holding.Silences.FirstOrDefault(s => s.IsAbout(alert, place?.PartnerSlug ?? "", place?.IntegrationSlug ?? "")) is { } silence)
            {
                var until = silence.HoldsUntil(at) ?? at;
                alert.HoldBack(silence.Id, FormattableString.Invariant($"until {until.UtcDateTime:d MMM HH:mm} UTC by a silence{(silence.Comment.Length > 0 ? $": {silence.Comment}" : ".")}"), until, at);
                return;
            }

            if (holding.Inhibiting.Of(alert, place?.PartnerSlug ?? "", place?.IntegrationSlug ?? "") is var (rule, source))
            {
                alert.HoldBack(rule.Id, $"while {source.Title} fires{(rule.Comment.Length > 0 ? $": {rule.Comment}" : ".")}", at + InhibitionStore.Look, at);
                return;
            }

            var incident = Incident.Open(
                new(alert.PartnerId, alert.IntegrationId, alert.Group, alert.Title, place?.WhatUsersSee ?? "", alert.Severity, urgency, alert.Onset, Source(alert)), at);
            open[key] = locked = new(incident, null);
            db.Add(incident);
            IncidentRows.Note(db, incident.Id, EntryKind.Opened, Source(alert), alert.Summary.Length == 0 ? alert.Title : alert.Summary, at);
        }
        else
        {
            locked.Incident.Join(alert.Severity, urgency, alert.Onset);
            IncidentRows.Note(db, locked.Incident.Id, EntryKind.Alert, Source(alert), $"{alert.Title} joined: {alert.Summary}", at);
        }

        if (locked is { Run: null, Incident.Urgency: Urgency.Page })
        {
            locked.Run = places.Start(locked.Incident, at);
            db.Add(locked.Run);
        }

        alert.Join(locked.Incident.Id, at);
        touched.Add(locked.Incident);
    }

    private async Task<Incident?> EndAsync(PortalContext db, Alert alert, Dictionary<(Guid?, string), LockedIncident> open, CancellationToken cancel)
    {
        var at = database.Now;
        var locked = open.Values.FirstOrDefault(l => l.Incident.Id == alert.IncidentId);
        alert.Settle(at, alert.IncidentId is null ? "It was over before an incident was opened." : null);
        if (locked is null || locked.Incident.ResolvedAt is not null)
        {
            return null;
        }

        IncidentRows.Note(db, locked.Incident.Id, EntryKind.AlertOver, Source(alert), $"{alert.Title} is over.", at);
        var (incident, own) = (locked.Incident.Id, alert.Id);
        // Alerts of this batch are tracked and newer than what the database answers.
        var others = await db.Set<Alert>().AsNoTracking().Where(a => a.IncidentId == incident && a.ResolvedAt == null && a.Id != own).Select(a => a.Id).ToListAsync(cancel);
        var fires = others.Any(id => db.Set<Alert>().Local.FindEntry(id)?.Entity is not { ResolvedAt: not null })
            || db.Set<Alert>().Local.Any(a => a.IncidentId == incident && a.ResolvedAt is null);
        if (!fires && !locked.Incident.OpenedBy.Contains('@', StringComparison.Ordinal))
        {
            IncidentRows.Note(db, incident, EntryKind.Resolved, Source(alert), locked.Incident.Resolve(Source(alert), at), at);
            locked.Run?.End(at);
            await IncidentRows.EndRunbooksAsync(db, incident, at, cancel);
        }

        return locked.Incident;
    }

    private async Task TellAsync(PortalContext db, Incident incident, IncidentPlace? place, CancellationToken cancel)
    {
        var at = database.Now;
        if (incident.ResolvedAt is not null)
        {
            await IncidentRows.DropPagesAsync(db, incident.Id, "It was over before this was sent.", cancel);
            await IncidentRows.TellPagedAsync(db, incident, NotificationKind.Resolved, "", $"is over: resolved by {incident.ResolvedBy}", p => links.UrlFor(incident.Id, p, at), at, cancel);
        }
        else if (incident is { Urgency: Urgency.WorkingHours } && place is { Owner.Length: > 0 })
        {
            await QueueNews.TellOwnerAsync(db, incident, place, links, at, cancel);
        }
    }

    private sealed record Holding(IReadOnlyList<Silence> Silences, InhibitionStore.Inhibiting Inhibiting);

    private static string Source(Alert alert) => alert.SourceName.Length > 0 ? $"{alert.Source} {alert.SourceName}" : alert.Source;
}
