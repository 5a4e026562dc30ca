using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>How long whoever took an incident may stay silent. Setting <c>Portal__Incidents__AcknowledgementTimeout</c>.</summary>
public sealed record IncidentPatience(TimeSpan Length)
{
    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">It is no length between a minute and a day; the message names the setting.</exception>
    public static IncidentPatience Read(string? setting) =>
        string.IsNullOrWhiteSpace(setting) ? new(Incident.UsualPatience)
        : Durations.TryParse(setting, out var length) && length >= TimeSpan.FromMinutes(1) && length <= TimeSpan.FromDays(1) ? new(length)
        : throw new FormatException($"Portal__Incidents__AcknowledgementTimeout: \"{setting}\" is not a length between 1m and 1d. Write it like 30m.");
}

/// <summary>
/// What people do with an incident. Every verb locks the incident's row, so that whoever acts in the same moment comes one after the other:
/// one wins, all of it stands in the timeline.
/// </summary>
public sealed class IncidentStore(PortalDatabase database, IncidentLinks links, IncidentPatience patience)
{
    /// <summary>What open pages are told about an incident.</summary>
    public const string ChangeKind = IncidentRows.ChangeKind;

    /// <summary>Takes it.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public Task<Incident> AcknowledgeAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        var (incident, at, before) = (locked.Incident, database.Now, locked.Incident.AcknowledgedBy);
        IncidentRows.Note(db, id, EntryKind.Acknowledged, by.Name, incident.Acknowledge(by.Name, patience.Length, at), at);
        if (incident.AcknowledgedBy == by.Name)
        {
            locked.Run?.Hold(incident.AcknowledgedUntil!.Value);
        }

