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

/// <summary>A published version in the list of versions.</summary>
public sealed record TemplateVersionRow(int Number, DateTimeOffset PublishedAt, string? PublishedBy);

/// <summary>Checklist templates and their published versions. What is still being written is in <see cref="TemplateDraftStore"/>.</summary>
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
        var template = ChecklistTemplate.Create(slug, content, shipped: false, database.Now, by.Name);
        db.Add(template);
        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Another checklist already is called {slug}. Choose another slug."));
        return template;
    }

    /// <summary>Publishes the next version. The same content again publishes nothing, so that a program may repeat itself.</summary>
    /// <param name="slug">The template.</param>
    /// <param name="draft">What the next version asks.</param>
    /// <param name="read">The version that the caller read; null takes whatever is newest.</param>
    /// <param name="by">Who publishes.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="NotThere">There is no such template.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="ChangedMeanwhile">A newer version was published.</exception>
    public async Task<FrozenTemplate> PublishAsync(string slug, ChecklistDraft draft, int? read, Actor by, CancellationToken cancel)
    {
        await using (var db = await database.WriteAsync(by, cancel))
        {
            var template = await db.Set<ChecklistTemplate>().SingleOrDefaultAsync(t => t.Slug == slug, cancel) ?? throw new NotThere($"checklist template called {slug}");
            if (draft.Slug is { } named && named != slug)
            {
                throw new FieldsRefused("slug", $"The name in the address is {slug} and never changes. Leave the field out, or write {slug}.");
            }

            var content = draft.Checked();
            if (read is { } number && number != template.Latest)
            {
                throw new ChangedMeanwhile(await FrozenAsync(db, await NewestIdAsync(db, template, cancel), cancel));
            }

            if (!await SameAsNewestAsync(db, template, content, cancel))
            {
                db.Add(template.Publish(content, shipped: false, database.Now, by.Name));
                await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Somebody else has just published {slug}. Read it and try again."));
            }
        }

        return await GetAsync(slug, null, cancel);
    }

    /// <summary>Every published version of a template, newest first.</summary>
    /// <exception cref="NotThere">There is no such template.</exception>
    public async Task<IReadOnlyList<TemplateVersionRow>> VersionsAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var rows = await (
            from t in db.Set<ChecklistTemplate>()
            join v in db.Set<TemplateVersion>() on t.Id equals v.TemplateId
            where t.Slug == slug
            orderby v.Number descending
            select new TemplateVersionRow(v.Number, v.PublishedAt, v.PublishedBy)).ToListAsync(cancel);
        return rows.Count > 0 ? rows : throw new NotThere($"checklist template called {slug}");
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
            else if (known.Shipped && !await SameAsNewestAsync(db, known, shipped.Content, cancel))
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

    internal static async Task<bool> SameAsNewestAsync(PortalContext db, ChecklistTemplate template, Checklist content, CancellationToken cancel) =>
        Same(await NewestAsync(db, template, cancel), content);

    private static async Task<Guid> NewestIdAsync(PortalContext db, ChecklistTemplate template, CancellationToken cancel) =>
        await db.Set<TemplateVersion>().Where(v => v.TemplateId == template.Id && v.Number == template.Latest).Select(v => v.Id).SingleAsync(cancel);

    private static bool Same(Checklist a, Checklist b) =>
        JsonSerializer.Serialize(a, JsonColumn.Options) == JsonSerializer.Serialize(b, JsonColumn.Options);
}
