using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>Brings figures into targets inside a transaction, and raises or settles what does not fit in the same moment.</summary>
internal static class TargetFigures
{
    /// <summary>
    /// Takes the figure of a review's answer: makes the target of its subject or changes it, and raises or settles its mismatch.
    /// The caller saves and commits.
    /// </summary>
    /// <param name="db">The caller's context, with an open transaction.</param>
    /// <param name="ids">The review's partner and integration.</param>
    /// <param name="terms">What the item asks.</param>
    /// <param name="side">Whose figure it is; null when both sides gave it together.</param>
    /// <param name="figure">The figure; null when the answer has none any more.</param>
    /// <param name="reviewId">The review.</param>
    /// <param name="itemKey">Its item.</param>
    /// <param name="by">Who answered.</param>
    /// <param name="at">When.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The target; null when there is none and no figure to make one of.</returns>
    public static async Task<Target?> TakeFigureAsync(
        PortalContext db, (Guid PartnerId, Guid IntegrationId) ids, TargetTerms terms, Side? side, decimal? figure, Guid reviewId, string itemKey, string by, DateTimeOffset at, CancellationToken cancel)
    {
        await AloneAsync(db, ids.IntegrationId, cancel);
        var subject = TargetTerms.Normal(terms.Subject);
        var target = await db.Set<Target>().AsTracking().SingleOrDefaultAsync(t => t.IntegrationId == ids.IntegrationId && t.NormalSubject == subject, cancel);
        if (target is null)
        {
            if (figure is null)
            {
                return null;
            }

            target = Target.About(ids.PartnerId, ids.IntegrationId, terms, await RoomAsync(db, ids.IntegrationId, cancel), at);
            db.Add(target);
        }

        if (target.Take(terms, side, figure, reviewId, itemKey, by, at))
        {
            await RaiseOrSettleAsync(db, target, by, at, cancel);
        }

        return target;
    }

    /// <summary>Until the transaction ends nobody else changes what people say about this integration's targets.</summary>
    public static Task AloneAsync(PortalContext db, Guid integrationId, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('targets:' || {integrationId}::text, 0))", cancel);

    /// <summary>The keys that an integration uses; refuses when no more fit.</summary>
    public static async Task<IReadOnlyCollection<string>> RoomAsync(PortalContext db, Guid integrationId, CancellationToken cancel)
    {
        var taken = await db.Set<Target>().Where(t => t.IntegrationId == integrationId).Select(t => t.Key).ToListAsync(cancel);
        return taken.Count < Target.MostPerIntegration ? taken : throw new RuleBroken($"An integration keeps at most {Target.MostPerIntegration} targets. Remove some first.");
    }

    /// <summary>A mismatch has an open action of the partner's owner; figures that fit again end it.</summary>
    public static async Task RaiseOrSettleAsync(PortalContext db, Target target, string by, DateTimeOffset at, CancellationToken cancel)
    {
        if (target.Mismatch() is not { } sentence)
        {
            await ActionStore.SettleAsync(db, await CauseAsync(db, target, cancel), target.Settled(), by, at, cancel);
            return;
        }

        var owner = await db.Partners.Where(p => p.Id == target.PartnerId).Select(p => p.Owner).SingleAsync(cancel);
        var draft = ActionDraft.Of($"Settle “{target.Terms.Subject}”: {sentence}", owner);
        var cause = await CauseAsync(db, target, cancel);
        var action = await ActionStore.EnsureAsync(db, target.PartnerId, target.IntegrationId, draft, cause, by, at, cancel);
        action.Change(new ActionDraft(draft.Text));
    }

    /// <summary>The target goes, and so does what its figures asked for.</summary>
    public static async Task ForgetMismatchAsync(PortalContext db, Target target, string by, DateTimeOffset at, CancellationToken cancel) =>
        await ActionStore.AbandonAsync(db, await CauseAsync(db, target, cancel), "The target was removed.", by, at, cancel);

    private static async Task<ActionSource> CauseAsync(PortalContext db, Target target, CancellationToken cancel)
    {
        var place = await db.Integrations.Where(i => i.Id == target.IntegrationId).Select(i => new { i.Slug, Partner = db.Partners.Where(p => p.Id == i.PartnerId).Select(p => p.Slug).Single() }).SingleAsync(cancel);
        var url = $"/partners/{place.Partner}/targets" + (place.Slug == Integration.MainSlug ? "" : $"?integration={place.Slug}") + "#" + target.Key;
        return new ActionSource(ActionCause.Mismatch, target.Id.ToString(), target.Terms.Subject, url);
    }
}
