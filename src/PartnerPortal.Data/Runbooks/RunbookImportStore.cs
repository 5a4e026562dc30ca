using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Runbooks;

/// <summary>What a file becomes, or became.</summary>
public enum ImportOutcome
{
    /// <summary>A runbook that was not there.</summary>
    New,

    /// <summary>A new version of a runbook that is there.</summary>
    NewVersion,

    /// <summary>Nothing: the runbook already says this.</summary>
    Unchanged,

    /// <summary>Nothing: the runbook of this name is archived.</summary>
    Archived,

    /// <summary>Nothing: the file cannot be read.</summary>
    Refused,
}

/// <summary>One file of an import and what becomes of it.</summary>
public sealed record ImportRow(string File, ImportOutcome Outcome, string? Slug, string? Title, int Steps, string? Reason);

/// <summary>Brings a folder of Markdown files in: everything that can be read, in one transaction.</summary>
public sealed class RunbookImportStore(PortalDatabase database)
{
    /// <summary>What would become of each file; nothing is written.</summary>
    public async Task<IReadOnlyList<ImportRow>> PreviewAsync(string partner, IReadOnlyList<RunbookFile> files, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await PlanAsync(db, partner, files, Actor.Portal("preview"), cancel);
    }

    /// <summary>Imports what can be read.</summary>
    public async Task<IReadOnlyList<ImportRow>> ImportAsync(string partner, IReadOnlyList<RunbookFile> files, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var rows = await PlanAsync(db, partner, files, by, cancel);
        await db.SaveAsync(cancel, () => new Domain.AlreadyTaken("files", "Somebody else wrote one of these runbooks at the same moment. Look at the preview again."));
        return rows;
    }

    private async Task<IReadOnlyList<ImportRow>> PlanAsync(PortalContext db, string partner, IReadOnlyList<RunbookFile> files, Actor by, CancellationToken cancel)
    {
        var partnerId = await RunbookStore.PartnerIdAsync(db, partner, cancel);
        files = RunbookFile.WithOwnSlugs(files);
        var slugs = files.Select(f => f.Draft?.Slug).OfType<string>().ToList();
        var there = await db.Runbooks.Where(r => r.PartnerId == partnerId && slugs.Contains(r.Slug)).ToDictionaryAsync(r => r.Slug, cancel);
        return [.. files.Select(f => Plan(db, partnerId, f, f.Draft is { Slug: { } slug } ? there.GetValueOrDefault(slug) : null, by))];
    }

    private ImportRow Plan(PortalContext db, Guid partnerId, RunbookFile file, Runbook? there, Actor by)
    {
        if (file.Draft is not { } draft)
        {
            return new(file.Path, ImportOutcome.Refused, null, null, 0, file.Refused);
        }

        if (there is { ArchivedAt: not null })
        {
            return new(file.Path, ImportOutcome.Archived, there.Slug, there.Title, there.Steps, "The runbook of this name is archived. Bring it back first.");
        }

        if (there is null)
        {
            var made = Runbook.Enter(partnerId, draft, by.Name, database.Now);
            db.Add(made);
            return new(file.Path, ImportOutcome.New, made.Slug, made.Title, made.Steps, null);
        }

        var changed = there.Write(draft, by.Name, database.Now);
        return new(file.Path, changed ? ImportOutcome.NewVersion : ImportOutcome.Unchanged, there.Slug, there.Title, there.Steps, null);
    }
}
