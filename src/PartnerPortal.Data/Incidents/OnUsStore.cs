using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>How many unrelated partners must fail together to make it ours; 0: never. Setting <c>Portal__Incidents__OnUsPartners</c>, usually 3.
/// Two are enough when an alert of one carries <c>control="true"</c>: a target that has nothing to do with partners.</summary>
public sealed record OnUsRule(int Partners)
{
    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">It is no number from 2 to 100, and not 0; the message names the setting.</exception>
    public static OnUsRule Read(string? setting) =>
        string.IsNullOrWhiteSpace(setting) ? new(3)
        : int.TryParse(setting, System.Globalization.CultureInfo.InvariantCulture, out var partners) && partners is 0 or (>= 2 and <= 100) ? new(partners)
        : throw new FormatException($"Portal__Incidents__OnUsPartners: \"{setting}\" is no number from 2 to 100, and not 0 for never.");
}

/// <summary>
/// When partners that have nothing to do with each other fail together, the cause is ours: our network, our deploy. One incident on us is opened, pages by
/// the last resort, and the others become part of it: they keep their alerts and their pages, and page again by themselves when it is over and they are not.
/// </summary>
public sealed class OnUsStore(PortalDatabase database, OnUsRule rule)
{
    /// <summary>How close together they must have opened.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMinutes(5);

    private const string Group = "on us";

    /// <summary>Opens the incident on us if it is time, and makes the others part of it.</summary>
    /// <returns>How many became part of it.</returns>
    public async Task<int> GatherAsync(CancellationToken cancel)
    {
        if (rule.Partners == 0 || !await MayBeAsync(cancel))
        {
            return 0;
        }

        await using var db = await database.WriteAsync(Actor.Portal("on us"), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (at, since) = (database.Now, database.Now - Together);
        // One portal at a time; the rows that somebody works on just now come with the next look.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('incidents.on us'))", cancel);
        var members = await db.Set<Incident>().FromSql(
            $"""
             SELECT *, xmin FROM incidents.incidents WHERE resolved_at IS NULL AND urgency = 'page' AND partner_id IS NOT NULL AND part_of IS NULL AND acknowledged_by IS NULL AND NOT drill
                 AND opened_at > {since} AND opened_by NOT LIKE '%@%' ORDER BY id FOR UPDATE SKIP LOCKED
             """).ToListAsync(cancel);
        var parent = await db.Set<Incident>().FromSql($"SELECT *, xmin FROM incidents.incidents WHERE resolved_at IS NULL AND \"group\" = {Group} AND integration_id IS NULL FOR UPDATE").SingleOrDefaultAsync(cancel);
        if (parent is null)
        {
            var ids = members.Select(m => m.Id).ToList();
            var partners = members.Select(m => m.PartnerId).Distinct().Count();
            var control = await db.Set<Alert>().Where(a => a.IncidentId != null && ids.Contains(a.IncidentId.Value)).Select(a => a.Labels).ToListAsync(cancel);
            if (partners < (control.Exists(l => l.GetValueOrDefault("control") == "true") ? 2 : rule.Partners))
            {
                return 0;
            }

            parent = Open(db, partners, await NamesAsync(db, members, cancel), members, at);
            await db.SaveAsync(cancel);
            var places = await IncidentPlaces.ReadAsync(db, [null], cancel);
            db.Add(places.Start(parent, at));
        }

        await AttachAsync(db, parent, members, at, cancel);
        await db.SaveAsync(cancel);
        await IncidentRows.AnnounceAsync(db, parent, cancel);
        await transaction.CommitAsync(cancel);
        return members.Count;
    }

    // A look that costs one short index, and nearly always says no.
    private async Task<bool> MayBeAsync(CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            """
            SELECT count(DISTINCT partner_id) >= 2 OR (count(*) > 0 AND EXISTS (SELECT FROM incidents.incidents WHERE resolved_at IS NULL AND "group" = $2 AND integration_id IS NULL))
            FROM incidents.incidents WHERE resolved_at IS NULL AND urgency = 'page' AND partner_id IS NOT NULL AND part_of IS NULL AND acknowledged_by IS NULL AND NOT drill AND opened_at > portal.now() - $1
                AND opened_by NOT LIKE '%@%'
            """);
        command.Parameters.Add(new() { Value = Together });
        command.Parameters.Add(new() { Value = Group });
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static Incident Open(PortalContext db, int partners, IReadOnlyList<string> names, List<Incident> members, DateTimeOffset at)
    {
        var first = members.MinBy(m => m.Onset.FirstBad)!;
        var incident = Incident.Open(
            new(null, null, Group, $"{partners} partners fail together: {string.Join(", ", names.Take(4))}{(names.Count > 4 ? " and more" : "")}", "", members.Min(m => m.Severity), Urgency.Page, first.Onset, "portal"), at);
        db.Add(incident);
        IncidentRows.Note(db, incident.Id, EntryKind.Opened, "portal", "Partners that have nothing to do with each other fail at the same time, so the cause is probably on our side: network, DNS, our own deploy.", at);
        return incident;
    }

    private static async Task AttachAsync(PortalContext db, Incident parent, List<Incident> members, DateTimeOffset at, CancellationToken cancel)
    {
        var ids = members.Select(m => m.Id).ToList();
        var runs = await db.Set<EscalationRun>().Where(r => ids.Contains(r.IncidentId) && r.EndedAt == null).ToDictionaryAsync(r => r.IncidentId, cancel);
        foreach (var member in members)
        {
            IncidentRows.Note(db, member.Id, EntryKind.Merged, "portal", member.BecomePartOf(parent), at);
            runs.GetValueOrDefault(member.Id)?.WaitForParent(at);
            IncidentRows.Note(db, parent.Id, EntryKind.Merged, "portal", $"{member.Label} is part of this: {member.Title}", at);
            await IncidentRows.DropStepPagesAsync(db, member.Id, $"It is part of {parent.Label}.", cancel);
            await IncidentRows.AnnounceAsync(db, member, cancel);
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(PortalContext db, List<Incident> members, CancellationToken cancel)
    {
        var ids = members.Select(m => m.PartnerId).OfType<Guid>().Distinct().ToList();
        return await db.Partners.Where(p => ids.Contains(p.Id)).OrderBy(p => p.Name).Select(p => p.Name).ToListAsync(cancel);
    }
}
