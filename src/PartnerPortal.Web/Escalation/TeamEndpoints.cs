using System.Security.Claims;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>Our teams over HTTP.</summary>
internal static class TeamEndpoints
{
    /// <summary>Maps /teams.</summary>
    public static void MapTeams(this IEndpointRouteBuilder api)
    {
        var teams = api.MapGroup("/teams").WithTags("Escalation");
        teams.MapGet("", async (TeamStore store, CancellationToken cancel) => new ApiList<TeamAnswer>([.. (await store.ListAsync(cancel)).Select(TeamAnswer.Of)], null)).Needs(Right.Read);
        teams.MapPost("", (TeamDraft body, TeamStore store, HttpContext http, CancellationToken cancel) => SaveAsync(null, body, store, http, cancel)).Needs(Right.EditPolicies);
        teams.MapGet("/{slug}", GetAsync).Needs(Right.Read);
        teams.MapPut("/{slug}", SaveAsync).Needs(Right.EditPolicies);
        teams.MapDelete("/{slug}", RemoveAsync).Needs(Right.EditPolicies);
    }

    private static async Task<TeamAnswer> GetAsync(string slug, TeamStore store, HttpResponse response, CancellationToken cancel)
    {
        var team = await store.GetAsync(slug, cancel);
        response.WriteVersion(team.Version);
        return TeamAnswer.Of(team);
    }

    private static async Task<IResult> SaveAsync(string? slug, TeamDraft body, TeamStore store, HttpContext http, CancellationToken cancel)
    {
        var (team, isNew) = await store.SaveAsync(slug, body, http.Request.ReadVersion(), http.User.ToActor(), cancel);
        http.Response.WriteVersion(team.Version);
        return isNew ? Results.Created($"/api/v1/teams/{team.Slug}", TeamAnswer.Of(team)) : Results.Ok(TeamAnswer.Of(team));
    }

    private static async Task<IResult> RemoveAsync(string slug, TeamStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RemoveAsync(slug, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
