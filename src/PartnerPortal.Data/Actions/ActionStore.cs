using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;

namespace PartnerPortal.Data.Actions;

/// <summary>Actions in the database. Other stores make theirs inside their own transaction, by <see cref="EnsureAsync"/>.</summary>
public sealed class ActionStore(PortalDatabase database)
{
    /// <summary>One action.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<ActionRow> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await RowAsync(db, id, by, cancel);
    }

    /// <summary>Writes down what somebody owes.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">The partner is archived.</exception>
    public async Task<ActionRow> CreateAsync(string partner, string integration, ActionDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var place = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner))
            .Select(i => new { i.Id, i.PartnerId, Partner = db.Partners.Where(p => p.Id == i.PartnerId).Select(p => new { p.Name, p.ArchivedAt }).Single() })
            .SingleOrDefaultAsync(cancel) ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (place.Partner.ArchivedAt is not null)
        {
            throw new RuleBroken($"{place.Partner.Name} is archived. Bring it back before you add actions.");
        }

        var item = ActionItem.Create(place.PartnerId, place.Id, draft, ActionSource.Person, by.Name, database.Now);
        db.Add(item);
        await db.SaveAsync(cancel);
        return await RowAsync(db, item.Id, by, cancel);
    }

    /// <summary>Changes what the draft names.</summary>
    /// <param name="id">The action.</param>
    /// <param name="draft">What to change; null stays.</param>
    /// <param name="version">The version that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    public Task<ActionRow> ChangeAsync(Guid id, ActionDraft draft, uint? version, Actor by, CancellationToken cancel) =>
        EditAsync(id, version, item => item.Change(draft), by, cancel);

    /// <summary>Marks it done, with what proves it.</summary>
    public Task<ActionRow> FinishAsync(Guid id, string? evidence, Actor by, CancellationToken cancel) =>
        EditAsync(id, null, item => item.Finish(evidence, by.Name, database.Now), by, cancel);

    /// <summary>Marks it as something that nobody needs to do.</summary>
    public Task<ActionRow> DropAsync(Guid id, string? reason, Actor by, CancellationToken cancel) =>
        EditAsync(id, null, item => item.Drop(reason, by.Name, database.Now), by, cancel);

    /// <summary>Opens it again.</summary>
    /// <exception cref="RuleBroken">It is open, or its cause has made another one meanwhile.</exception>
    public Task<ActionRow> ReopenAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, null, item => item.Reopen(), by, cancel);

    /// <summary>
    /// Makes sure that a cause has its open action: the one that is there, or a new one that the caller saves with its own
    /// changes. Call it inside a transaction; until that ends nobody else can make one for the same cause.
    /// </summary>
    /// <param name="db">The caller's context, with an open transaction.</param>
    /// <param name="partnerId">The partner.</param>
    /// <param name="integrationId">The integration.</param>
    /// <param name="draft">What, who, by when.</param>
    /// <param name="source">The cause; without a key a new action is made in any case.</param>
    /// <param name="by">In whose name.</param>
    /// <param name="at">When.</param>
    /// <param name="cancel">Cancels.</param>
    internal static async Task<ActionItem> EnsureAsync(
        PortalContext db, Guid partnerId, Guid integrationId, ActionDraft draft, ActionSource source, string by, DateTimeOffset at, CancellationToken cancel)
    {
        if (await OpenAsync(db, source, cancel) is { } there)
        {
            return there;
        }

        var item = ActionItem.Create(partnerId, integrationId, draft, source, by, at);
        db.Add(item);
        return item;
    }

    /// <summary>Ends the open action of a cause that is settled, if it has one; the caller saves. Call it inside a transaction.</summary>
    internal static async Task SettleAsync(PortalContext db, ActionSource source, string evidence, string by, DateTimeOffset at, CancellationToken cancel) =>
        (await OpenAsync(db, source, cancel))?.Finish(evidence, by, at);

    /// <summary>Drops the open action of a cause that is gone, if it has one; the caller saves. Call it inside a transaction.</summary>
    internal static async Task AbandonAsync(PortalContext db, ActionSource source, string reason, string by, DateTimeOffset at, CancellationToken cancel) =>
        (await OpenAsync(db, source, cancel))?.Drop(reason, by, at);

    private static async Task<ActionItem?> OpenAsync(PortalContext db, ActionSource source, CancellationToken cancel)
    {
        if (source.Key is not { } key)
        {
            return null;
        }

        if (db.Set<ActionItem>().Local.FirstOrDefault(a => a.SourceKey == key && a.State == ActionState.Open) is { } mine)
        {
            return mine;
        }

        // Locked until the transaction ends: two that find the same cause at once come one after the other.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('action:' || {key}, 0))", cancel);
        return await db.Set<ActionItem>().FromSql($"SELECT *, xmin FROM actions.actions WHERE source_key = {key} AND state = 'open' FOR UPDATE").AsTracking().SingleOrDefaultAsync(cancel);
    }

    private async Task<ActionRow> EditAsync(Guid id, uint? version, Action<ActionItem> edit, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var item = await db.Set<ActionItem>().SingleOrDefaultAsync(a => a.Id == id, cancel);
        if (item is null || !by.Sees(item.PartnerId))
        {
            throw Nothing();
        }

        if (version is { } read && read != item.Version)
        {
            throw new ChangedMeanwhile(await RowAsync(db, id, by, cancel));
        }

        edit(item);
        await db.SaveAsync(cancel, () => new AlreadyTaken("state", "What made this action has made another one since. Finish that one."));
        return await RowAsync(db, id, by, cancel);
    }

    private static async Task<ActionRow> RowAsync(PortalContext db, Guid id, Actor by, CancellationToken cancel)
    {
        var row = await ActionListStore.Rows(db, db.Set<ActionItem>().AsNoTracking().Where(a => a.Id == id)).SingleOrDefaultAsync(cancel);
        return row is not null && by.Sees(row.Item.PartnerId) ? row : throw Nothing();
    }

    private static NotThere Nothing() => new("such action");
}
