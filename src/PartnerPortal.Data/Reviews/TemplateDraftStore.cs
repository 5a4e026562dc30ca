using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>A draft in the list of checklists.</summary>
public sealed record TemplateDraftRow(string Slug, string Title, int BasedOn, string EditedBy, DateTimeOffset EditedAt);

/// <summary>What an editor opens: the draft if there is one, and the newest published version if there is one.</summary>
public sealed record TemplateOnTheDesk(string Slug, TemplateDraft? Draft, FrozenTemplate? Published)
{
    /// <summary>What there is to edit: the draft, or what is published.</summary>
    public ChecklistDraft Content => Draft?.Content ?? ChecklistDraft.From(Slug, Published!.Content);

    /// <summary>Number of the newest published version; 0 when there is none.</summary>
    public int Latest => Published?.Number ?? 0;
}

/// <summary>Working drafts of checklists, at most one per template.</summary>
public sealed class TemplateDraftStore(PortalDatabase database, TemplateStore templates)
{
    /// <summary>Every draft, by title.</summary>
    public async Task<IReadOnlyList<TemplateDraftRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var drafts = await db.Set<TemplateDraft>().ToListAsync(cancel);
        return [.. drafts.Select(d => new TemplateDraftRow(d.Slug, d.Content.Title ?? d.Slug, d.BasedOn, d.EditedBy, d.EditedAt)).OrderBy(d => d.Title, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>What there is to edit under a name. Looking at it starts no draft.</summary>
    /// <exception cref="NotThere">There is neither a draft nor a template.</exception>
    public async Task<TemplateOnTheDesk> OpenAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var draft = await db.Set<TemplateDraft>().SingleOrDefaultAsync(d => d.Slug == slug, cancel);
        FrozenTemplate? published = null;
        try
        {
            published = await templates.GetAsync(slug, null, cancel);
        }
        catch (NotThere) when (draft is not null)
        {
            // A new checklist that nobody has published yet.
        }

        return new(slug, draft, published);
    }

    /// <summary>Starts a checklist that does not exist yet.</summary>
    /// <exception cref="AlreadyTaken">There is a checklist or a draft of that name.</exception>
    public async Task<TemplateDraft> StartAsync(string? title, string? slug, ChecklistDraft? from, Actor by, CancellationToken cancel)
    {
        var check = new FieldCheck();
        title = check.Needed("title", title, "what people call this checklist");
        slug = Slug.Check(check, slug, title, "checklist");
        check.ThrowIfRefused();
        await using var db = await database.WriteAsync(by, cancel);
        AlreadyTaken Taken() => new("slug", $"Another checklist already is called {slug}. Choose another name for the address.");
        if (await db.Set<ChecklistTemplate>().AnyAsync(t => t.Slug == slug, cancel))
        {
            throw Taken();
        }

        var content = (from ?? new ChecklistDraft { Sections = [new() { Key = "section-1", Title = "First section" }] }) with { Slug = slug, Title = title };
        var draft = TemplateDraft.Start(slug, content, 0, by.Name, database.Now);
        db.Add(draft);
        await db.SaveAsync(cancel, Taken);
        return draft;
    }

    /// <summary>Saves what was typed; the first save of a template that is published starts its draft.</summary>
    /// <param name="slug">The template.</param>
    /// <param name="content">The whole checklist.</param>
    /// <param name="version">The draft's version on which it was typed; 0 when there was none.</param>
    /// <param name="basedOn">The published version that was open.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody else saved meanwhile; <see cref="ChangedMeanwhile.Current"/> is their draft, or null when it was published or discarded.</exception>
    public async Task<TemplateDraft> SaveAsync(string slug, ChecklistDraft content, int version, int basedOn, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var draft = await db.Set<TemplateDraft>().SingleOrDefaultAsync(d => d.Slug == slug, cancel);
        try
        {
            if (draft is null)
            {
                // Also when a version was published since: a draft on top of the older one would undo it.
                if (version != 0 || !await db.Set<ChecklistTemplate>().AnyAsync(t => t.Slug == slug && t.Latest == basedOn, cancel))
                {
                    throw new ChangedMeanwhile();
                }

                draft = TemplateDraft.Start(slug, content, basedOn, by.Name, database.Now);
                db.Add(draft);
            }
            else
            {
                draft.Save(content, version, by.Name, database.Now);
            }

            await db.SaveAsync(cancel, () => new AlreadyTaken("slug", "Somebody else started a draft at the same moment."));
            return draft;
        }
        catch (Exception e) when (e is ChangedMeanwhile or AlreadyTaken)
        {
            throw new ChangedMeanwhile(await StoredAsync(slug, cancel));
        }
    }

    /// <summary>Gives a draft up. What is published stays as it is.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved it since that version.</exception>
    public async Task DiscardAsync(string slug, int version, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        db.Remove(await AskedAsync(db, slug, version, cancel));
        await db.SaveAsync(cancel);
    }

    /// <summary>Makes the draft the next version of its template, or the first one of a new template, and ends the draft.</summary>
    /// <param name="slug">The template.</param>
    /// <param name="version">The draft's version that was looked at.</param>
    /// <param name="latest">The newest published version that was looked at; 0 when there was none.</param>
    /// <param name="by">Who publishes.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="FieldsRefused">It is not complete.</exception>
    /// <exception cref="ChangedMeanwhile">Somebody saved the draft since.</exception>
    /// <exception cref="RuleBroken">Another version was published since, or nothing is different.</exception>
    public async Task<FrozenTemplate> PublishAsync(string slug, int version, int latest, Actor by, CancellationToken cancel)
    {
        await using (var db = await database.WriteAsync(by, cancel))
        {
            var draft = await AskedAsync(db, slug, version, cancel);
            var content = draft.Content.Checked();
            var template = await db.Set<ChecklistTemplate>().SingleOrDefaultAsync(t => t.Slug == slug, cancel);
            if ((template?.Latest ?? 0) != latest)
            {
                throw new RuleBroken($"Version {template?.Latest} was published meanwhile. Look at what is different from it, then publish again.");
            }

            if (template is null)
            {
                db.Add(ChecklistTemplate.Create(slug, content, shipped: false, database.Now, by.Name));
            }
            else if (await TemplateStore.SameAsNewestAsync(db, template, content, cancel))
            {
                throw new RuleBroken($"Nothing is different from version {latest}, so there is nothing to publish.");
            }
            else
            {
                db.Add(template.Publish(content, shipped: false, database.Now, by.Name));
            }

            db.Remove(draft);
            await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Somebody else has just published {slug}. Look at what is different from it, then publish again."));
        }

        return await templates.GetAsync(slug, null, cancel);
    }

    private static async Task<TemplateDraft> AskedAsync(PortalContext db, string slug, int version, CancellationToken cancel)
    {
        var draft = await db.Set<TemplateDraft>().SingleOrDefaultAsync(d => d.Slug == slug, cancel) ?? throw new NotThere($"draft of a checklist called {slug}");
        return draft.Version == version ? draft : throw new ChangedMeanwhile(draft);
    }

    private async Task<TemplateDraft?> StoredAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<TemplateDraft>().SingleOrDefaultAsync(d => d.Slug == slug, cancel);
    }
}
