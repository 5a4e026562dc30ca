using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>Waivers of all areas: asked for by one person, approved by another, over on their last day.</summary>
public sealed class WaiverStore(PortalDatabase database, ReviewStore reviews, TargetStore targets)
{
    /// <summary>Asks to waive an item of a review, for its integration.</summary>
    /// <exception cref="NotThere">There is no such review or item.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">A waiver of the item is live already.</exception>
    public async Task<Waiver> RequestForItemAsync(Guid review, string key, WaiverDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.RequestMoves);
        var sheet = await reviews.GetAsync(review, by, cancel);
        var item = sheet.Standings.Find(key) is { Asked: true } found ? found.Item : throw new NotThere($"item called {key} in this review");
        var subject = Waiver.OfItem(sheet.Template.Slug, key);
        return await RequestAsync(sheet.Review.PartnerId, sheet.Review.IntegrationId, WaiverArea.ReviewItem, subject, item.Question, draft, by, cancel);
    }

    /// <summary>Asks to waive a target of an integration.</summary>
    /// <exception cref="NotThere">The integration has no such target.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">A waiver of it is live already.</exception>
    public async Task<Waiver> RequestForTargetAsync(string partner, string integration, string key, WaiverDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.RequestMoves);
        var target = (await targets.GetAsync(partner, integration, key, cancel)).Target;
        return await RequestAsync(target.PartnerId, target.IntegrationId, WaiverArea.Target, target.Key, target.Terms.Subject, draft, by, cancel);
    }

    /// <summary>Asks for a waiver of anything.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">A waiver of it is live already.</exception>
    public async Task<Waiver> RequestAsync(Guid partner, Guid integration, WaiverArea area, string subject, string title, WaiverDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.RequestMoves);
        await using var db = await database.WriteAsync(by, cancel);
        var now = database.Now;
        var waiver = Waiver.Request(partner, integration, area, subject, title, draft, by, now);
        if (await OpenOf(db, integration, area, subject).SingleOrDefaultAsync(cancel) is { } earlier)
        {
            if (earlier.StateAt(now) != WaiverState.Expired)
            {
                throw StillLive(earlier, now);
            }

            // Its place is taken by the new one; its history stays.
            earlier.End("its last day", now);
            await db.SaveAsync(cancel);
        }

        db.Add(waiver);
        await db.SaveAsync(cancel, () => new AlreadyTaken("reason", "Somebody else asked for a waiver in this moment. Look at theirs first."));
        return waiver;
    }

    /// <summary>Approves the open waiver of an item of a review.</summary>
    /// <exception cref="NotThere">Nobody asked for one.</exception>
    /// <exception cref="RuleBroken">The requester approves, or it was decided or is over.</exception>
    public Task<Waiver> ApproveForItemAsync(Guid review, string key, Actor by, CancellationToken cancel) => DecideOnItemAsync(review, key, by, Approve(by), cancel);

    /// <summary>Refuses or takes back the open waiver of an item of a review.</summary>
    /// <exception cref="NotThere">There is none.</exception>
    public Task<Waiver> EndForItemAsync(Guid review, string key, Actor by, CancellationToken cancel) => DecideOnItemAsync(review, key, by, End(by), cancel);

    /// <summary>Approves the open waiver of a target.</summary>
    /// <exception cref="NotThere">Nobody asked for one.</exception>
    /// <exception cref="RuleBroken">The requester approves, or it was decided or is over.</exception>
    public Task<Waiver> ApproveForTargetAsync(string partner, string integration, string key, Actor by, CancellationToken cancel) =>
        DecideOnTargetAsync(partner, integration, key, by, Approve(by), cancel);

    /// <summary>Refuses or takes back the open waiver of a target.</summary>
    /// <exception cref="NotThere">There is none.</exception>
    public Task<Waiver> EndForTargetAsync(string partner, string integration, string key, Actor by, CancellationToken cancel) =>
        DecideOnTargetAsync(partner, integration, key, by, End(by), cancel);

    /// <summary>Every waiver of an integration, the newest first, ended ones included.</summary>
    public async Task<IReadOnlyList<Waiver>> ListAsync(string partner, string integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await (
            from w in db.Set<Waiver>()
            join i in db.Integrations on w.IntegrationId equals i.Id
            join p in db.Partners on w.PartnerId equals p.Id
            where p.Slug == partner && i.Slug == integration
            orderby w.Id descending
            select w).Take(500).ToListAsync(cancel);
    }

    private static Action<Waiver, DateTimeOffset> Approve(Actor by) => (waiver, now) => waiver.Approve(by, now);

    private static Action<Waiver, DateTimeOffset> End(Actor by) => (waiver, now) => waiver.End(by.Name, now);

    private async Task<Waiver> DecideOnItemAsync(Guid review, string key, Actor by, Action<Waiver, DateTimeOffset> decide, CancellationToken cancel)
    {
        var sheet = await reviews.GetAsync(review, by, cancel);
        return await DecideAsync(sheet.Review.IntegrationId, WaiverArea.ReviewItem, Waiver.OfItem(sheet.Template.Slug, key), by, decide, cancel);
    }

    private async Task<Waiver> DecideOnTargetAsync(string partner, string integration, string key, Actor by, Action<Waiver, DateTimeOffset> decide, CancellationToken cancel)
    {
        var target = (await targets.GetAsync(partner, integration, key, cancel)).Target;
        return await DecideAsync(target.IntegrationId, WaiverArea.Target, target.Key, by, decide, cancel);
    }

    private async Task<Waiver> DecideAsync(Guid integration, WaiverArea area, string subject, Actor by, Action<Waiver, DateTimeOffset> decide, CancellationToken cancel)
    {
        by.Need(Right.MoveStages);
        await using var db = await database.WriteAsync(by, cancel);
        var waiver = await OpenOf(db, integration, area, subject).SingleOrDefaultAsync(cancel) ?? throw new NotThere("waiver that waits for this");
        decide(waiver, database.Now);
        await db.SaveAsync(cancel);
        return waiver;
    }

    /// <summary>The waiver of a thing that nobody ended: requested, approved or expired.</summary>
    internal static IQueryable<Waiver> OpenOf(PortalContext db, Guid integration, WaiverArea area, string subject) =>
        db.Set<Waiver>().Where(w => w.IntegrationId == integration && w.Area == area && w.Subject == subject && w.EndedAt == null);

    /// <summary>The waivers of a template's items for an integration, by item key.</summary>
    internal static async Task<Dictionary<string, Waiver>> OfItemsAsync(PortalContext db, Guid integration, string template, CancellationToken cancel)
    {
        var prefix = Waiver.OfItem(template, "");
        var found = await db.Set<Waiver>().AsNoTracking()
            .Where(w => w.IntegrationId == integration && w.Area == WaiverArea.ReviewItem && w.EndedAt == null && w.Subject.StartsWith(prefix))
            .ToListAsync(cancel);
        return found.ToDictionary(w => w.Subject[prefix.Length..]);
    }

    private static RuleBroken StillLive(Waiver waiver, DateTimeOffset now) => new(waiver.StateAt(now) == WaiverState.Approved
        ? $"A waiver holds already, until {waiver.Until:d MMMM yyyy}. Take it back before you ask for another."
        : $"{waiver.RequestedBy} asked for a waiver already. It waits for a manager.");
}
