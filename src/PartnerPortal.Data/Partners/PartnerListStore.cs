using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Partners;

/// <summary>One line of the list of partners. Stage and criticality are those of its first integration.</summary>
public sealed record PartnerRow(
    Guid Id, string Slug, string Name, string Summary, string? Owner, Tier Tier, IReadOnlyList<string> Tags,
    Stage Stage, Criticality Criticality, int Integrations, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt);

/// <summary>What a list of partners is narrowed to. Null or empty means any.</summary>
public sealed record PartnerFilter(string? Text = null, Stage? Stage = null, Tier? Tier = null, string? Tag = null, string? Owner = null, bool Archived = false);

/// <summary>How the list is ordered.</summary>
public enum PartnerSort
{
    /// <summary>By name, A first.</summary>
    Name,

    /// <summary>By owner's mail address.</summary>
    Owner,

    /// <summary>Newest first.</summary>
    Newest,
}

/// <summary>A page of rows and how many there are in all.</summary>
public sealed record PartnerPageRow(IReadOnlyList<PartnerRow> Rows, int Total);

/// <summary>Finds partners: ten thousand of them feel instant.</summary>
public sealed class PartnerListStore(PortalDatabase database)
{
    /// <summary>One page by number, with the total.</summary>
    public async Task<PartnerPageRow> PageAsync(PartnerFilter filter, PartnerSort sort, int skip, int take, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = Narrow(db, filter);
        var total = await found.CountAsync(cancel);
        var rows = await Rows(Order(found, sort).Skip(skip).Take(take)).ToListAsync(cancel);
        return new(rows, total);
    }

    /// <summary>The rows after a given one; stable while others add and remove partners.</summary>
    /// <param name="filter">What the list is narrowed to.</param>
    /// <param name="sort">Its order.</param>
    /// <param name="after">The place of the row before, as <see cref="PlaceOf"/> tells it, or null to begin.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<PartnerRow>> AfterAsync(PartnerFilter filter, PartnerSort sort, string?[]? after, int take, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = Narrow(db, filter);
        if (after is not null)
        {
            var (name, slug, owner) = (after[0] ?? "", after[1] ?? "", after[2]);
            var id = Guid.TryParse(after[3], out var given) ? given : Guid.Empty;
            found = sort switch
            {
                PartnerSort.Newest => found.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.Id, p.Slug), ValueTuple.Create(id, slug))),
                PartnerSort.Owner when owner is null => found.Where(p => p.Owner == null && EF.Functions.GreaterThan(ValueTuple.Create(p.Name, p.Slug), ValueTuple.Create(name, slug))),
                PartnerSort.Owner => found.Where(p => p.Owner == null || EF.Functions.GreaterThan(ValueTuple.Create(p.Owner, p.Name, p.Slug), ValueTuple.Create(owner, name, slug))),
                _ => found.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.Name, p.Slug), ValueTuple.Create(name, slug))),
            };
        }

        return await Rows(Order(found, sort).Take(take)).ToListAsync(cancel);
    }

    /// <summary>Where a row stands in every order.</summary>
    public static string?[] PlaceOf(PartnerRow row) => [row.Name, row.Slug, row.Owner, row.Id.ToString()];

    /// <summary>Tags in use, the most used first.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Database.SqlQuery<string>(
            $"SELECT tag AS \"Value\" FROM partners.partners, unnest(tags) AS tag WHERE archived_at IS NULL GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 50").ToListAsync(cancel);
    }

    private static IQueryable<Partner> Narrow(PortalContext db, PartnerFilter filter)
    {
        var found = db.Partners.Where(p => filter.Archived ? p.ArchivedAt != null : p.ArchivedAt == null);
        foreach (var word in (filter.Text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8))
        {
            var like = "%" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            found = found.Where(p => EF.Functions.Like(EF.Property<string>(p, PartnerTables.SearchText), like, "\\"));
        }

        if (filter.Stage is { } stage)
        {
            found = found.Where(p => p.Integrations.Any(i => i.Stage == stage));
        }

        if (filter.Tier is { } tier)
        {
            found = found.Where(p => p.Tier == tier);
        }

        if (!string.IsNullOrWhiteSpace(filter.Owner))
        {
            found = found.Where(p => p.Owner == filter.Owner);
        }

        if (!string.IsNullOrWhiteSpace(filter.Tag))
        {
            var tag = filter.Tag.Trim().ToLowerInvariant();
            found = found.Where(p => p.Tags.Contains(tag));
        }

        return found;
    }

    private static IQueryable<Partner> Order(IQueryable<Partner> found, PartnerSort sort) => sort switch
    {
        PartnerSort.Owner => found.OrderBy(p => p.Owner == null).ThenBy(p => p.Owner).ThenBy(p => p.Name).ThenBy(p => p.Slug),
        PartnerSort.Newest => found.OrderByDescending(p => p.Id).ThenByDescending(p => p.Slug),
        _ => found.OrderBy(p => p.Name).ThenBy(p => p.Slug),
    };

    private static IQueryable<PartnerRow> Rows(IQueryable<Partner> found) => found.Select(p => new PartnerRow(
        p.Id, p.Slug, p.Name, p.Summary, p.Owner, p.Tier, p.Tags,
        p.Integrations.OrderBy(i => i.Slug != Integration.MainSlug).ThenBy(i => i.Id).Select(i => i.Stage).First(),
        p.Integrations.OrderBy(i => i.Slug != Integration.MainSlug).ThenBy(i => i.Id).Select(i => i.Criticality).First(),
        p.Integrations.Count, p.CreatedAt, p.ArchivedAt));
}
