using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>One line of the list of templates.</summary>
public sealed record TemplateRow(string Slug, string Title, string Purpose, int Version, DateTimeOffset PublishedAt, bool Shipped, int Sections, int Items, int Blockers);

/// <summary>A published version with the name of its template.</summary>
public sealed record FrozenTemplate(Guid Id, string Slug, int Number, DateTimeOffset PublishedAt, Checklist Content);

/// <summary>Checklist templates and their published versions.</summary>
public sealed class TemplateStore(PortalDatabase database)
{
    // A published version never changes, so what was read once stays true.
    private readonly ConcurrentDictionary<Guid, FrozenTemplate> _frozen = new();

    /// <summary>Every template with its newest version, by title.</summary>
    public async Task<IReadOnlyList<TemplateRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var newest = await (
            from t in db.Set<ChecklistTemplate>()
            join v in db.Set<TemplateVersion>() on new { t.Id, Number = t.Latest } equals new { Id = v.TemplateId, v.Number }
            orderby t.Title
            select new { t.Slug, t.Title, t.Shipped, v.Number, v.PublishedAt, v.Content }).ToListAsync(cancel);
        return [.. newest.Select(n => new TemplateRow(
            n.Slug, n.Title, n.Content.Purpose, n.Number, n.PublishedAt, n.Shipped,
            n.Content.Sections.Count, n.Content.Items.Count(), n.Content.Items.Count(i => i.Severity == Severity.Blocker)))];
    }

    /// <summary>The newest version of a template, or the numbered one.</summary>
    /// <exception cref="NotThere">There is no such template or version.</exception>
    public async Task<FrozenTemplate> GetAsync(string slug, int? number, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var id = await (
            from t in db.Set<ChecklistTemplate>()
            join v in db.Set<TemplateVersion>() on t.Id equals v.TemplateId
            where t.Slug == slug && v.Number == (number ?? t.Latest)
            select (Guid?)v.Id).SingleOrDefaultAsync(cancel)
            ?? throw new NotThere(number is null ? $"checklist template called {slug}" : $"version {number} of a checklist template called {slug}");
        return await FrozenAsync(db, id, cancel);
    }

    /// <summary>Creates a template with its first version.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="AlreadyTaken">The slug is in use.</exception>
    public async Task<ChecklistTemplate> CreateAsync(ChecklistDraft draft, Actor by, CancellationToken cancel)
    {
        var content = draft.Checked();
        var check = new FieldCheck();
        var slug = Slug.Check(check, draft.Slug, content.Title, "checklist");
        check.ThrowIfRefused();
        await using var db = await database.WriteAsync(by, cancel);
        var template = ChecklistTemplate.Create(slug, content, shipped: false, database.Now);
        db.Add(template);
        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Another checklist already is called {slug}. Choose another slug."));
        return template;
    }

    /// <summary>Adds the templates that come with the portal, and publishes a new version of those that came with it in another wording. What people edited stays theirs.</summary>
    public async Task ShipAsync(CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("start"), cancel);
        foreach (var shipped in ShippedTemplates.All)
        {
            var known = await db.Set<ChecklistTemplate>().SingleOrDefaultAsync(t => t.Slug == shipped.Slug, cancel);
            if (known is null)
            {
                db.Add(ChecklistTemplate.Create(shipped.Slug, shipped.Content, shipped: true, database.Now));
            }
            else if (known.Shipped && !Same(await NewestAsync(db, known, cancel), shipped.Content))
            {
                db.Add(known.Publish(shipped.Content, shipped: true, database.Now));
            }
        }

        try
        {
            await db.SaveAsync(cancel, () => new AlreadyTaken("slug", "Another portal has just added the templates."));
        }
        catch (Exception e) when (e is AlreadyTaken or ChangedMeanwhile)
        {
            // Two portals start at once: the other one has done it.
        }
    }

    internal async Task<FrozenTemplate> FrozenAsync(PortalContext db, Guid versionId, CancellationToken cancel)
    {
        if (_frozen.TryGetValue(versionId, out var known))
        {
            return known;
        }

        var read = await (
            from v in db.Set<TemplateVersion>().AsNoTracking()
            join t in db.Set<ChecklistTemplate>() on v.TemplateId equals t.Id
            where v.Id == versionId
            select new FrozenTemplate(v.Id, t.Slug, v.Number, v.PublishedAt, v.Content)).SingleAsync(cancel);
        return _frozen.GetOrAdd(versionId, read);
    }

    private static async Task<Checklist> NewestAsync(PortalContext db, ChecklistTemplate template, CancellationToken cancel) =>
        await db.Set<TemplateVersion>().AsNoTracking()
            .Where(v => v.TemplateId == template.Id && v.Number == template.Latest).Select(v => v.Content).SingleAsync(cancel);

    private static bool Same(Checklist a, Checklist b) =>
        JsonSerializer.Serialize(a, JsonColumn.Options) == JsonSerializer.Serialize(b, JsonColumn.Options);
}
