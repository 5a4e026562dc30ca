using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Actions;

/// <summary>Finds actions: what is due first comes first, what has no day last. Archived partners owe nothing.</summary>
public sealed class ActionListStore(PortalDatabase database)
{
    /// <summary>The day by which actions are due or overdue: today in UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(database.Now.UtcDateTime);

    /// <summary>One page by number, with the total.</summary>
    public async Task<ActionPageRow> PageAsync(ActionFilter filter, int skip, int take, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = Narrow(db, filter, by);
        return new(await Rows(Order(found).Skip(skip).Take(take)).ToListAsync(cancel), await found.CountAsync(cancel));
    }

    /// <summary>The rows after a given one; stable while others add and finish actions.</summary>
    /// <param name="filter">What the list is narrowed to.</param>
    /// <param name="due">The day of the row before; null for one without a day.</param>
    /// <param name="id">Its id; null to begin.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="by">Who asks: an actor bound to a partner gets that partner's.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<ActionRow>> AfterAsync(ActionFilter filter, DateOnly? due, Guid? id, int take, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = Narrow(db, filter, by);
        if (id is { } last)
        {
            found = due is { } day
                ? found.Where(r => r.Item.Due == null || r.Item.Due > day || (r.Item.Due == day && r.Item.Id.CompareTo(last) > 0))
                : found.Where(r => r.Item.Due == null && r.Item.Id.CompareTo(last) > 0);
        }

        return await Rows(Order(found).Take(take)).ToListAsync(cancel);
    }

    /// <summary>How many actions wait, and how many of them are overdue today.</summary>
    public async Task<ActionCount> CountAsync(ActionFilter filter, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var today = Today;
        var open = Narrow(db, filter with { State = ActionState.Open }, by);
        var late = await open.Where(r => r.Item.Due < today).GroupBy(r => r.Item.Side).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
        int Late(Side side) => late.Where(l => l.Key == side).Sum(l => l.Count);
        return new(await open.CountAsync(cancel), Late(Side.Ours), Late(Side.Partner));
    }

    internal static IQueryable<ActionRow> Rows(PortalContext db, IQueryable<ActionItem> items) => Rows(Placed(db, items));

    private static IQueryable<ActionRow> Rows(IQueryable<Place> found) =>
        found.Select(r => new ActionRow(r.Item, r.Partner.Slug, r.Partner.Name, r.Partner.Owner, r.Integration.Slug, r.Integration.Name));

    private static IQueryable<Place> Placed(PortalContext db, IQueryable<ActionItem> items) =>
        from item in items
        join partner in db.Partners on item.PartnerId equals partner.Id
        join integration in db.Integrations on item.IntegrationId equals integration.Id
        select new Place { Item = item, Partner = partner, Integration = integration };

    private static IOrderedQueryable<Place> Order(IQueryable<Place> found) => found.OrderBy(r => r.Item.Due == null).ThenBy(r => r.Item.Due).ThenBy(r => r.Item.Id);

    private static IQueryable<Place> Narrow(PortalContext db, ActionFilter filter, Actor by)
    {
        var items = db.Set<ActionItem>().Where(a => db.Partners.Any(p => p.Id == a.PartnerId && p.ArchivedAt == null));
        foreach (var word in (filter.Text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8))
        {
            var like = "%" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            items = items.Where(a => EF.Functions.Like(EF.Property<string>(a, ActionTables.SearchText), like, "\\"));
        }

        var (bound, state, side, before) = (by.PartnerId, filter.State, filter.Side, filter.DueBefore);
        items = items.Where(a => (bound == null || a.PartnerId == bound) && (state == null || a.State == state) && (side == null || a.Side == side) && (before == null || a.Due < before));
        if (!string.IsNullOrWhiteSpace(filter.Owner))
        {
            items = items.Where(a => a.Owner == filter.Owner);
        }

        if (filter.Mine is { } mine)
        {
            items = items.Where(a => a.Owner == mine || (a.Owner == null && db.Partners.Any(p => p.Id == a.PartnerId && p.Owner == mine)));
        }

        var rows = Placed(db, items);
        rows = filter.Partner is { Length: > 0 } slug ? rows.Where(r => r.Partner.Slug == slug) : rows;
        return filter.Integration is { Length: > 0 } within ? rows.Where(r => r.Integration.Slug == within) : rows;
    }

    private sealed class Place
    {
        public required ActionItem Item { get; init; }
        public required Partner Partner { get; init; }
        public required Integration Integration { get; init; }
    }
}
