using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>A fire drill and how it went.</summary>
/// <param name="Incident">The incident that it was.</param>
/// <param name="Steps">How many steps were carried out until somebody took it.</param>
/// <param name="Gaps">What reached nobody.</param>
/// <param name="Failed">Messages that could not be delivered.</param>
public sealed record DrillRow(Incident Incident, int Steps, IReadOnlyList<string> Gaps, int Failed)
{
    /// <summary>How long it took until somebody had it; null while nobody has, or nobody ever had.</summary>
    public TimeSpan? TakenAfter => Incident.AcknowledgedAt is { } at ? at - Incident.OpenedAt : null;
}

/// <summary>Fire drills of policies: they page for real, are called a drill in every message, and are scored.</summary>
public sealed class DrillStore(PortalDatabase database)
{
    /// <summary>Starts a drill; whoever takes it has passed.</summary>
    /// <exception cref="NotThere">No policy has this slug.</exception>
    /// <exception cref="RuleBroken">One of this policy runs already.</exception>
    public async Task<Incident> StartAsync(string policy, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var at = database.Now;
        var found = await db.EscalationPolicies.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == policy, cancel) ?? throw new NotThere($"escalation policy called {policy}");
        var incident = Incident.Drilled(Group(policy), found.Name, by.Name, at);
        db.Add(incident);
        IncidentRows.Note(db, incident.Id, EntryKind.Opened, by.Name, $"{by.Name} drills the policy {found.Name}. Nothing is wrong; whoever is paged takes it.", at);
        db.Add(EscalationRun.Start(incident.Id, found, (await IncidentPlaces.ReadAsync(db, [null], cancel)).LastResort(at), at));
        // The same group is open at most once.
        await db.SaveAsync(cancel, () => new AlreadyTaken("policy", $"A drill of {found.Name} runs already. End it first."));
        await IncidentRows.AnnounceAsync(db, incident, cancel);
        await transaction.CommitAsync(cancel);
        return incident;
    }

    /// <summary>The last drills of a policy, the newest first.</summary>
    public async Task<IReadOnlyList<DrillRow>> ListAsync(string policy, int most, CancellationToken cancel)
    {
        var group = Group(policy);
        await using var db = await database.ReadAsync(cancel);
        var drills = await db.Set<Incident>().Where(i => i.Drill && i.Group == group).OrderByDescending(i => i.Id).Take(most).ToListAsync(cancel);
        var ids = drills.Select(d => d.Id).ToList();
        var steps = (await db.Set<RunStep>().Where(s => ids.Contains(s.IncidentId)).ToListAsync(cancel)).ToLookup(s => s.IncidentId);
        var failed = (await db.Set<Notification>().Where(n => n.IncidentId != null && ids.Contains(n.IncidentId.Value) && n.State == NotificationState.Failed).Select(n => n.IncidentId!.Value).ToListAsync(cancel)).ToLookup(i => i);
        return [.. drills.Select(d => new DrillRow(d, steps[d.Id].Count(s => s.Calls.Count > 0), [.. steps[d.Id].SelectMany(s => s.Gaps).Distinct()], failed[d.Id].Count()))];
    }

    private static string Group(string policy) => $"drill {policy}";
}
