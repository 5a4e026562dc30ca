using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Escalation;

/// <summary>
/// Carries out what runs are due for. A step is one transaction: the run's row is locked, so one portal does it; the step, its messages and the
/// next due moment are committed together or not at all; a portal that dies gives the lock back and another one does the whole step.
/// </summary>
public sealed class RunStore(PortalDatabase database, IncidentLinks links)
{
    private readonly LeftAlone _alone = new();

    /// <summary>Carries out what is due, the longest overdue first.</summary>
    /// <param name="most">At most so many runs in one transaction.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>How many runs went on; fewer than <paramref name="most"/> when no more are due, or another portal has them.</returns>
    /// <exception cref="InvalidOperationException">Some cannot go on; they are tried again in a minute, the others went on.</exception>
    public Task<int> CarryOutDueAsync(int most, CancellationToken cancel) =>
        _alone.DoAsync(most, () => database.Now, not => DueAsync(most, not, cancel), batch => CarryOutAsync(batch, cancel));

    private async Task<IReadOnlyList<Guid>> DueAsync(int most, Guid[] not, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM escalation.runs WHERE due_at <= portal.now() AND NOT id = ANY({not}) ORDER BY due_at LIMIT {most}").ToListAsync(cancel);
    }

    private async Task<int> CarryOutAsync(Batch batch, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("escalation"), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var runs = await db.Set<EscalationRun>().FromSql(
            $"""
             SELECT r.*, r.xmin FROM escalation.runs r JOIN incidents.incidents i ON i.id = r.incident_id
             WHERE r.due_at <= portal.now() AND NOT r.id = ANY({batch.Not}) AND (cardinality({batch.Only}) = 0 OR r.id = ANY({batch.Only}))
             ORDER BY r.due_at LIMIT {batch.Most} FOR UPDATE OF i, r SKIP LOCKED
             """).ToListAsync(cancel);
        if (runs.Count == 0)
        {
            return 0;
        }

        var ids = runs.Select(r => r.IncidentId).ToList();
        var incidents = await db.Set<Incident>().Where(i => ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id, cancel);
        var places = await IncidentPlaces.ReadAsync(db, incidents.Values.Select(i => i.IntegrationId), cancel);
        List<(Incident Incident, EscalationRun Run, IReadOnlyList<RunStep> Steps)> done = [];
        foreach (var ofPartner in runs.GroupBy(r => incidents[r.IncidentId].PartnerId))
        {
            var targets = ofPartner.SelectMany(r => r.Policies).SelectMany(p => p.Steps).SelectMany(s => s.Targets).Distinct().ToList();
            var book = await CalleeBook.ReadAsync(db, targets, ofPartner.Key, database.Now, cancel);
            foreach (var run in ofPartner)
            {
                done.Add((incidents[run.IncidentId], run, await GoOnAsync(db, run, incidents[run.IncidentId], book.Reach, cancel)));
            }
        }

        var routes = await RouteBook.ReadAsync(db, done.SelectMany(d => d.Steps).SelectMany(s => s.Calls).Select(c => c.Key), cancel);
        foreach (var (incident, run, steps) in done)
        {
            WriteDown(db, run, incident, places.Of(incident.IntegrationId), steps, routes);
        }

        await db.SaveAsync(cancel);
        await IncidentRows.AnnounceAsync(db, incidents.Values, cancel);
        await transaction.CommitAsync(cancel);
        return runs.Count;
    }

    private async Task<IReadOnlyList<RunStep>> GoOnAsync(PortalContext db, EscalationRun run, Incident incident, Func<Target, Reached> reach, CancellationToken cancel)
    {
        var at = database.Now;
        if (run.Timer == RunTimer.Acknowledgement)
        {
            IncidentRows.Note(db, incident.Id, EntryKind.AcknowledgementOver, "portal", incident.LoseAcknowledgement(), at);
            run.Resume(at);
        }
        else if (run.Timer == RunTimer.Snooze)
        {
            IncidentRows.Note(db, incident.Id, EntryKind.SnoozeOver, "portal", incident.WakeUp(), at);
            run.Resume(at);
        }
        else if (run.Timer == RunTimer.Parent)
        {
            if (await db.Set<Incident>().AnyAsync(i => i.Id == incident.PartOf && i.ResolvedAt == null, cancel))
            {
                run.WaitForParent(at);
                return [];
            }

            IncidentRows.Note(db, incident.Id, EntryKind.SnoozeOver, "portal", incident.StandAlone(), at);
            run.Resume(at);
        }

        var steps = run.CarryOut(reach, at, incident.Severity);
        if (run.HeldSince == at)
        {
            IncidentRows.Note(db, incident.Id, EntryKind.Gap, "portal", $"Step {run.Next + 1} of {run.Policy.Name} waits until somebody is on call.", at);
        }

        return steps;
    }

    private void WriteDown(PortalContext db, EscalationRun run, Incident incident, IncidentPlace? place, IReadOnlyList<RunStep> steps, RouteBook routes)
    {
        var at = database.Now;
        foreach (var step in steps)
        {
            db.Add(step);
            var name = run.Policies.First(p => p.Slug == step.Policy).Name;
            var which = $"Step {step.Number} of {name}{(step.Round > 1 ? $", round {step.Round}" : "")}";
            if (step.Calls.Count > 0)
            {
                IncidentRows.Note(db, incident.Id, EntryKind.Step, "portal", $"{which}: {string.Join(", ", step.Calls.Select(c => c.Name))}.", at);
                db.AddRange(Pages.Of(incident, place, step, routes, links, at));
            }

            if (step is { Calls.Count: 0, Passed.Count: > 0 })
            {
                IncidentRows.Note(db, incident.Id, EntryKind.Step, "portal", $"{which} was passed over: {string.Join(" ", step.Passed)}", at);
            }

            foreach (var gap in step.Gaps)
            {
                IncidentRows.Note(db, incident.Id, EntryKind.Gap, "portal", $"{which}: {gap}", at);
            }
        }
    }
}
