using System.Security.Claims;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Partners;

/// <summary>Partners over HTTP: list, create, read, change, archive.</summary>
public static class PartnerEndpoints
{
    /// <summary>Maps /partners.</summary>
    public static void MapPartners(this IEndpointRouteBuilder api)
    {
        var partners = api.MapGroup("/partners").WithTags("Partners");
        partners.MapGet("", ListAsync).Needs(Right.Read);
        partners.MapPost("", EnterAsync).Needs(Right.Edit);
        partners.MapGet("/export", ExportAsync).Needs(Right.Read);
        partners.MapPost("/import", ImportAsync).Needs(Right.Edit).Accepts<string>("text/csv");
        partners.MapGet("/{slug}", GetAsync).Needs(Right.Read);
        partners.MapPatch("/{slug}", ChangeAsync).Needs(Right.Edit);
        partners.MapPost("/{slug}/archive", ArchiveAsync).Needs(Right.Edit);
        partners.MapPost("/{slug}/restore", RestoreAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<PartnerRow>> ListAsync(
        PartnerListStore store, CancellationToken cancel,
        string? q = null, string? stage = null, string? tier = null, string? tag = null, string? owner = null, bool archived = false,
        string? sort = null, int? limit = null, string? cursor = null)
    {
        var filter = Filter(q, stage, tier, tag, owner, archived);
        var check = new FieldCheck();
        var order = string.IsNullOrEmpty(sort) ? PartnerSort.Name : check.Word("sort", sort, PartnerSort.Name);
        check.ThrowIfRefused();
        var most = ApiPaging.Limit(limit);
        var rows = await store.AfterAsync(filter, order, ApiPaging.Place(cursor, 4), most + 1, cancel);
        return ApiPaging.Page(rows, most, row => row, PartnerListStore.PlaceOf);
    }

    private static PartnerFilter Filter(string? q, string? stage, string? tier, string? tag, string? owner, bool archived)
    {
        var check = new FieldCheck();
        var filter = new PartnerFilter(
            q,
            string.IsNullOrEmpty(stage) ? null : check.Word("stage", stage, Stage.Prospect),
            string.IsNullOrEmpty(tier) ? null : check.Word("tier", tier, Tier.Standard),
            tag, owner, archived);
        check.ThrowIfRefused();
        return filter;
    }

    private static IResult ExportAsync(
        PartnerListStore store, CancellationToken cancel,
        string? q = null, string? stage = null, string? tier = null, string? tag = null, string? owner = null, bool archived = false)
    {
        var filter = Filter(q, stage, tier, tag, owner, archived);
        return Results.Stream(body => PartnerCsv.WriteAsync(store, filter, body, cancel), "text/csv; charset=utf-8", "partners.csv");
    }

    /// <summary>With <c>dryRun</c> nothing is changed; without it everything is taken or, if a line is refused, nothing.</summary>
    private static async Task<ImportAnswer> ImportAsync(
        HttpRequest request, PartnerImportStore store, ClaimsPrincipal user, CancellationToken cancel, bool dryRun = false)
    {
        var lines = await PartnerCsv.ReadAsync(request.Body, cancel);
        return ImportAnswer.Of(await store.ImportAsync(lines, dryRun, user.ToActor(), cancel));
    }

    private static async Task<IResult> EnterAsync(NewPartner body, PartnerStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel)
    {
        var partner = await store.EnterAsync(body.Draft, body.Stage, user.ToActor(), cancel);
        response.WriteVersion(partner.Version);
        return Results.Created($"/api/v1/partners/{partner.Slug}", PartnerAnswer.Of(partner));
    }

    private static async Task<PartnerAnswer> GetAsync(string slug, PartnerStore store, HttpResponse response, CancellationToken cancel) =>
        Show(await store.GetAsync(slug, cancel), response);

    private static async Task<PartnerAnswer> ChangeAsync(
        string slug, NewPartner body, PartnerStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel)
    {
        if (body.Stage is not null)
        {
            throw new FieldsRefused("stage", $"The stage is moved on its own, with proof: POST /api/v1/partners/{slug}/stage.");
        }

        return Show(await store.ChangeAsync(slug, body.Draft, http.Request.ReadVersion(), user.ToActor(), cancel), http.Response);
    }

    private static async Task<PartnerAnswer> ArchiveAsync(string slug, PartnerStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel) =>
        Show(await store.ArchiveAsync(slug, user.ToActor(), cancel), response);

    private static async Task<PartnerAnswer> RestoreAsync(string slug, PartnerStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel) =>
        Show(await store.RestoreAsync(slug, user.ToActor(), cancel), response);

    private static PartnerAnswer Show(Partner partner, HttpResponse response)
    {
        response.WriteVersion(partner.Version);
        return PartnerAnswer.Of(partner);
    }
}
