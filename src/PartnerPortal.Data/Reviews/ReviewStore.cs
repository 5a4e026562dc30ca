using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>Reviews, their answers and their decisions.</summary>
public sealed class ReviewStore(PortalDatabase database, TemplateStore templates, ReviewInvitationStore invitations)
{
    /// <summary>Starts a review of an integration from the newest version of a template.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    /// <exception cref="FieldsRefused">There is no such template.</exception>
    public async Task<Review> StartAsync(string partner, string integration, string? template, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await (
            from i in db.Integrations
            join p in db.Partners on i.PartnerId equals p.Id
            where p.Slug == partner && i.Slug == integration
            select new { i.Id, i.PartnerId, p.Name, p.Tier, p.ArchivedAt }).SingleOrDefaultAsync(cancel)
            ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (found.ArchivedAt is not null)
        {
            throw new RuleBroken($"{found.Name} is archived. Bring it back before you review it.");
        }

        var version = await NewestAsync(db, template, cancel);
        var review = Review.Start(found.PartnerId, found.Id, found.Tier, version, by.Name, database.Now);
        db.Add(review);
        await db.SaveAsync(cancel);
        return review;
    }

    /// <summary>One review with its frozen checklist and all answers.</summary>
    /// <exception cref="NotThere">It does not exist, or is not for this person to see.</exception>
    public async Task<ReviewSheet> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await (
            from r in db.Set<Review>().Include(r => r.Answers)
            join i in db.Integrations on r.IntegrationId equals i.Id
            join p in db.Partners on r.PartnerId equals p.Id
            where r.Id == id
            select new { Review = r, Integration = new { i.Slug, i.Name }, Partner = new { p.Slug, p.Name } }).SingleOrDefaultAsync(cancel);
        if (found is null || IsForeign(found.Review, by) || !await invitations.MayOpenAsync(id, by, cancel))
        {
            throw new NotThere("review with this id");
        }

