using System.Security.Claims;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Runbooks;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Runbooks;

/// <summary>Runbooks over HTTP: list, search, read, write, versions, import.</summary>
public static class RunbookEndpoints
{
    /// <summary>Maps /runbooks and /partners/{slug}/runbooks.</summary>
    public static void MapRunbooks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runbooks", ListAsync).Needs(Right.Read).WithTags("Runbooks");
        api.MapPost("/runbooks/import", RunbookUpload.ImportAsync).Needs(Right.EditPolicies).WithTags("Runbooks");
        var runbooks = api.MapGroup("/partners/{slug}/runbooks").WithTags("Runbooks");
        runbooks.MapGet("", ListAsync).Needs(Right.Read);
        runbooks.MapPost("", EnterAsync).Needs(Right.EditPolicies);
        runbooks.MapGet("/{runbook}", GetAsync).Needs(Right.Read);
        runbooks.MapPut("/{runbook}", WriteAsync).Needs(Right.EditPolicies);
        runbooks.MapGet("/{runbook}/versions", VersionsAsync).Needs(Right.Read);
        runbooks.MapGet("/{runbook}/versions/{number:int}", VersionAsync).Needs(Right.Read);
        runbooks.MapPost("/{runbook}/versions/{number:int}/restore", RestoreAsync).Needs(Right.EditPolicies);
        runbooks.MapGet("/{runbook}/diff", DiffAsync).Needs(Right.Read);
        runbooks.MapPost("/{runbook}/verify", VerifyAsync).Needs(Right.Respond);
        runbooks.MapPost("/{runbook}/archive", ArchiveAsync).Needs(Right.EditPolicies);
        runbooks.MapPost("/{runbook}/restore", UnarchiveAsync).Needs(Right.EditPolicies);
    }

    private static async Task<ApiList<RunbookLineAnswer>> ListAsync(
        RunbookListStore store, TimeProvider clock, CancellationToken cancel,
        string? slug = null, string? partner = null, string? q = null, bool archived = false, int? limit = null, string? cursor = null)
    {
        var most = ApiPaging.Limit(limit);
        var place = ApiPaging.Place(cursor, 1);
        var skip = int.TryParse(place?[0], out var number) ? Math.Clamp(number, 0, 100_000) : 0;
        var rows = await store.FindAsync(slug ?? partner, q, archived, skip, most + 1, cancel);
        return ApiPaging.Page(rows, most, row => RunbookLineAnswer.Of(row, clock.GetUtcNow()), _ => [$"{skip + most}"]);
    }

    private static async Task<IResult> EnterAsync(string slug, RunbookDraft body, RunbookStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel)
    {
        var runbook = await store.WriteAsync(slug, null, body, null, user.ToActor(), cancel);
        response.WriteVersion((uint)runbook.Number);
        return Results.Created($"/api/v1/partners/{slug}/runbooks/{runbook.Slug}", RunbookAnswer.Of(runbook));
    }

    private static async Task<IResult> GetAsync(string slug, string runbook, RunbookStore store, RunbookListStore list, HttpContext http, CancellationToken cancel)
    {
        var found = await store.GetAsync(slug, runbook, cancel);
        var siblings = (await list.FindAsync(slug, null, false, 0, 1000, cancel)).Select(r => r.Slug).ToHashSet();
        return RunbookBody.Show(found, http, slug, other => siblings.Contains(other) ? $"/partners/{slug}/runbooks/{other}" : null);
    }

    private static async Task<IResult> WriteAsync(string slug, string runbook, RunbookStore store, HttpContext http, CancellationToken cancel)
    {
        var draft = await RunbookBody.ReadAsync(http.Request, cancel);
        var saved = await store.WriteAsync(slug, runbook, draft, RunbookBody.ReadNumber(http.Request), http.User.ToActor(), cancel);
        http.Response.WriteVersion((uint)saved.Number);
        return saved.Number == 1 && saved.Versions.Count == 1
            ? Results.Created($"/api/v1/partners/{slug}/runbooks/{saved.Slug}", RunbookAnswer.Of(saved))
            : Results.Ok(RunbookAnswer.Of(saved));
    }

    private static async Task<ApiList<RunbookVersionAnswer>> VersionsAsync(string slug, string runbook, RunbookStore store, CancellationToken cancel) =>
        new([.. (await store.VersionsAsync(slug, runbook, cancel)).Select(v => new RunbookVersionAnswer(v.Number, v.Title, v.Note, v.By, v.At, null))], null);

    private static async Task<RunbookVersionAnswer> VersionAsync(string slug, string runbook, int number, RunbookStore store, CancellationToken cancel)
    {
        var version = await store.VersionAsync(slug, runbook, number, cancel);
        return new(version.Number, version.Title, version.Note, version.By, version.At, version.Text);
    }

    private static async Task<RunbookAnswer> RestoreAsync(string slug, string runbook, int number, RunbookStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        RunbookAnswer.Of(await store.RestoreAsync(slug, runbook, number, user.ToActor(), cancel));

    private static async Task<RunbookDiff> DiffAsync(string slug, string runbook, int from, int to, RunbookStore store, CancellationToken cancel) =>
        RunbookDiff.Between(await store.VersionAsync(slug, runbook, from, cancel), await store.VersionAsync(slug, runbook, to, cancel));

    private static async Task<RunbookAnswer> VerifyAsync(string slug, string runbook, VerifyRequest body, RunbookStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        var number = body.Version ?? (await store.GetAsync(slug, runbook, cancel)).Number;
        return RunbookAnswer.Of(await store.VerifyAsync(slug, runbook, number, user.ToActor(), cancel));
    }

    private static async Task<RunbookAnswer> ArchiveAsync(string slug, string runbook, RunbookStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        RunbookAnswer.Of(await store.ArchiveAsync(slug, runbook, user.ToActor(), cancel));

    private static async Task<RunbookAnswer> UnarchiveAsync(string slug, string runbook, RunbookStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        RunbookAnswer.Of(await store.UnarchiveAsync(slug, runbook, user.ToActor(), cancel));
}
