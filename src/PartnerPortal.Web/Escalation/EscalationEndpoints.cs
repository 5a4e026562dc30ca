using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>Escalation over HTTP: policies, teams, who would be called.</summary>
public static class EscalationEndpoints
{
    /// <summary>Maps /escalation-policies, /teams and …/who.</summary>
    public static void MapEscalation(this IEndpointRouteBuilder api)
    {
        var policies = api.MapGroup("/escalation-policies").WithTags("Escalation");
        policies.MapGet("", async (PolicyStore store, CancellationToken cancel) =>
            new ApiList<PolicyAnswer>([.. (await store.ListAsync(cancel)).Select(r => PolicyAnswer.Of(r.Policy))], null)).Needs(Right.Read);
        policies.MapPost("", (PolicyDraft body, PolicyStore store, HttpContext http, CancellationToken cancel) => SaveAsync(null, body, store, http, cancel)).Needs(Right.EditPolicies);
        policies.MapGet("/{slug}", GetAsync).Needs(Right.Read);
        policies.MapPut("/{slug}", SaveAsync).Needs(Right.EditPolicies);
        policies.MapDelete("/{slug}", RemoveAsync).Needs(Right.EditPolicies);
        policies.MapPost("/{slug}/drills", async (string slug, DrillStore drills, ClaimsPrincipal user, CancellationToken cancel) =>
            await drills.StartAsync(slug, user.ToActor(), cancel) is var drill ? Results.Created($"/api/v1/incidents/{drill.Id}", new { id = drill.Id, label = drill.Label, url = $"/incidents/{drill.Number}" }) : null).Needs(Right.EditPolicies);
        policies.MapGet("/{slug}/drills", async (string slug, DrillStore drills, CancellationToken cancel) =>
            new ApiList<DrillAnswer>([.. (await drills.ListAsync(slug, 50, cancel)).Select(DrillAnswer.Of)], null)).Needs(Right.Read);
        policies.MapGet("/{slug}/who", PlanAsync).Needs(Right.Read);
        api.MapGet("/escalation-targets", async (OnCallStore store, CancellationToken cancel, string? q = null, int? limit = null) =>
            new ApiList<TargetAnswer>([.. (await store.SearchAsync(q ?? "", ApiPaging.Limit(limit), cancel)).Select(TargetAnswer.Of)], null)).Needs(Right.Read).WithTags("Escalation");
        api.MapGet("/partners/{slug}/who", WhoAsync).Needs(Right.Read).WithTags("Escalation");
        api.MapTeams();
        api.MapSchedules();
        api.MapChannels();
        api.MapServices();
        api.MapShiftFeeds();
        api.MapGet("/coverage", async (CoverageStore store, TimeProvider clock, CancellationToken cancel, string? at = null) => CoverageAnswer.Of(await store.ReadAsync(Moment(at, clock), cancel))).Needs(Right.Read).WithTags("Escalation");
    }

    private static async Task<PolicyAnswer> GetAsync(string slug, PolicyStore store, HttpResponse response, CancellationToken cancel)
    {
        var policy = await store.GetAsync(slug, cancel);
        response.WriteVersion(policy.Version);
        return PolicyAnswer.Of(policy);
    }

    private static async Task<IResult> SaveAsync(string? slug, PolicyDraft body, PolicyStore store, HttpContext http, CancellationToken cancel)
    {
        var (policy, isNew) = await store.SaveAsync(slug, body, http.Request.ReadVersion(), http.User.ToActor(), cancel);
        http.Response.WriteVersion(policy.Version);
        return isNew ? Results.Created($"/api/v1/escalation-policies/{policy.Slug}", PolicyAnswer.Of(policy)) : Results.Ok(PolicyAnswer.Of(policy));
    }

    private static async Task<IResult> RemoveAsync(string slug, PolicyStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RemoveAsync(slug, user.ToActor(), cancel);
        return Results.NoContent();
    }

    private static async Task<WhoAnswer> PlanAsync(string slug, PolicyStore store, OnCallStore onCall, TimeProvider clock, CancellationToken cancel, string? at = null) =>
        WhoAnswer.Of(await onCall.PlanAsync(await store.GetAsync(slug, cancel), Moment(at, clock), cancel));

    private static async Task<WhoAnswer> WhoAsync(string slug, OnCallStore onCall, TimeProvider clock, CancellationToken cancel, string? at = null, string? integration = null) =>
        WhoAnswer.Of(await onCall.WhoAsync(slug, integration ?? Integration.MainSlug, Moment(at, clock), cancel));

    internal static DateTimeOffset Moment(string? at, TimeProvider clock)
    {
        if (string.IsNullOrWhiteSpace(at))
        {
            return clock.GetUtcNow();
        }

        // A plus sign that was not encoded arrives as a space.
        return DateTimeOffset.TryParse(at.Trim().Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year is > 1970 and < 2200
            ? moment
            : throw new FieldsRefused("at", $"“{(at.Length > 60 ? at[..60] + "…" : at)}” is not a moment. Write it like 2026-03-29T01:30:00Z.");
    }
}
