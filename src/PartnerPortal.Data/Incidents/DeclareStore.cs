using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Data.Incidents;

/// <summary>Incidents that people declare: they heard it from users before any figure moved.</summary>
public sealed class DeclareStore(PortalDatabase database)
{
    /// <summary>Declares an incident; it pages in the moment in which this is committed.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    public async Task<Incident> DeclareAsync(IncidentDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var at = database.Now;
        var check = new FieldCheck();
        var users = check.Text("whatUsersSee", draft.WhatUsersSee);
        var title = check.Needed("title", string.IsNullOrWhiteSpace(draft.Title) ? Line(users) : draft.Title, "what is wrong, or what users see");
        var pages = draft.Page ?? true;
        var severity = check.Word("severity", draft.Severity, pages ? Severity.Critical : Severity.Warning);
        check.ThrowIfRefused();
        var integration = await IntegrationAsync(db, draft, by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var incident = Incident.Open(
            new(integration?.PartnerId, integration?.Id, $"declared {Guid.CreateVersion7(at):N}", title, users, severity, pages ? Urgency.Page : Urgency.WorkingHours,
                new Onset(null, at, "declared"), by.Name), at);
        db.Add(incident);
        IncidentRows.Note(db, incident.Id, EntryKind.Opened, by.Name, users.Length == 0 || users == title ? title : $"{title}. Users: {users}", at);
        if (pages)
        {
            db.Add((await IncidentPlaces.ReadAsync(db, [incident.IntegrationId], cancel)).Start(incident, at));
        }

        await db.SaveAsync(cancel);
        await IncidentRows.AnnounceAsync(db, incident, cancel);
        await transaction.CommitAsync(cancel);
        return incident;
    }

    private static async Task<Integration?> IntegrationAsync(PortalContext db, IncidentDraft draft, Actor by, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(draft.Partner))
        {
            return by.PartnerId is null ? null : throw new FieldsRefused("partner", "Name the partner that your token is bound to.");
        }

        var (partner, slug) = (draft.Partner.Trim(), string.IsNullOrWhiteSpace(draft.Integration) ? Integration.MainSlug : draft.Integration.Trim());
        var found = await db.Partners.AsNoTracking().Where(p => p.Slug == partner && p.ArchivedAt == null).Select(p => new { p.Id }).SingleOrDefaultAsync(cancel);
        if (found is null || !by.Sees(found.Id))
        {
            throw new FieldsRefused("partner", $"There is no partner called “{partner}”.");
        }

        return await db.Integrations.AsNoTracking().SingleOrDefaultAsync(i => i.PartnerId == found.Id && i.Slug == slug, cancel)
            ?? throw new FieldsRefused("integration", $"{partner} has no integration called “{slug}”.");
    }

    private static string Line(string text) => text.Split('\n')[0] is var line && line.Length > 200 ? line[..199] + "…" : line;
}
