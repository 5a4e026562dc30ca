using System.Security.Claims;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>Rules over HTTP: keep them, try them, make them from a target.</summary>
public static class RuleEndpoints
{
    /// <summary>Maps /partners/{slug}/rules.</summary>
    public static void MapRules(this IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("/partners/{slug}/rules").WithTags("Metrics");
        rules.MapGet("", ListAsync).Needs(Right.Read);
        rules.MapPost("", (string slug, RuleBody body, RuleStore store, HttpContext http, CancellationToken cancel) => SaveAsync(slug, null, body, store, http, cancel)).Needs(Right.Edit);
        rules.MapPost("/burn-rate", BurnRateAsync).Needs(Right.Edit);
        rules.MapPost("/preview", PreviewAsync).Needs(Right.Edit);
        rules.MapGet("/{rule}", GetAsync).Needs(Right.Read);
        rules.MapPut("/{rule}", SaveAsync).Needs(Right.Edit);
        rules.MapDelete("/{rule}", RemoveAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<RuleAnswer>> ListAsync(string slug, RuleStore store, PartnerStore partners, CancellationToken cancel, string? integration = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return new([.. (await store.ListAsync(slug, integration, cancel)).Select(RuleAnswer.Of)], null);
    }

    private static async Task<RuleAnswer> GetAsync(string slug, string rule, RuleStore store, HttpResponse response, CancellationToken cancel)
    {
        var row = await store.GetAsync(slug, rule, cancel);
        response.WriteVersion(row.Rule.Version);
        return RuleAnswer.Of(row);
    }

    private static async Task<IResult> SaveAsync(string slug, string? rule, RuleBody body, RuleStore store, HttpContext http, CancellationToken cancel)
    {
        var (row, isNew) = await store.SaveAsync(slug, body.Integration, rule, body.Draft, http.Request.ReadVersion(), http.User.ToActor(), cancel);
        http.Response.WriteVersion(row.Rule.Version);
        return isNew ? Results.Created($"/api/v1/partners/{slug}/rules/{row.Rule.Slug}", RuleAnswer.Of(row)) : Results.Ok(RuleAnswer.Of(row));
    }

    private static async Task<IResult> RemoveAsync(string slug, string rule, RuleStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RemoveAsync(slug, rule, user.ToActor(), cancel);
        return Results.NoContent();
    }

    private static async Task<RuleForecast> PreviewAsync(
        string slug, RuleBody body, RulePreview preview, PartnerStore partners, CancellationToken cancel, string? back = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return await preview.ReadAsync(slug, body.Integration ?? Integration.MainSlug, body.Draft, Back(back), cancel);
    }

    private static async Task<IResult> BurnRateAsync(string slug, BurnRateBody body, RuleStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        List<RuleAnswer> made = [];
        foreach (var draft in RuleBurnRate.Make(new BurnRateDraft(body.Errors, body.Total, body.Target, body.Name)))
        {
            made.Add(RuleAnswer.Of((await store.SaveAsync(slug, body.Integration, draft.Slug, draft, null, user.ToActor(), cancel)).Row));
        }

        return Results.Created($"/api/v1/partners/{slug}/rules", new ApiList<RuleAnswer>(made, null));
    }

    private static TimeSpan Back(string? text) => text is null ? TimeSpan.FromDays(30)
        : Durations.TryParse(text, out var back) && back >= TimeSpan.FromMinutes(1) && back <= TimeSpan.FromDays(35) ? back
        : throw new FieldsRefused("back", "Ask for 1m to 35d.");
}
