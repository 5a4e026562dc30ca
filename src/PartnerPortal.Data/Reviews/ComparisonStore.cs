using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>A review that another one can be compared with.</summary>
public sealed record ComparableRow(Guid Id, string Title, string Partner, string Integration, int Version, DateTimeOffset StartedAt, Verdict? Verdict);

/// <summary>Finds what a review can be compared with: last year's, or that of another partner.</summary>
public sealed class ComparisonStore(PortalDatabase database, TemplateStore templates)
{
    private const int Most = 200;

    /// <summary>Other reviews from any version of the same template: those of the same partner first, then the newest.</summary>
    public async Task<IReadOnlyList<ComparableRow>> ListAsync(Guid review, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var own = await (
            from r in db.Set<Review>()
            join v in db.Set<TemplateVersion>() on r.TemplateVersionId equals v.Id
            where r.Id == review
            select new { r.PartnerId, v.TemplateId }).SingleOrDefaultAsync(cancel);
        if (own is null || !by.Sees(own.PartnerId))
        {
            return [];
        }

        var bound = by.PartnerId;
        var found = await (
            from r in db.Set<Review>()
            join v in db.Set<TemplateVersion>() on r.TemplateVersionId equals v.Id
            join i in db.Integrations on r.IntegrationId equals i.Id
            join p in db.Partners on r.PartnerId equals p.Id
            where v.TemplateId == own.TemplateId && r.Id != review && (bound == null || r.PartnerId == bound)
            orderby r.PartnerId == own.PartnerId descending, r.Id descending
            select new { Review = r, Partner = p.Name, Integration = i.Name }).Take(Most).ToListAsync(cancel);
        List<ComparableRow> rows = [];
        foreach (var line in found)
        {
            var template = await templates.FrozenAsync(db, line.Review.TemplateVersionId, cancel);
            rows.Add(new(line.Review.Id, line.Review.Title, line.Partner, line.Integration, template.Number, line.Review.StartedAt, line.Review.Decision?.Verdict));
        }

        return rows;
    }
}