        if (before is null)
        {
            await IncidentRows.DropStepPagesAsync(db, id, $"{by.Name} has it.", cancel);
            await IncidentRows.TellPagedAsync(db, incident, NotificationKind.Acknowledged, by.Name, $"acknowledged by {by.Name}", p => links.UrlFor(id, p, at), at, cancel);
        }
    }, cancel);

    /// <summary>Gives it to somebody, who is paged.</summary>
    /// <param name="id">The incident.</param>
    /// <param name="to">A mail address of ours; the asker's own takes it over.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="RuleBroken">It is over.</exception>
    public Task<Incident> ReassignAsync(Guid id, string to, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        var (at, who) = (database.Now, Person(to, "to"));
        IncidentRows.Note(db, id, EntryKind.Reassigned, by.Name, locked.Incident.Reassign(who, by.Name, patience.Length, at), at);
        locked.Run?.Hold(locked.Incident.AcknowledgedUntil!.Value);
        await IncidentRows.DropStepPagesAsync(db, id, $"{who} has it.", cancel);
        if (who != by.Name)
        {
            await AskAsync(db, locked.Incident, who, $"{by.Name} gave this to you", cancel);
        }
    }, cancel);

    /// <summary>The next step at once; whoever had it has it no more.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public Task<Incident> EscalateAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        var at = database.Now;
        IncidentRows.Note(db, id, EntryKind.Escalated, by.Name, locked.Incident.Escalate(by.Name), at);
        if (locked.Run is null)
        {
            db.Add(locked.Run = (await IncidentPlaces.ReadAsync(db, [locked.Incident.IntegrationId], cancel)).Start(locked.Incident, at));
        }

        locked.Run.Hurry(at);
    }, cancel);

    /// <summary>Asks somebody to help, who is paged.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public Task<Incident> AddResponderAsync(Guid id, string responder, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        var who = Person(responder, "responder");
        IncidentRows.Note(db, id, EntryKind.Responder, by.Name, locked.Incident.Add(who, by.Name), database.Now);
        Act(locked);
        await AskAsync(db, locked.Incident, who, $"{by.Name} asks for your help", cancel);
    }, cancel);

    /// <summary>Quiet until a moment.</summary>
    /// <exception cref="RuleBroken">It is over, or the moment cannot be.</exception>
    public Task<Incident> SnoozeAsync(Guid id, DateTimeOffset until, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        var at = database.Now;
        IncidentRows.Note(db, id, EntryKind.Snoozed, by.Name, locked.Incident.Snooze(until, by.Name, at), at);
        locked.Run?.Snooze(until);
        await IncidentRows.DropStepPagesAsync(db, id, $"{by.Name} snoozed it.", cancel);
    }, cancel);

    /// <summary>It is over. Whoever was paged is told.</summary>
    public Task<Incident> ResolveAsync(Guid id, string? why, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        if (locked.Incident.ResolvedAt is not null)
        {
            return;
        }

        var at = database.Now;
        var said = locked.Incident.Resolve(by.Name, at);
        IncidentRows.Note(db, id, EntryKind.Resolved, by.Name, string.IsNullOrWhiteSpace(why) ? said : $"{said} {why.Trim()}", at);
        locked.Run?.End(at);
        await IncidentRows.EndRunbooksAsync(db, id, at, cancel);
        await IncidentRows.DropPagesAsync(db, id, $"Resolved by {by.Name}.", cancel);
        await IncidentRows.TellPagedAsync(db, locked.Incident, NotificationKind.Resolved, by.Name, $"is over: resolved by {by.Name}", p => links.UrlFor(id, p, at), at, cancel);
    }, cancel);

    /// <summary>Writes something down.</summary>
    /// <exception cref="FieldsRefused">There is no text, or too much.</exception>
    public Task<Incident> NoteAsync(Guid id, string? text, Actor by, CancellationToken cancel) => EditAsync(id, by, (db, locked) =>
    {
        var check = new FieldCheck();
        var note = check.Needed("text", text, "what the next person must know", 4000);
        check.ThrowIfRefused();
        IncidentRows.Note(db, id, EntryKind.Note, by.Name, note, database.Now);
        Act(locked);
        return Task.CompletedTask;
    }, cancel);

    /// <summary>Somebody called a contact of the partner.</summary>
    public Task<Incident> CalledAsync(Guid id, string whom, AttemptOutcome outcome, Actor by, CancellationToken cancel) => EditAsync(id, by, (db, locked) =>
    {
        IncidentRows.Note(db, id, EntryKind.Call, by.Name, $"{by.Name} called {whom}: {Words.Of(outcome)}.", database.Now);
        Act(locked);
        return Task.CompletedTask;
    }, cancel);

    /// <summary>Changes details.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public Task<Incident> ChangeAsync(Guid id, IncidentChange change, Actor by, CancellationToken cancel) => EditAsync(id, by, (db, locked) =>
    {
        if (locked.Incident.Change(change, by.Name) is { } said)
        {
            IncidentRows.Note(db, id, EntryKind.Changed, by.Name, said, database.Now);
        }

        Act(locked);
        return Task.CompletedTask;
    }, cancel);

    /// <summary>It is the same as another one, which keeps its alerts.</summary>
    /// <exception cref="RuleBroken">One of them is over, or both are the same.</exception>
    public Task<Incident> MergeAsync(Guid id, Guid into, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        var (other, at) = (await IncidentRows.LockAsync(db, into, cancel), database.Now);
        IncidentRows.See(other.Incident, by);
        var said = locked.Incident.MergeInto(other.Incident, by.Name, at);
        IncidentRows.Note(db, id, EntryKind.Merged, by.Name, said, at);
        IncidentRows.Note(db, into, EntryKind.Merged, by.Name, $"{by.Name} merged {locked.Incident.Label} into this: {locked.Incident.Title}", at);
        locked.Run?.End(at);
        await IncidentRows.EndRunbooksAsync(db, id, at, cancel);
        await IncidentRows.DropPagesAsync(db, id, $"Merged into {other.Incident.Label}.", cancel);
        await IncidentMerging.MoveAlertsAsync(db, id, into, cancel);
        await IncidentRows.TellPagedAsync(db, locked.Incident, NotificationKind.Resolved, by.Name, $"goes on as {other.Incident.Label}", p => links.UrlFor(into, p, at), at, cancel);
        await IncidentRows.AnnounceAsync(db, other.Incident, cancel);
    }, cancel, alsoLocks: into);

    /// <summary>Follows the policies as they are now, from the first step.</summary>
    public Task<Incident> UseCurrentPolicyAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, by, async (db, locked) =>
    {
        if (locked.Run is { EndedAt: null } run)
        {
            var places = await IncidentPlaces.ReadAsync(db, [locked.Incident.IntegrationId], cancel);
            run.Rebind(places.Linked(locked.Incident), places.LastResort(database.Now), database.Now);
            IncidentRows.Note(db, id, EntryKind.Changed, by.Name, $"{by.Name} follows the policy as it is now: {run.Policy.Name}.", database.Now);
        }
    }, cancel);

    private async Task<Incident> EditAsync(Guid id, Actor by, Func<PortalContext, LockedIncident, Task> edit, CancellationToken cancel, Guid? alsoLocks = null)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (alsoLocks is { } other && other.CompareTo(id) < 0)
        {
            // Two that are merged into each other in the same moment must not wait for each other.
            await IncidentRows.LockAsync(db, other, cancel);
        }

        var locked = await IncidentRows.LockAsync(db, id, cancel);
        IncidentRows.See(locked.Incident, by);
        await edit(db, locked);
        await db.SaveAsync(cancel);
        await IncidentRows.AnnounceAsync(db, locked.Incident, cancel);
        await transaction.CommitAsync(cancel);
        return locked.Incident;
    }

    private void Act(LockedIncident locked) => IncidentRows.Act(locked, patience.Length, database.Now);

    private async Task AskAsync(PortalContext db, Incident incident, string who, string why, CancellationToken cancel)
    {
        var at = database.Now;
        var place = (await IncidentPlaces.ReadAsync(db, [incident.IntegrationId], cancel)).Of(incident.IntegrationId);
        var text = Pages.Text(incident, place, links.UrlFor(incident.Id, who, at), at);
        var routes = (await RouteBook.ReadAsync(db, [who], cancel)).Of(who, who);
        db.AddRange(routes.Select((route, rank) => Notification.Write(
            new($"{incident.Id:N}.ask.{at.ToUnixTimeMilliseconds()}.{who}.{rank}", NotificationKind.Page, true, who, who, route.Channel, route.Address,
                text with { Body = $"{why}\n{text.Body}" }, incident.Id, Rank: rank, DueAt: at + route.After, ChannelId: route.ChannelId), at)));
    }

    private static string Person(string? mail, string field)
    {
        var check = new FieldCheck();
        var who = check.Mail(field, check.Needed(field, mail, "the mail address of one of our people"))?.ToLowerInvariant();
        check.ThrowIfRefused();
        return who!;
    }
}
