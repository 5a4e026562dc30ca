using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>Reviews, their answers and their decisions.</summary>
public sealed class ReviewStore(PortalDatabase database, TemplateStore templates)
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
            select new { i.Id, i.PartnerId, p.Name, p.ArchivedAt }).SingleOrDefaultAsync(cancel)
            ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (found.ArchivedAt is not null)
        {
            throw new RuleBroken($"{found.Name} is archived. Bring it back before you review it.");
        }

        var version = await NewestAsync(db, template, cancel);
        var review = Review.Start(found.PartnerId, found.Id, version, by.Name, database.Now);
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
        if (found is null || IsForeign(found.Review, by))
        {
            throw new NotThere("review with this id");
        }

        var template = await templates.FrozenAsync(db, found.Review.TemplateVersionId, cancel);
        return new(found.Review, template, found.Partner.Slug, found.Partner.Name, found.Integration.Slug, found.Integration.Name);
    }

    /// <summary>What a review asks, without its answers.</summary>
    /// <exception cref="NotThere">It does not exist, or is not for this person to see.</exception>
    public async Task<Checklist> ChecklistAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var review = await db.Set<Review>().SingleOrDefaultAsync(r => r.Id == id, cancel);
        return review is null || IsForeign(review, by)
            ? throw new NotThere("review with this id")
            : (await templates.FrozenAsync(db, review.TemplateVersionId, cancel)).Content;
    }

    /// <summary>Takes an answer, unless somebody saved a newer one or the review is concluded.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    /// <exception cref="RuleBroken">The review is concluded.</exception>
    public async Task<Answer> AnswerAsync(Guid id, string key, AnswerDraft draft, int version, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Shared lock: many may answer at once, but nobody while the review is being concluded.
        var review = await db.Set<Review>()
            .FromSql($"SELECT * FROM reviews.reviews WHERE id = {id} FOR SHARE")
            .Include(r => r.Answers.Where(a => a.Key == key)).AsSingleQuery()
            .SingleOrDefaultAsync(cancel);
        if (review is null || IsForeign(review, by))
        {
            throw new NotThere("review with this id");
        }

        var template = await templates.FrozenAsync(db, review.TemplateVersionId, cancel);
        var answer = review.Record(template.Content, key, draft, version, by, database.Now);
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

        return answer;
    }

    /// <summary>Ends a review with a signed decision.</summary>
    /// <exception cref="RuleBroken">It is concluded already; or it says go although a blocker is failed; or the signer is no engineer.</exception>
    public async Task<Review> ConcludeAsync(Guid id, DecisionDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var review = await db.Set<Review>()
            .FromSql($"SELECT * FROM reviews.reviews WHERE id = {id} FOR UPDATE")
            .Include(r => r.Answers)
            .SingleOrDefaultAsync(cancel);
        if (review is null || IsForeign(review, by))
        {
            throw new NotThere("review with this id");
        }

        var template = await templates.FrozenAsync(db, review.TemplateVersionId, cancel);
        review.Conclude(template.Content, draft, database.Now);
        await RefuseSignerWithoutRightAsync(db, review.Decision!.Signer, cancel);
        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return review;
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
            rows.Add(new(
                line.Review.Id, line.Review.Title, template.Slug, template.Number, line.Slug,
                line.Review.StartedBy, line.Review.StartedAt, line.Review.Decision,
                Progress.Of(template.Content.Items, line.Review.StateOf)));
        }

        return rows;
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

    private static async Task RefuseSignerWithoutRightAsync(PortalContext db, string signer, CancellationToken cancel)
    {
        var normal = signer.ToUpperInvariant();
        var role = await db.Users.Where(u => u.NormalizedEmail == normal).Select(u => (Role?)u.Role).SingleOrDefaultAsync(cancel);
        if (role is { } known && !Rights.Has(known, Right.ConcludeReviews))
        {
            throw new FieldsRefused("signer", $"{signer} has the role {Words.Of(known)}. A review is signed by an engineer.");
        }
    }

    private async Task<Answer?> StoredAsync(Guid id, string key, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Answer>().SingleOrDefaultAsync(a => a.ReviewId == id && a.Key == key, cancel);
    }
}
