using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

/// <summary>One row of the log, as lists show it.</summary>
public sealed record AuditRow(
    Guid Id, DateTimeOffset At, string By, string Through, string? Partner, string? PartnerName, string Kind, Guid SubjectId, string Title,
    string Action, IReadOnlyList<FieldChange> Changes, long? Position);

/// <summary>What the log is narrowed to. Null or empty means any.</summary>
/// <param name="Partner">Slug of a partner.</param>
/// <param name="Kind">partner, contact, answer.</param>
/// <param name="By">Part of the name of who did it.</param>
/// <param name="Text">Words that stand in the title, the name or the values.</param>
/// <param name="From">Not before.</param>
/// <param name="To">Before.</param>
public sealed record AuditFilter(string? Partner = null, string? Kind = null, string? By = null, string? Text = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Searches the audit log, newest first.</summary>
public sealed class AuditStore(PortalDatabase database)
{
    private const int MostWords = 8;

    /// <summary>The rows older than a given one.</summary>
    /// <param name="filter">What to narrow to.</param>
    /// <param name="after">The last row of the page before; null for the first page.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="by">Who asks: a partner's history is for everybody who reads, the whole log for administrators.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="NotThere">The filter names a partner that does not exist, or that the asker may not know of.</exception>
    /// <exception cref="NotAllowed">The asker may not see the whole log.</exception>
    public async Task<IReadOnlyList<AuditRow>> AfterAsync(AuditFilter filter, Guid? after, int take, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = Narrow(await OfPartnerAsync(db, filter.Partner, by, cancel), filter);
        if (after is { } last)
        {
            found = found.Where(e => e.Id.CompareTo(last) < 0);
        }

        var rows = await (
            from e in found.OrderByDescending(e => e.Id).Take(take)
            join p in db.Partners on e.PartnerId equals p.Id into partners
            from p in partners.DefaultIfEmpty()
            orderby e.Id descending
            select new { Entry = e, Slug = (string?)p.Slug, Name = (string?)p.Name }).ToListAsync(cancel);
        return [.. rows.Select(r => Row(r.Entry, r.Slug, r.Name))];
    }

    /// <summary>Every kind of thing that the log knows.</summary>
    public async Task<IReadOnlyList<string>> KindsAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        // From each kind to the next one in the index: the log may hold millions of rows of a dozen kinds.
        return await db.Database.SqlQuery<string>(
            $"""
            WITH RECURSIVE kinds AS (
                (SELECT kind FROM audit.entries ORDER BY kind LIMIT 1)
                UNION ALL
                SELECT (SELECT e.kind FROM audit.entries e WHERE e.kind > k.kind ORDER BY e.kind LIMIT 1) FROM kinds k WHERE k.kind IS NOT NULL)
            SELECT kind AS "Value" FROM kinds WHERE kind IS NOT NULL
            """).ToListAsync(cancel);
    }

    private static async Task<IQueryable<AuditEntry>> OfPartnerAsync(PortalContext db, string? slug, Actor by, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(slug))
        {
            by.Need(by.PartnerId is null ? Right.Administer : Right.Read);
            return by.PartnerId is { } bound ? db.Set<AuditEntry>().Where(e => e.PartnerId == bound) : db.Set<AuditEntry>();
        }

        by.Need(Right.Read);
        var partner = await db.Partners.Where(p => p.Slug == slug).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        return partner is { } id && by.Sees(id) ? db.Set<AuditEntry>().Where(e => e.PartnerId == id) : throw new NotThere($"partner called {slug}");
    }

    private static IQueryable<AuditEntry> Narrow(IQueryable<AuditEntry> found, AuditFilter filter)
    {
        if (!string.IsNullOrEmpty(filter.Kind))
        {
            found = found.Where(e => e.Kind == filter.Kind);
        }

        foreach (var word in Words(filter.Text))
        {
            var like = Like(word);
            found = found.Where(e => EF.Functions.Like(AuditTables.Words(e.Title, e.ActorName, e.Before, e.After), like, "\\"));
        }

        foreach (var word in Words(filter.By))
        {
            var like = Like(word);
            // The first condition has the index, the second is the question.
            found = found.Where(e => EF.Functions.Like(AuditTables.Words(e.Title, e.ActorName, e.Before, e.After), like, "\\")
                && EF.Functions.ILike(e.ActorName, like, "\\"));
        }

        found = filter.From is { } from ? found.Where(e => e.At >= from.ToUniversalTime()) : found;
        return filter.To is { } to ? found.Where(e => e.At < to.ToUniversalTime()) : found;
    }

    private static IEnumerable<string> Words(string? text) =>
        (text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords);

    private static string Like(string word) => "%" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    private static AuditRow Row(AuditEntry e, string? slug, string? name) => new(
        e.Id, e.At, e.ActorName, e.Through, slug, name, e.Kind, e.SubjectId, e.Title, e.Action, FieldChange.Between(e.Before, e.After), e.Position);
}
