using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Incidents;

/// <summary>An incident that a transaction has for itself, with its run. The incident's row is the one lock for everything that happens to it.</summary>
internal sealed class LockedIncident(Incident incident, EscalationRun? run)
{
    public Incident Incident { get; } = incident;

    public EscalationRun? Run { get; set; } = run;
}

/// <summary>Locks incidents and writes down what happened to them.</summary>
internal static class IncidentRows
{
    /// <summary>What open pages are told about an incident.</summary>
    public const string ChangeKind = "incident";

    /// <summary>Locks one incident until the transaction ends.</summary>
    /// <exception cref="NotThere">There is none.</exception>
    public static async Task<LockedIncident> LockAsync(PortalContext db, Guid id, CancellationToken cancel)
    {
        var incident = await db.Set<Incident>().FromSql($"SELECT *, xmin FROM incidents.incidents WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancel) ?? throw new NotThere("such incident");
        return new(incident, await db.Set<EscalationRun>().SingleOrDefaultAsync(r => r.IncidentId == id, cancel));
    }

    /// <summary>Refuses an actor who is bound to another partner.</summary>
    /// <exception cref="NotThere">They may not know of it.</exception>
    public static void See(Incident incident, Actor by)
    {
        if (by.PartnerId is { } bound && incident.PartnerId != bound)
        {
            throw new NotThere("such incident");
        }
    }

    /// <summary>Whoever has it acted: the time until it is nobody's again begins anew.</summary>
    public static void Act(LockedIncident locked, TimeSpan patience, DateTimeOffset at)
    {
        locked.Incident.Touch(patience, at);
        if (locked.Incident.State == IncidentState.Acknowledged)
        {
            locked.Run?.Hold(locked.Incident.AcknowledgedUntil!.Value);
        }
    }

    /// <summary>It is over: what is followed ends as it stands.</summary>
    public static async Task EndRunbooksAsync(PortalContext db, Guid incident, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (var run in await db.Set<RunbookRun>().Where(r => r.IncidentId == incident && r.EndedAt == null).ToListAsync(cancel))
        {
            run.End(at);
            Note(db, incident, EntryKind.Runbook, "portal", $"“{run.Title}” ended with the incident: {run.Sum}", at);
        }
    }

    /// <summary>Adds a line to the timeline.</summary>
    public static void Note(PortalContext db, Guid incident, EntryKind kind, string by, string what, DateTimeOffset at) => db.Add(IncidentEntry.Of(incident, kind, by, what, at));

    /// <summary>Tells open pages when the transaction commits; incidents have a timeline of their own, so the audit log does not.</summary>
    public static Task AnnounceAsync(PortalContext db, Incident incident, CancellationToken cancel) => AnnounceAsync(db, [incident], cancel);

    /// <summary>The same for several, in one round trip.</summary>
    public static Task AnnounceAsync(PortalContext db, IReadOnlyCollection<Incident> incidents, CancellationToken cancel)
    {
        var (ids, partners) = (incidents.Select(i => i.Id).ToArray(), incidents.Select(i => i.PartnerId).ToArray());
        return db.Database.ExecuteSqlAsync(
            $"SELECT count(pg_notify({ChangeFeed.Channel}, json_build_object('kind', {ChangeKind}, 'id', id, 'partnerId', partner)::text)) FROM unnest({ids}, {partners}) AS told (id, partner)", cancel);
    }

    /// <summary>Pages of steps that are not sent yet are not needed while somebody has it; who was asked to help is still asked.</summary>
    public static Task DropStepPagesAsync(PortalContext db, Guid incident, string why, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"UPDATE escalation.notifications SET state = 'dropped', problem = {why} WHERE incident_id = {incident} AND kind = 'page' AND state = 'pending' AND step_id IS NOT NULL", cancel);

    /// <summary>It is over: no page is needed any more.</summary>
    public static Task DropPagesAsync(PortalContext db, Guid incident, string why, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"UPDATE escalation.notifications SET state = 'dropped', problem = {why} WHERE incident_id = {incident} AND kind = 'page' AND state = 'pending'", cancel);

    /// <summary>Everybody who was paged about an incident learns how it goes on, the way they were paged; who did it need not be told.</summary>
    public static async Task TellPagedAsync(PortalContext db, Incident incident, NotificationKind kind, string by, string what, Func<string, string?> link, DateTimeOffset at, CancellationToken cancel)
    {
        var paged = await db.Set<Notification>().AsNoTracking()
            .Where(n => n.IncidentId == incident.Id && n.Kind == NotificationKind.Page && n.Recipient != by
                && (n.State == NotificationState.Sent || n.State == NotificationState.Sending || n.PossiblyTwice || n.Problem!.StartsWith(CaughtMark)))
            .Select(n => new { n.Recipient, n.RecipientName, n.Channel, n.Address, n.ChannelId, n.Rank }).Distinct().ToListAsync(cancel);
        var routes = await RouteBook.ReadAsync(db, paged.Select(p => p.Recipient), cancel);
        var moment = kind == NotificationKind.Resolved ? "" : $".{at.ToUnixTimeMilliseconds()}";
        db.AddRange(paged.Select((p, n) => Notification.Write(
            new($"{incident.Id:N}.{Words.Of(kind)}{moment}.{n}", kind, kind == NotificationKind.Resolved, p.Recipient, p.RecipientName, p.Channel, p.Address,
                new($"{incident.Label} {what}", $"{incident.Title}\n{what}", link(p.Recipient), incident.Label, incident.Severity), incident.Id, Rank: p.Rank, DueAt: routes.When(p.Recipient, kind, at), ChannelId: p.ChannelId), at)));
    }

    /// <summary>How the reason of a page begins that may have gone out before its portal died.</summary>
    public const string CaughtMark = "The portal died";
}
