using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Communications;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Incidents;

/// <summary>An incident with where it belongs and what comes next.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Partner">Slug; null when it is on us.</param>
/// <param name="PartnerName">Name of the partner, or "Us".</param>
/// <param name="Integration">Slug of the integration.</param>
/// <param name="NextStepAt">When the next people are paged; null while somebody has it.</param>
/// <param name="Alerts">How many alerts it holds.</param>
public sealed record IncidentRow(Incident Incident, string? Partner, string PartnerName, string? Integration, DateTimeOffset? NextStepAt, int Alerts);

/// <summary>What a list of incidents is narrowed to; null means any.</summary>
/// <param name="State">Where they stand.</param>
/// <param name="Partner">Slug of a partner.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Integration">Slug of an integration.</param>
/// <param name="Mine">Mail address of somebody who has them, or was asked to help.</param>
/// <param name="Urgency">How loudly people were told.</param>
/// <param name="NotOver">Only those that are not resolved.</param>
/// <param name="Text">A part of the title, or a number.</param>
public sealed record IncidentFilter(
    IncidentState? State = null, string? Partner = null, Severity? Severity = null, string? Integration = null, string? Mine = null, Urgency? Urgency = null, bool NotOver = false, string? Text = null);

/// <summary>Everything about one incident.</summary>
public sealed record IncidentSheet(
    IncidentRow Row, IReadOnlyList<Alert> Alerts, EscalationRun? Run, IReadOnlyList<RunStep> Steps, IReadOnlyList<Notification> Notifications, IReadOnlyList<IncidentEntry> Timeline,
    bool PolicyEdited, IReadOnlyList<IncidentRow> Merged, IReadOnlyList<FoundRunbook> Runbooks)
{
    /// <summary>The incident on us that it is a part of.</summary>
    public IncidentRow? Parent { get; init; }

    /// <summary>The incidents that are a part of it.</summary>
    public IReadOnlyList<IncidentRow> Parts { get; init; } = [];

    /// <summary>What the partner announced for the time in which it began, or for now.</summary>
    public Maintenance? Maintenance { get; init; }

    /// <summary>Ids of single requests that alerts and people's notes name.</summary>
    public IReadOnlyList<string> RequestIds { get; } = Domain.Incidents.RequestIds.In(Alerts, Timeline.Where(e => e.Kind == EntryKind.Note).Select(e => e.What));
}

