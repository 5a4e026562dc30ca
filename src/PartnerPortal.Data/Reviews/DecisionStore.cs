using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>How reviews end: the signed decision with everything that follows from it, in one transaction.</summary>
public sealed class DecisionStore(PortalDatabase database, TemplateStore templates)
{
    /// <summary>Ends a review with a signed decision. A no-go also closes what the integration left open.</summary>
    /// <exception cref="RuleBroken">It is concluded already; or it says go although a blocker is failed.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted, or the signer is no engineer.</exception>
    public async Task<Review> ConcludeAsync(Guid id, DecisionDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.ConcludeReviews);
        var now = database.Now;
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var review = await ReviewStore.LockedAsync(db, id, by, alone: true, cancel);
        var template = await templates.FrozenAsync(db, review.TemplateVersionId, cancel);
        var waivers = await WaiverStore.OfItemsAsync(db, review.IntegrationId, template.Slug, cancel);
        var mismatches = await TargetStore.MismatchSentencesAsync(db, review.IntegrationId, now, cancel);
        review.Conclude(review.StandingsAt(template.Content, waivers.GetValueOrDefault, now, mismatches), mismatches.Values, draft, now);
        await RefuseSignerWithoutRightAsync(db, review.Decision!.Signer, cancel);
        if (review.Decision.Verdict == Verdict.NoGo && template.Content.Proves != Phase.BeforeProduction)
        {
            await NoGo.CloseAsync(db, review, by, now, cancel);
        }

        await AddActionsAsync(db, review, by, now, cancel);

        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return review;
    }

    // Each condition is owed by somebody; a no-go with a day is looked at again.
    private static async Task AddActionsAsync(PortalContext db, Review review, Actor by, DateTimeOffset now, CancellationToken cancel)
    {
        var decision = review.Decision!;
        var owner = await db.Partners.Where(p => p.Id == review.PartnerId).Select(p => p.Owner).SingleAsync(cancel);
        var url = $"/reviews/{review.Id}";
        foreach (var (condition, index) in decision.Conditions.Select((c, i) => (c, i)))
        {
            await ActionStore.EnsureAsync(
                db, review.PartnerId, review.IntegrationId, ActionDraft.Of(condition.Text, condition.Owner ?? owner, due: condition.Due),
                new ActionSource(ActionCause.Condition, $"{review.Id}/{index}", review.Title, url), by.Name, now, cancel);
        }

        if (decision.RevisitOn is { } day)
        {
            await ActionStore.EnsureAsync(
                db, review.PartnerId, review.IntegrationId, ActionDraft.Of("Look again at what was declined, and decide anew", owner, due: day),
                new ActionSource(ActionCause.NoGo, review.Id.ToString(), review.Title, url), by.Name, now, cancel);
        }
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
}
