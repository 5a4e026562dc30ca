using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>An answer whose evidence is due to be looked at.</summary>
public sealed record EvidenceDue(Guid Review, string Key, int Version, IReadOnlyList<string> Evidence);

/// <summary>What happens to answers by themselves: they grow old, waivers end, evidence disappears. Owners are told before the day, by an action.</summary>
public sealed class AnswerWatchStore(PortalDatabase database, TemplateStore templates)
{
    /// <summary>How long before the day an owner is told.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    /// <summary>How often evidence is looked at.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromDays(7);

    private static readonly Actor Portal = Actor.Portal("answers");

    /// <summary>Ensures an action for every answer and every waiver that ends within <see cref="Ahead"/> or has ended, and settles those that were answered anew. Says how many are owed.</summary>
    public async Task<int> RaiseAsync(CancellationToken cancel)
    {
        var now = database.Now;
        await using var db = await database.WriteAsync(Portal, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var open = await db.Set<ActionItem>().Where(a => a.State == ActionState.Open && a.SourceKey != null && a.SourceKey.StartsWith("freshness:")).ToListAsync(cancel);
        HashSet<string> owed = [];
        foreach (var review in await NewestReviewsAsync(db, cancel))
        {
            var checklist = (await templates.FrozenAsync(db, review.TemplateVersionId, cancel)).Content;
            var partnerOwner = await db.Partners.Where(p => p.Id == review.PartnerId).Select(p => p.Owner).SingleAsync(cancel);
            foreach (var standing in review.StandingsAt(checklist, _ => null, now).Asked.Where(s => s.FreshUntil is { } until && until - now <= Ahead))
            {
                var answer = review.Answers.Single(a => a.Key == standing.Item.Key);
                var theirs = standing.Item.Who == Answerer.Partner;
                var source = new ActionSource(ActionCause.Freshness, $"{review.Id}/{answer.Key}", review.Title, $"/reviews/{review.Id}?item={answer.Key}");
                owed.Add(source.Key!);
                await ActionStore.EnsureAsync(
                    db, review.PartnerId, review.IntegrationId,
                    ActionDraft.Of($"Answer anew before it is stale: “{standing.Item.Question}”", theirs ? partnerOwner : answer.AnsweredBy, theirs ? Side.Partner : Side.Ours, DateOnly.FromDateTime(standing.FreshUntil!.Value.UtcDateTime)),
                    source, Portal.Name, now, cancel);
            }
        }

        foreach (var answered in open.Where(a => !owed.Contains(a.SourceKey!)))
        {
            answered.Finish("It was answered anew, or is not asked any more.", Portal.Name, now);
        }

        var waivers = await EndingWaiversAsync(db, now, cancel);
        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return owed.Count + waivers;
    }

    /// <summary>Answers that passed on evidence which nobody has looked at for a week, the longest first.</summary>
    public async Task<IReadOnlyList<EvidenceDue>> DueEvidenceAsync(int most, CancellationToken cancel)
    {
        var since = database.Now - LookEvery;
        await using var db = await database.ReadAsync(cancel);
        var found = await db.Set<Answer>()
            .Where(a => a.State == AnswerState.Passed && (a.EvidenceReadAt == null || a.EvidenceReadAt < since) && db.Set<Review>().Any(r => r.Id == a.ReviewId && r.ConcludedAt == null))
            .OrderBy(a => a.EvidenceReadAt).Take(most).ToListAsync(cancel);
        return [.. found.Select(a => new EvidenceDue(a.ReviewId, a.Key, a.Version, a.Evidence))];
    }

    /// <summary>Whether a file that an answer names is there.</summary>
    public async Task<bool> HasFileAsync(Guid file, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<EvidenceFile>().AnyAsync(f => f.Id == file, cancel);
    }

    /// <summary>Notes whether the evidence of an answer could be read. An answer that was said anew meanwhile is left alone.</summary>
    public async Task NoteAsync(EvidenceDue due, string? error, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Portal, cancel);
        var answer = await db.Set<Answer>().Include("Review").SingleOrDefaultAsync(a => a.ReviewId == due.Review && a.Key == due.Key && a.Version == due.Version, cancel);
        if (answer is not null)
        {
            answer.NoteEvidence(error, database.Now);
            try
            {
                await db.SaveAsync(cancel);
            }
            catch (ChangedMeanwhile)
            {
                // Said anew in this moment; it is looked at again.
            }
        }
    }

    // The newest review of each checklist and integration: older ones are history.
    private static async Task<List<Review>> NewestReviewsAsync(PortalContext db, CancellationToken cancel)
    {
        var newest = await (
            from r in db.Set<Review>()
            join v in db.Set<TemplateVersion>() on r.TemplateVersionId equals v.Id
            join p in db.Partners on r.PartnerId equals p.Id
            where p.ArchivedAt == null
            select new { r.Id, r.IntegrationId, v.TemplateId }).ToListAsync(cancel);
        var ids = newest.GroupBy(r => (r.IntegrationId, r.TemplateId)).Select(g => g.Max(r => r.Id)).ToList();
        return await db.Set<Review>().AsNoTracking().Include(r => r.Answers).Where(r => ids.Contains(r.Id) && r.Closing == null).ToListAsync(cancel);
    }

    private static async Task<int> EndingWaiversAsync(PortalContext db, DateTimeOffset now, CancellationToken cancel)
    {
        var (today, soon) = (DateOnly.FromDateTime(now.UtcDateTime), DateOnly.FromDateTime((now + Ahead).UtcDateTime));
        var ending = await db.Set<Waiver>().AsNoTracking()
            .Where(w => w.EndedAt == null && w.ApprovedAt != null && w.Until >= today && w.Until <= soon).ToListAsync(cancel);
        foreach (var waiver in ending)
        {
            await ActionStore.EnsureAsync(
                db, waiver.PartnerId, waiver.IntegrationId, ActionDraft.Of($"A waiver ends: “{waiver.Title}”. Resolve it or ask again.", waiver.RequestedBy, due: waiver.Until),
                new ActionSource(ActionCause.Waiver, waiver.Id.ToString(), waiver.Title), Portal.Name, now, cancel);
        }

        return ending.Count;
    }
}