        var template = await templates.FrozenAsync(db, found.Review.TemplateVersionId, cancel);
        var newest = await db.Set<ChecklistTemplate>().Where(t => t.Slug == template.Slug).Select(t => t.Latest).SingleAsync(cancel);
        var waivers = await WaiverStore.OfItemsAsync(db, found.Review.IntegrationId, template.Slug, cancel);
        return new(found.Review, template, found.Partner.Slug, found.Partner.Name, found.Integration.Slug, found.Integration.Name, newest, waivers, database.Now)
        {
            Files = (await db.Set<EvidenceFile>().Where(f => f.ReviewId == id).Select(f => new { f.Id, f.Name }).ToListAsync(cancel))
                .ToDictionary(f => EvidenceFile.AddressOf(id, f.Id), f => f.Name),
            Mismatches = await TargetStore.MismatchSentencesAsync(db, found.Review.IntegrationId, database.Now, cancel),
        };
    }

    /// <summary>All answers of a review.</summary>
    /// <exception cref="NotThere">It is not for this person to see.</exception>
    public async Task<IReadOnlyList<Answer>> AnswersAsync(Guid id, Actor by, CancellationToken cancel)
    {
        if (!await invitations.MayOpenAsync(id, by, cancel))
        {
            throw new NotThere("review with this id");
        }

        var partner = by.PartnerId;
        await using var db = await database.ReadAsync(cancel);
        return await (
            from a in db.Set<Answer>()
            join r in db.Set<Review>() on a.ReviewId equals r.Id
            where r.Id == id && (partner == null || r.PartnerId == partner)
            select a).ToListAsync(cancel);
    }

    /// <summary>What a review asks, without its answers.</summary>
    /// <exception cref="NotThere">It does not exist, or is not for this person to see.</exception>
    public async Task<Checklist> ChecklistAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var review = await db.Set<Review>().SingleOrDefaultAsync(r => r.Id == id, cancel);
        return review is null || IsForeign(review, by) || !await invitations.MayOpenAsync(id, by, cancel)
            ? throw new NotThere("review with this id")
            : (await templates.FrozenAsync(db, review.TemplateVersionId, cancel)).Content;
    }

    /// <summary>Takes an answer, unless somebody saved a newer one or the review is concluded.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    /// <exception cref="RuleBroken">The review is concluded.</exception>
    public async Task<Answer> AnswerAsync(Guid id, string key, AnswerDraft draft, int version, Actor by, CancellationToken cancel) =>
        (await SaveAsync(id, key, draft, version, by, cancel)).Answer;

    /// <summary>The same as <see cref="AnswerAsync"/>, for a page that listens to changes and need not read again what it wrote itself.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    /// <exception cref="RuleBroken">The review is concluded.</exception>
    public Task<SavedAnswer> SaveAsync(Guid id, string key, AnswerDraft draft, int version, Actor by, CancellationToken cancel) =>
        WriteAsync(id, key, by, (_, review, checklist) => Task.FromResult(review.Record(checklist, key, draft, version, by, database.Now)), cancel);

    /// <summary>Brings back what an answer said before its last change; undone again, what it said before that.</summary>
    /// <param name="id">The review.</param>
    /// <param name="key">The item.</param>
    /// <param name="to">The version to bring back; null: the one before the last change.</param>
    /// <param name="version">The version that the person read.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    /// <exception cref="RuleBroken">There is nothing before it, or the review is concluded.</exception>
    public Task<SavedAnswer> UndoAsync(Guid id, string key, int? to, int version, Actor by, CancellationToken cancel) =>
        WriteAsync(id, key, by, async (db, review, checklist) =>
        {
            var answer = review.Answers.FirstOrDefault(a => a.Key == key);
            var back = to ?? (answer?.Restores ?? answer?.Version ?? Answer.Untouched) - 1;
            if (back < Answer.Untouched)
            {
                throw new RuleBroken("There is nothing before this.");
            }

            var earlier = await db.Set<AnswerVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.ReviewId == id && v.Key == key && v.Version == back, cancel);
            return earlier is null && back != Answer.Untouched
                ? throw new NotThere($"version {back} of this answer")
                : review.Restore(checklist, key, earlier, version, by, database.Now);
        }, cancel);

    /// <summary>Everything that was said about an item, the newest first.</summary>
    /// <exception cref="NotThere">The review does not exist, or is not for this person to see.</exception>
    public async Task<IReadOnlyList<AnswerVersion>> HistoryAsync(Guid id, string key, Actor by, CancellationToken cancel)
    {
        await ChecklistAsync(id, by, cancel);
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<AnswerVersion>().Where(v => v.ReviewId == id && v.Key == key).OrderByDescending(v => v.Version).Take(500).ToListAsync(cancel);
    }

    /// <summary>Moves a review to the newest version of its template, keeping every answer.</summary>
    /// <exception cref="RuleBroken">It is concluded, or it has the newest version already.</exception>
    public async Task MoveToNewestAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var review = await LockedAsync(db, id, by, alone: true, cancel);
        var template = await templates.FrozenAsync(db, review.TemplateVersionId, cancel);
        var newest = await NewestAsync(db, template.Slug, cancel);
        if (newest.Id == template.Id)
        {
            throw new RuleBroken($"This review has version {template.Number} already, which is the newest.");
        }

        var tier = await db.Partners.Where(p => p.Id == review.PartnerId).Select(p => p.Tier).SingleAsync(cancel);
        review.MoveTo(newest, tier);
        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>All reviews of a partner or of one of its integrations, newest first.</summary>
    public async Task<IReadOnlyList<ReviewRow>> ListAsync(string partner, string? integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await (
            from r in db.Set<Review>().Include(r => r.Answers)
            join i in db.Integrations on r.IntegrationId equals i.Id
            join p in db.Partners on r.PartnerId equals p.Id
            where p.Slug == partner && (integration == null || i.Slug == integration)
            orderby r.Id descending
            select new { Review = r, i.Slug }).Take(200).ToListAsync(cancel);
        List<ReviewRow> rows = [];
        foreach (var line in found)
        {
            var template = await templates.FrozenAsync(db, line.Review.TemplateVersionId, cancel);
            var waivers = await WaiverStore.OfItemsAsync(db, line.Review.IntegrationId, template.Slug, cancel);
            rows.Add(new(
                line.Review.Id, line.Review.Title, template.Slug, template.Number, line.Slug,
                line.Review.StartedBy, line.Review.StartedAt, line.Review.Decision,
                line.Review.StandingsAt(template.Content, waivers.GetValueOrDefault, database.Now).Progress));
        }

        return rows;
    }

    /// <summary>A review with all its answers, locked until the transaction ends: shared by those who answer, alone by who concludes.</summary>
    internal static async Task<Review> LockedAsync(PortalContext db, Guid id, Actor by, bool alone, CancellationToken cancel)
    {
        var found = alone
            ? db.Set<Review>().FromSql($"SELECT * FROM reviews.reviews WHERE id = {id} FOR UPDATE")
            : db.Set<Review>().FromSql($"SELECT * FROM reviews.reviews WHERE id = {id} FOR SHARE");
        // Who concludes waits for those who answer and must read their answers after the wait: two statements, since one sees what was there when it began.
        var whole = found.Include(r => r.Answers);
        var review = await (alone ? whole.AsSplitQuery() : whole.AsSingleQuery()).SingleOrDefaultAsync(cancel);
        return review is null || IsForeign(review, by) ? throw new NotThere("review with this id") : review;
    }

    private async Task<SavedAnswer> WriteAsync(Guid id, string key, Actor by, Func<PortalContext, Review, Checklist, Task<Answer>> change, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        // All or nothing: without savepoints the answer costs two round trips less and carries the transaction's own number.
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        if (!await invitations.MayOpenAsync(id, by, cancel))
        {
            throw new NotThere("review with this id");
        }

        // Shared lock: many may answer at once, but nobody while the review is being concluded.
        var review = await LockedAsync(db, id, by, alone: false, cancel);
        var template = await templates.FrozenAsync(db, review.TemplateVersionId, cancel);
        var answer = await change(db, review, template.Content);
        var kept = db.Add(AnswerVersion.Of(answer));
        if (template.Content.Find(key)?.Target is { } terms)
        {
            Side? side = template.Content.Find(key)!.Who switch { Answerer.Us => Side.Ours, Answerer.Partner => Side.Partner, _ => null };
            await TargetFigures.TakeFigureAsync(
                db, (review.PartnerId, review.IntegrationId), terms, side, answer.State == AnswerState.NotApplicable ? null : ItemValue.FigureOf(answer.Value), id, key, by.Name, database.Now, cancel);
        }

        try
        {
            await db.SaveAsync(cancel, () => new AlreadyTaken("key", "Somebody else answered this item in the same moment."));
            await transaction.CommitAsync(cancel);
        }
        catch (Exception e) when (e is ChangedMeanwhile or AlreadyTaken)
        {
            await transaction.RollbackAsync(cancel);
            throw new ChangedMeanwhile(await StoredAsync(id, key, cancel));
        }

        return new(answer, kept.Property<uint>(ReviewTables.Transaction).CurrentValue);
    }

    private static bool IsForeign(Review review, Actor by) => by.PartnerId is { } bound && bound != review.PartnerId;

    private static async Task<TemplateVersion> NewestAsync(PortalContext db, string? slug, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(slug))
        {
            throw new FieldsRefused("template", "Choose the checklist to start from.");
        }

        return await (
            from t in db.Set<ChecklistTemplate>()
            join v in db.Set<TemplateVersion>().AsNoTracking() on new { t.Id, Number = t.Latest } equals new { Id = v.TemplateId, v.Number }
            where t.Slug == slug
            select v).SingleOrDefaultAsync(cancel) ?? throw new FieldsRefused("template", $"There is no checklist template called {slug}.");
    }

    private async Task<Answer?> StoredAsync(Guid id, string key, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Answer>().SingleOrDefaultAsync(a => a.ReviewId == id && a.Key == key, cancel);
    }
}
