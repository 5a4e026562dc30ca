using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Partners;

/// <summary>Partners in the database. Searching and paging is in <see cref="PartnerListStore"/>.</summary>
public sealed class PartnerStore(PortalDatabase database)
{
    /// <summary>One partner with its integrations, archived ones included.</summary>
    /// <exception cref="NotThere">No partner has this slug.</exception>
    public async Task<Partner> GetAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Partners.Include(p => p.Integrations.OrderBy(i => i.Slug != Integration.MainSlug).ThenBy(i => i.Id)).SingleOrDefaultAsync(p => p.Slug == slug, cancel)
            ?? throw new NotThere($"partner called {slug}");
    }

    /// <summary>The slug of a partner.</summary>
    /// <exception cref="NotThere">There is no such partner.</exception>
    public async Task<string> SlugAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Partners.Where(p => p.Id == id).Select(p => p.Slug).SingleOrDefaultAsync(cancel) ?? throw new NotThere($"partner {id}");
    }

    /// <summary>Enters a partner with its first integration.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="AlreadyTaken">The slug is in use.</exception>
    public async Task<Partner> EnterAsync(PartnerDraft draft, string? stage, Actor by, CancellationToken cancel)
    {
        var partner = Partner.Enter(draft, stage, by.Name, database.Now);
        await using var db = await database.WriteAsync(by, cancel);
        db.Add(partner);
        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Another partner already is called {partner.Slug}. Choose another slug."));
        return partner;
    }

    /// <summary>Changes what the draft names.</summary>
    /// <param name="slug">Which partner.</param>
    /// <param name="draft">What to change; null stays.</param>
    /// <param name="version">The version that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version.</exception>
    public Task<Partner> ChangeAsync(string slug, PartnerDraft draft, uint? version, Actor by, CancellationToken cancel) =>
        EditAsync(slug, version, by, partner => partner.Change(draft), cancel);

    /// <summary>Takes a partner out of the lists.</summary>
    public Task<Partner> ArchiveAsync(string slug, Actor by, CancellationToken cancel) =>
        EditAsync(slug, null, by, partner => partner.Archive(database.Now), cancel);

    /// <summary>Brings an archived partner back.</summary>
    public Task<Partner> RestoreAsync(string slug, Actor by, CancellationToken cancel) =>
        EditAsync(slug, null, by, partner => partner.Restore(), cancel);

    /// <summary>Adds an integration.</summary>
    public async Task<Integration> AddIntegrationAsync(string slug, IntegrationDraft draft, Actor by, CancellationToken cancel)
    {
        Integration? added = null;
        await EditAsync(slug, null, by, partner => added = partner.Add(draft, by.Name, database.Now), cancel);
        return added!;
    }

    private async Task<Partner> EditAsync(string slug, uint? version, Actor by, Action<Partner> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var partner = await db.Partners.Include(p => p.Integrations.OrderBy(i => i.Slug != Integration.MainSlug).ThenBy(i => i.Id)).SingleOrDefaultAsync(p => p.Slug == slug, cancel)
            ?? throw new NotThere($"partner called {slug}");
        if (version is { } read && read != partner.Version)
        {
            throw new ChangedMeanwhile(partner);
        }

        edit(partner);
        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", "That name was taken a moment ago. Choose another."));
        return partner;
    }
}
