using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>A file without its content.</summary>
public sealed record EvidenceRow(Guid Id, string Key, string Name, string MediaType, int Size, string Sha256, string By, DateTimeOffset At, string Address);

/// <summary>Files that prove answers.</summary>
public sealed class EvidenceFileStore(PortalDatabase database, TemplateStore templates, ReviewInvitationStore invitations)
{
    /// <summary>The most that the files of one review take together, in bytes.</summary>
    public const long MostOfAReview = 20L * EvidenceFile.MostBytes;

    /// <summary>Keeps a file for an item; the answer itself is not changed.</summary>
    /// <exception cref="NotThere">There is no such review or item, or it is not for this person to see.</exception>
    /// <exception cref="RuleBroken">The review is concluded, or its files are too many.</exception>
    /// <exception cref="FieldsRefused">The file is too large, empty, or of a kind that is not kept.</exception>
    public async Task<EvidenceFile> AddAsync(Guid review, string key, string? name, byte[] bytes, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.Set<Review>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == review, cancel);
        if (found is null || !by.Sees(found.PartnerId) || !await invitations.MayOpenAsync(review, by, cancel))
        {
            throw new NotThere("review with this id");
        }

        var checklist = (await templates.FrozenAsync(db, found.TemplateVersionId, cancel)).Content;
        var file = EvidenceFile.Add(found, checklist, key, name, bytes, by, database.Now);
        var kept = await db.Set<EvidenceFile>().Where(f => f.ReviewId == review).SumAsync(f => (long)f.Size, cancel);
        if (kept + file.Size > MostOfAReview)
        {
            throw new RuleBroken($"The files of this review already take {kept / 1024 / 1024} MB; {MostOfAReview / 1024 / 1024} MB fit. Add web addresses instead.");
        }

        db.Add(file);
        await db.SaveAsync(cancel);
        return file;
    }

    /// <summary>A file with its content.</summary>
    /// <exception cref="NotThere">It does not exist, or is not for this person to see.</exception>
    public async Task<EvidenceFile> GetAsync(Guid review, Guid file, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await db.Set<Review>().SingleOrDefaultAsync(r => r.Id == review, cancel);
        if (found is null || !by.Sees(found.PartnerId) || !await invitations.MayOpenAsync(review, by, cancel))
        {
            throw new NotThere("review with this id");
        }

        var kept = await db.Set<EvidenceFile>().SingleOrDefaultAsync(f => f.Id == file && f.ReviewId == review, cancel);
        // A guest fetches what proves the items of both sides, and nothing of ours alone.
        var hidden = by.Role == Role.Guest && kept is not null && (await templates.FrozenAsync(db, found.TemplateVersionId, cancel)).Content.Find(kept.Key)?.Who is null or Answerer.Us;
        return kept is null || hidden ? throw new NotThere("file with this id in this review") : kept;
    }

    /// <summary>The files of a review, oldest first.</summary>
    /// <exception cref="NotThere">The review does not exist, or is not for this person to see.</exception>
    public async Task<IReadOnlyList<EvidenceRow>> ListAsync(Guid review, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var partner = await db.Set<Review>().Where(r => r.Id == review).Select(r => (Guid?)r.PartnerId).SingleOrDefaultAsync(cancel);
        if (partner is not { } known || !by.Sees(known))
        {
            throw new NotThere("review with this id");
        }

        var rows = await db.Set<EvidenceFile>().Where(f => f.ReviewId == review).OrderBy(f => f.Id)
            .Select(f => new { f.Id, f.Key, f.Name, f.MediaType, f.Size, f.Sha256, f.By, f.At }).ToListAsync(cancel);
        return [.. rows.Select(f => new EvidenceRow(f.Id, f.Key, f.Name, f.MediaType, f.Size, f.Sha256, f.By, f.At, EvidenceFile.AddressOf(review, f.Id)))];
    }
}
