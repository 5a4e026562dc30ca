using System.Globalization;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>What both sides agreed, over HTTP.</summary>
public static class TargetEndpoints
{
    /// <summary>Maps /partners/{slug}/targets.</summary>
    public static void MapTargets(this IEndpointRouteBuilder api)
    {
        var targets = api.MapGroup("/partners/{slug}/targets").WithTags("Reviews");
        targets.MapGet("", ListAsync).Needs(Right.Read);
        targets.MapPost("", EnterAsync).Needs(Right.Edit);
        targets.MapGet("/{key}", async (string slug, string key, TargetStore store, HttpContext http, CancellationToken cancel, string integration = Integration.MainSlug) =>
            Show(await store.GetAsync(slug, integration, key, cancel), http)).Needs(Right.Read);
        targets.MapPatch("/{key}", ChangeAsync).Needs(Right.Edit);
        targets.MapDelete("/{key}", RemoveAsync).Needs(Right.Edit);
        targets.MapPost("/{key}/observations", ProveAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<TargetAnswer>> ListAsync(
        string slug, TargetStore store, PartnerStore partners, TimeProvider clock, CancellationToken cancel, string? integration = null, string? state = null)
    {
        var check = new FieldCheck();
        TargetState? wanted = string.IsNullOrEmpty(state) ? null : check.Word("state", state, TargetState.Met);
        check.ThrowIfRefused();
        _ = await partners.GetAsync(slug, cancel);
        var answers = (await store.ListAsync(slug, integration, cancel)).Select(r => TargetAnswer.Of(r, clock.GetUtcNow()));
        return new([.. answers.Where(a => wanted is null || a.State == wanted)], null);
    }

    private static async Task<IResult> EnterAsync(string slug, TargetDraft body, TargetStore store, HttpContext http, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        var row = await store.EnterAsync(slug, integration, body, http.User.ToActor(), cancel);
        var query = integration == Integration.MainSlug ? "" : $"?integration={Uri.EscapeDataString(integration)}";
        return Results.Created($"/api/v1/partners/{slug}/targets/{row.Target.Key}{query}", Show(row, http));
    }

    private static async Task<TargetAnswer> ChangeAsync(
        string slug, string key, TargetDraft body, TargetStore store, HttpContext http, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        try
        {
            return Show(await store.ChangeAsync(slug, integration, key, body, (int)http.Request.NeedVersion(), http.User.ToActor(), cancel), http);
        }
        catch (ChangedMeanwhile changed) when (changed.Current is TargetRow current)
        {
            throw new ChangedMeanwhile(TargetAnswer.Of(current, Now(http)));
        }
    }

    private static async Task<IResult> RemoveAsync(string slug, string key, TargetStore store, HttpContext http, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        await store.RemoveAsync(slug, integration, key, http.User.ToActor(), cancel);
        return Results.NoContent();
    }

    /// <summary>Proves a target by hand; one with an expression follows that and refuses.</summary>
    private static async Task<IResult> ProveAsync(
        string slug, string key, NewObservation body, TargetStore store, HttpContext http, CancellationToken cancel, string integration = Integration.MainSlug) =>
        Results.Json(Show(await store.ProveAsync(slug, integration, key, body.Value, body.At, body.Evidence, http.User.ToActor(), cancel), http), statusCode: StatusCodes.Status201Created);

    private static TargetAnswer Show(TargetRow row, HttpContext http)
    {
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{row.Target.Version}\"");
        return TargetAnswer.Of(row, Now(http));
    }

    private static DateTimeOffset Now(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