/// <summary>Reads incidents.</summary>
public sealed class IncidentListStore(PortalDatabase database)
{
    /// <summary>Incidents older than a given one, newest first.</summary>
    /// <param name="filter">What to narrow to.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="by">Who asks: an actor bound to a partner gets that partner's.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<IncidentRow>> AfterAsync(IncidentFilter filter, Guid? after, int take, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var incidents = Narrow(db.Set<Incident>(), filter, by);
        incidents = after is { } last ? incidents.Where(i => i.Id.CompareTo(last) < 0) : incidents;
        return await Rows(db, incidents, filter.Partner, filter.Integration).Take(take).ToListAsync(cancel);
    }

    /// <summary>How many there are.</summary>
    public async Task<int> CountAsync(IncidentFilter filter, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, Narrow(db.Set<Incident>(), filter, by), filter.Partner, filter.Integration).CountAsync(cancel);
    }

    /// <summary>The id behind what people write: an id, a number, or INC-214.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<Guid> FindAsync(string text, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var incidents = db.Set<Incident>().Where(i => by.PartnerId == null || i.PartnerId == by.PartnerId);
        var digits = text.StartsWith("INC-", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        var found = Guid.TryParse(text, out var id) ? await incidents.Where(i => i.Id == id).Select(i => (Guid?)i.Id).SingleOrDefaultAsync(cancel)
            : int.TryParse(digits, out var number) ? await incidents.Where(i => i.Number == number).Select(i => (Guid?)i.Id).SingleOrDefaultAsync(cancel)
            : null;
        return found ?? throw new NotThere("such incident");
    }

    /// <summary>Whether a person's links still open incidents: their account was not closed. Somebody without an account was only written to.</summary>
    public async Task<bool> MayOpenAsync(string person, CancellationToken cancel)
    {
        var upper = person.ToUpperInvariant();
        await using var db = await database.ReadAsync(cancel);
        return !await db.Users.AnyAsync(u => u.NormalizedEmail == upper && u.DisabledAt != null, cancel);
    }

    /// <summary>Everything about one incident.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<IncidentSheet> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var row = await Rows(db, Narrow(db.Set<Incident>().Where(i => i.Id == id), new(), by), null, null).SingleOrDefaultAsync(cancel) ?? throw new NotThere("such incident");
        var alerts = await db.Set<Alert>().Where(a => a.IncidentId == id).OrderBy(a => a.Id).Take(500).ToListAsync(cancel);
        var run = await db.Set<EscalationRun>().SingleOrDefaultAsync(r => r.IncidentId == id, cancel);
        var steps = await db.Set<RunStep>().Where(s => s.IncidentId == id).OrderByDescending(s => s.Turn).Take(200).ToListAsync(cancel);
        var sent = await db.Set<Notification>().Where(n => n.IncidentId == id).OrderByDescending(n => n.Id).Take(200).ToListAsync(cancel);
        var entries = await db.Set<IncidentEntry>().Where(e => e.IncidentId == id).OrderByDescending(e => e.Id).Take(500).ToListAsync(cancel);
        var merged = await Rows(db, db.Set<Incident>().Where(i => i.MergedInto == id), null, null).ToListAsync(cancel);
        return new(row, alerts, run, [.. steps.OrderBy(s => s.Turn)], [.. sent.OrderBy(n => n.Id)], [.. entries.OrderBy(e => e.Id)], await IsEditedAsync(db, run, cancel), merged,
            await RunbookRunStore.FindAsync(db, row.Incident.PartnerId, new(alerts, row.Integration), cancel))
        {
            Parent = row.Incident.PartOf is { } parent ? await Rows(db, db.Set<Incident>().Where(i => i.Id == parent), null, null).SingleOrDefaultAsync(cancel) : null,
            Parts = await Rows(db, db.Set<Incident>().Where(i => i.PartOf == id), null, null).ToListAsync(cancel),
            Maintenance = await MaintenanceAsync(db, row.Incident, cancel),
        };
    }

    private static async Task<Maintenance?> MaintenanceAsync(PortalContext db, Incident incident, CancellationToken cancel)
    {
        var (from, to) = (incident.Onset.FirstBad, incident.ResolvedAt ?? DateTimeOffset.MaxValue);
        return incident.IntegrationId is not { } integration ? null : await db.Set<Maintenance>().AsNoTracking()
            .Where(m => m.IntegrationId == integration && m.CalledOffAt == null && m.To > from && m.From < to && m.From < incident.OpenedAt.AddDays(1)).OrderBy(m => m.From).FirstOrDefaultAsync(cancel);
    }

    private static async Task<bool> IsEditedAsync(PortalContext db, EscalationRun? run, CancellationToken cancel)
    {
        if (run is null)
        {
            return false;
        }

        var slugs = run.Policies.Select(p => p.Slug).ToList();
        var now = await db.EscalationPolicies.Where(p => slugs.Contains(p.Slug)).Select(p => new { p.Slug, p.Version }).ToDictionaryAsync(p => p.Slug, p => p.Version, cancel);
        return run.Policies.Any(p => p.Version != 0 && now.GetValueOrDefault(p.Slug) != p.Version);
    }

    private static IQueryable<Incident> Narrow(IQueryable<Incident> incidents, IncidentFilter filter, Actor by)
    {
        incidents = by.PartnerId is { } bound ? incidents.Where(i => i.PartnerId == bound) : incidents;
        incidents = filter.Severity is { } severity ? incidents.Where(i => i.Severity == severity) : incidents;
        incidents = filter.Urgency is { } urgency ? incidents.Where(i => i.Urgency == urgency) : incidents;
        incidents = filter.NotOver ? incidents.Where(i => i.ResolvedAt == null) : incidents;
        incidents = filter.Mine is { } who && JsonSerializer.Serialize(new[] { who }) is var asked
            ? incidents.Where(i => i.AcknowledgedBy == who || EF.Functions.JsonContains(i.Responders, asked)) : incidents;
        if (filter.Text is { Length: > 0 } text)
        {
            var number = int.TryParse(text.StartsWith("INC-", StringComparison.OrdinalIgnoreCase) ? text[4..] : text, out var n) ? n : -1;
            var like = "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            incidents = incidents.Where(i => i.Number == number || EF.Functions.ILike(i.Title, like));
        }

        return filter.State switch
        {
            IncidentState.Open => incidents.Where(i => i.ResolvedAt == null && i.AcknowledgedBy == null && i.SnoozedUntil == null),
            IncidentState.Acknowledged => incidents.Where(i => i.ResolvedAt == null && i.AcknowledgedBy != null && i.SnoozedUntil == null),
            IncidentState.Snoozed => incidents.Where(i => i.ResolvedAt == null && i.SnoozedUntil != null),
            IncidentState.Resolved => incidents.Where(i => i.ResolvedAt != null),
            _ => incidents,
        };
    }

    private static IQueryable<IncidentRow> Rows(PortalContext db, IQueryable<Incident> incidents, string? slug, string? only) =>
        from incident in incidents
        join p in db.Partners on incident.PartnerId equals p.Id into partners
        from partner in partners.DefaultIfEmpty()
        join i in db.Integrations on incident.IntegrationId equals i.Id into integrations
        from integration in integrations.DefaultIfEmpty()
        where (slug == null || partner.Slug == slug) && (only == null || integration.Slug == only)
        orderby incident.Id descending
        select new IncidentRow(
            incident, partner.Slug, partner == null ? "Us" : partner.Name, integration.Slug,
            db.Set<EscalationRun>().Where(r => r.IncidentId == incident.Id && r.Timer == RunTimer.Step).Select(r => r.DueAt).FirstOrDefault(),
            db.Set<Alert>().Count(a => a.IncidentId == incident.Id));
}
