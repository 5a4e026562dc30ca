using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>A target with where it belongs.</summary>
/// <param name="Target">The target.</param>
/// <param name="Partner">Slug of the partner.</param>
/// <param name="Integration">Slug of the integration.</param>
/// <param name="Waiver">The waiver that nobody ended: asked for, approved or past its last day; null when there is none.</param>
public sealed record TargetRow(Target Target, string Partner, string Integration, Waiver? Waiver = null)
{
    /// <summary>How it stands at a moment.</summary>
    public TargetState StateAt(DateTimeOffset at) => Target.StateAt(at, Waiver?.HoldsAt(at) == true);
}

/// <summary>What both sides agreed, in the database. Figures come from people here and from answers of reviews (<see cref="TargetFigures"/>).</summary>
public sealed class TargetStore(PortalDatabase database)
{
    /// <summary>What open pages are told when a value was computed.</summary>
    public const string ChangeKind = "target";

    /// <summary>The targets of a partner, or of one of its integrations, by subject.</summary>
    public async Task<IReadOnlyList<TargetRow>> ListAsync(string partner, string? integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<Target>(), partner, integration).ToListAsync(cancel);
    }

    /// <summary>One target.</summary>
    /// <exception cref="NotThere">The integration has no such target.</exception>
    public async Task<TargetRow> GetAsync(string partner, string integration, string key, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await RowAsync(db, partner, integration, key, cancel);
    }

    /// <summary>Targets of an integration whose two figures do not fit, those with a live waiver apart: each is a blocker.</summary>
    public async Task<IReadOnlyList<Target>> MismatchesAsync(Guid integrationId, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await MismatchesAsync(db, integrationId, database.Now, cancel);
    }

    /// <summary>Enters a target.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="AlreadyTaken">The integration has a target of this subject or key.</exception>
    public async Task<TargetRow> EnterAsync(string partner, string integration, TargetDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var place = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner))
            .Select(i => new { i.Id, i.PartnerId, Archived = db.Partners.Any(p => p.Id == i.PartnerId && p.ArchivedAt != null) })
            .SingleOrDefaultAsync(cancel) ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (place.Archived)
        {
            throw new RuleBroken("This partner is archived. Bring it back before you add targets.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await TargetFigures.AloneAsync(db, place.Id, cancel);
        var target = Target.Enter(place.PartnerId, place.Id, draft, await TargetFigures.RoomAsync(db, place.Id, cancel), by.Name, database.Now);
        db.Add(target);
        return await SaveAsync(db, target, partner, integration, by, cancel);
    }

    /// <summary>Changes what the draft names.</summary>
    /// <param name="partner">Slug of the partner.</param>
    /// <param name="integration">Slug of the integration.</param>
    /// <param name="key">The target.</param>
    /// <param name="draft">What to change; null stays.</param>
    /// <param name="version">The version that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    public Task<TargetRow> ChangeAsync(string partner, string integration, string key, TargetDraft draft, int? version, Actor by, CancellationToken cancel) =>
        EditAsync(partner, integration, key, version, target => target.Change(draft, by.Name, database.Now), by, cancel);

    /// <summary>Takes a value that a person proves.</summary>
    public Task<TargetRow> ProveAsync(string partner, string integration, string key, decimal? value, DateTimeOffset? seenAt, string? evidence, Actor by, CancellationToken cancel) =>
        EditAsync(partner, integration, key, null, target => target.Prove(value, seenAt, evidence, by.Name, database.Now), by, cancel);

    /// <summary>Removes a target; an answer of a review brings it back.</summary>
    /// <exception cref="NotThere">The integration has no such target.</exception>
    public async Task RemoveAsync(string partner, string integration, string key, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var target = await FoundAsync(db, partner, integration, key, cancel);
        await TargetFigures.ForgetMismatchAsync(db, target, by.Name, database.Now, cancel);
        db.Remove(target);
        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    internal static async Task<Dictionary<string, string>> MismatchSentencesAsync(PortalContext db, Guid integrationId, DateTimeOffset now, CancellationToken cancel) =>
        (await MismatchesAsync(db, integrationId, now, cancel)).ToDictionary(t => t.NormalSubject, t => t.Mismatch()!);

    internal static async Task<IReadOnlyList<Target>> MismatchesAsync(PortalContext db, Guid integrationId, DateTimeOffset now, CancellationToken cancel) =>
        [.. (await Rows(db, db.Set<Target>().AsNoTracking().Where(t => t.IntegrationId == integrationId), null, null).ToListAsync(cancel))
            .Where(r => r.Target.IsMismatch && r.Waiver?.HoldsAt(now) != true).Select(r => r.Target)];

    internal static IQueryable<TargetRow> Rows(PortalContext db, IQueryable<Target> targets, string? of, string? within) =>
        from target in targets
        join partner in db.Partners on target.PartnerId equals partner.Id
        join integration in db.Integrations on target.IntegrationId equals integration.Id
        from waiver in db.Set<Waiver>().AsNoTracking()
            .Where(w => w.IntegrationId == target.IntegrationId && w.Area == WaiverArea.Target && w.Subject == target.Key && w.EndedAt == null).DefaultIfEmpty()
        where (of == null || partner.Slug == of) && (within == null || integration.Slug == within)
        orderby target.NormalSubject, target.Id
        select new TargetRow(target, partner.Slug, integration.Slug, waiver);

    private async Task<TargetRow> EditAsync(string partner, string integration, string key, int? version, Action<Target> edit, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var target = await FoundAsync(db, partner, integration, key, cancel);
        if (version is { } read && read != target.Version)
        {
            throw new ChangedMeanwhile(await RowAsync(db, partner, integration, key, cancel));
        }

        edit(target);
        return await SaveAsync(db, target, partner, integration, by, cancel);
    }

    private async Task<TargetRow> SaveAsync(PortalContext db, Target target, string partner, string integration, Actor by, CancellationToken cancel)
    {
        await TargetFigures.RaiseOrSettleAsync(db, target, by.Name, database.Now, cancel);
        await db.SaveAsync(cancel, () => new AlreadyTaken("subject", "This integration has a target of this subject already."));
        await db.Database.CommitTransactionAsync(cancel);
        return await RowAsync(db, partner, integration, target.Key, cancel);
    }

    private static async Task<Target> FoundAsync(PortalContext db, string partner, string integration, string key, CancellationToken cancel)
    {
        var place = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner)).Select(i => (Guid?)i.Id).SingleOrDefaultAsync(cancel)
            ?? throw Nothing(partner, key);
        await TargetFigures.AloneAsync(db, place, cancel);
        return await db.Set<Target>().SingleOrDefaultAsync(t => t.IntegrationId == place && t.Key == key, cancel) ?? throw Nothing(partner, key);
    }

    private static async Task<TargetRow> RowAsync(PortalContext db, string partner, string integration, string key, CancellationToken cancel) =>
        await Rows(db, db.Set<Target>().AsNoTracking().Where(t => t.Key == key), partner, integration).SingleOrDefaultAsync(cancel) ?? throw Nothing(partner, key);

    private static NotThere Nothing(string partner, string key) => new($"target {key} of a partner called {partner}");
}
