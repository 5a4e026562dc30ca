using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Runbooks;

/// <summary>A version in the list of versions.</summary>
public sealed record RunbookVersionRow(int Number, string Title, string? Note, string By, DateTimeOffset At, int Length);

/// <summary>Runbooks in the database. Finding them is in <see cref="RunbookListStore"/>, importing in <see cref="RunbookImportStore"/>.</summary>
public sealed class RunbookStore(PortalDatabase database)
{
    /// <summary>One runbook of a partner, archived ones included.</summary>
    /// <exception cref="NotThere">The partner or the runbook does not exist.</exception>
    public async Task<Runbook> GetAsync(string partner, string runbook, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await FindAsync(db, partner, runbook, cancel);
    }

    /// <summary>Saves a runbook under a slug: a new one, or a new version of the one that is there.</summary>
    /// <param name="partner">Whose.</param>
    /// <param name="runbook">The slug; null derives one from the title and never overwrites.</param>
    /// <param name="draft">What to save.</param>
    /// <param name="read">The version's number that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who saves.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version.</exception>
    public async Task<Runbook> WriteAsync(string partner, string? runbook, RunbookDraft draft, int? read, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var partnerId = await PartnerIdAsync(db, partner, cancel);
        var found = runbook is null ? null : await db.Runbooks.SingleOrDefaultAsync(r => r.PartnerId == partnerId && r.Slug == runbook, cancel);
        if (found is null)
        {
            found = Runbook.Enter(partnerId, draft with { Slug = runbook ?? draft.Slug }, by.Name, database.Now);
            db.Add(found);
        }
        else
        {
            if (read is { } number && number != found.Number)
            {
                throw new ChangedMeanwhile(found);
            }

            found.Write(draft, by.Name, database.Now);
        }

        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"{partner} already has a runbook called {found.Slug}. Choose another slug."));
        return found;
    }

    /// <summary>Makes an old version the newest one again.</summary>
    public Task<Runbook> RestoreAsync(string partner, string runbook, int number, Actor by, CancellationToken cancel) =>
        EditAsync(partner, runbook, by, async (db, found) => found.Restore(await VersionAsync(db, found, number, cancel), by.Name, database.Now), cancel);

    /// <summary>Writes down that somebody followed this version and it works.</summary>
    public Task<Runbook> VerifyAsync(string partner, string runbook, int number, Actor by, CancellationToken cancel) =>
        EditAsync(partner, runbook, by, (_, found) => Done(() => found.Verify(number, by.Name, database.Now)), cancel);

    /// <summary>Takes a runbook out of the lists.</summary>
    public Task<Runbook> ArchiveAsync(string partner, string runbook, Actor by, CancellationToken cancel) =>
        EditAsync(partner, runbook, by, (_, found) => Done(() => found.Archive(database.Now)), cancel);

    /// <summary>Brings an archived runbook back.</summary>
    public Task<Runbook> UnarchiveAsync(string partner, string runbook, Actor by, CancellationToken cancel) =>
        EditAsync(partner, runbook, by, (_, found) => Done(found.Unarchive), cancel);

    /// <summary>Every version, newest first, without the texts.</summary>
    public async Task<IReadOnlyList<RunbookVersionRow>> VersionsAsync(string partner, string runbook, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await FindAsync(db, partner, runbook, cancel);
        return await db.RunbookVersions.Where(v => v.RunbookId == found.Id).OrderByDescending(v => v.Number)
            .Select(v => new RunbookVersionRow(v.Number, v.Title, v.Note, v.By, v.At, v.Text.Length)).ToListAsync(cancel);
    }

    /// <summary>One version with its text.</summary>
    /// <exception cref="NotThere">There is no such version.</exception>
    public async Task<RunbookVersion> VersionAsync(string partner, string runbook, int number, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await VersionAsync(db, await FindAsync(db, partner, runbook, cancel), number, cancel);
    }

    private async Task<Runbook> EditAsync(string partner, string runbook, Actor by, Func<PortalContext, Runbook, Task> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await FindAsync(db, partner, runbook, cancel);
        await edit(db, found);
        await db.SaveAsync(cancel);
        return found;
    }

    private static async Task<RunbookVersion> VersionAsync(PortalContext db, Runbook runbook, int number, CancellationToken cancel) =>
        await db.RunbookVersions.AsNoTracking().SingleOrDefaultAsync(v => v.RunbookId == runbook.Id && v.Number == number, cancel)
            ?? throw new NotThere($"version {number} of “{runbook.Title}”");

    internal static async Task<Guid> PartnerIdAsync(PortalContext db, string partner, CancellationToken cancel) =>
        await db.Partners.Where(p => p.Slug == partner).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel)
            ?? throw new NotThere($"partner called {partner}");

    private static async Task<Runbook> FindAsync(PortalContext db, string partner, string runbook, CancellationToken cancel)
    {
        var partnerId = await PartnerIdAsync(db, partner, cancel);
        return await db.Runbooks.SingleOrDefaultAsync(r => r.PartnerId == partnerId && r.Slug == runbook, cancel)
            ?? throw new NotThere($"runbook called {runbook} of {partner}");
    }

    private static Task Done(Action work)
    {
        work();
        return Task.CompletedTask;
    }
}
