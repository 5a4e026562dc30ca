using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Audit;

/// <summary>The audit log over HTTP: search, CSV, verification.</summary>
public static class AuditEndpoints
{
    private const int MostInAFile = 50_000;
    private const int AtOnce = 1_000;

    /// <summary>Maps /audit.</summary>
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit");
        // Without ?partner= the store asks for more than Read.
        audit.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        audit.MapGet("/export.csv", CsvAsync).Needs(Right.Read).NarrowsToPartner();
        audit.MapGet("/verification", VerifyAsync).Needs(Right.Administer);
    }

    private static async Task<ApiList<AuditRow>> ListAsync([AsParameters] AuditQuery query, AuditStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        var most = ApiPaging.Limit(query.Limit);
        var after = ApiPaging.Place(query.Cursor, 1) is [{ } last] ? (Guid.TryParse(last, out var id) ? id : throw ApiPaging.Strange()) : (Guid?)null;
        var rows = await store.AfterAsync(query.Filter(), after, most + 1, user.ToActor(), cancel);
        return ApiPaging.Page(rows, most, row => row, row => [row.Id.ToString()]);
    }

    private static async Task<IResult> CsvAsync([AsParameters] AuditQuery query, AuditStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        List<AuditRow> rows = [];
        while (rows.Count < MostInAFile)
        {
            var page = await store.AfterAsync(query.Filter(), rows.Count == 0 ? null : rows[^1].Id, AtOnce, user.ToActor(), cancel);
            rows.AddRange(page);
            if (page.Count < AtOnce)
            {
                break;
            }
        }

        return CsvFile.Answer(
            "audit-log.csv",
            ["position", "at", "by", "through", "partner", "kind", "subjectId", "title", "action", "changes"],
            rows.Select(r => (IReadOnlyList<string?>)
            [
                r.Position?.ToString(CultureInfo.InvariantCulture), CsvFile.Time(r.At), r.By, r.Through, r.Partner, r.Kind, r.SubjectId.ToString(), r.Title, r.Action,
                string.Join('\n', r.Changes.Select(c => $"{c.Field}: {c.Before ?? "–"} → {c.After ?? "–"}")),
            ]));
    }

    private static async Task<AuditVerdict> VerifyAsync(AuditVerification verification, AuditHeadFile written, CancellationToken cancel) =>
        await verification.VerifyAsync(written.Read() is { } head ? [head] : [], cancel);
}
