using System.Security.Claims;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>Waivers over HTTP: asked for, approved by somebody else, ended.</summary>
public static class WaiverEndpoints
{
    /// <summary>Maps the waivers of review items and of targets, and the list of an integration's waivers.</summary>
    public static void MapWaivers(this IEndpointRouteBuilder reviews)
    {
        reviews.MapGet("/partners/{slug}/waivers", ListAsync).Needs(Right.Read);
        reviews.MapPost("/partners/{slug}/targets/{key}/waiver", RequestForTargetAsync).Needs(Right.RequestMoves);
        reviews.MapPost("/partners/{slug}/targets/{key}/waiver/approve", ApproveForTargetAsync).Needs(Right.MoveStages);
        reviews.MapPost("/partners/{slug}/targets/{key}/waiver/end", EndForTargetAsync).Needs(Right.MoveStages);
        reviews.MapPost("/reviews/{id:guid}/answers/{key}/waiver", RequestAsync).Needs(Right.RequestMoves).NarrowsToPartner();
        reviews.MapPost("/reviews/{id:guid}/answers/{key}/waiver/approve", ApproveAsync).Needs(Right.MoveStages).NarrowsToPartner();
        reviews.MapPost("/reviews/{id:guid}/answers/{key}/waiver/end", EndAsync).Needs(Right.MoveStages).NarrowsToPartner();
    }

    private static async Task<ApiList<WaiverReply>> ListAsync(string slug, string? integration, WaiverStore waivers, TimeProvider clock, CancellationToken cancel) =>
        new([.. (await waivers.ListAsync(slug, integration ?? Integration.MainSlug, cancel)).Select(w => WaiverReply.Of(w, clock.GetUtcNow()))], null);

    private static async Task<IResult> RequestAsync(Guid id, string key, WaiverDraft draft, ClaimsPrincipal user, WaiverStore waivers, TimeProvider clock, CancellationToken cancel)
    {
        var waiver = await waivers.RequestForItemAsync(id, key, draft, user.ToActor(), cancel);
        return Results.Created($"/api/v1/reviews/{id}", WaiverReply.Of(waiver, clock.GetUtcNow()));
    }

    private static async Task<WaiverReply> ApproveAsync(Guid id, string key, ClaimsPrincipal user, WaiverStore waivers, TimeProvider clock, CancellationToken cancel) =>
        WaiverReply.Of(await waivers.ApproveForItemAsync(id, key, user.ToActor(), cancel), clock.GetUtcNow());

    private static async Task<IResult> RequestForTargetAsync(
        string slug, string key, WaiverDraft draft, ClaimsPrincipal user, WaiverStore waivers, TimeProvider clock, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        var waiver = await waivers.RequestForTargetAsync(slug, integration, key, draft, user.ToActor(), cancel);
        return Results.Created($"/api/v1/partners/{slug}/targets/{key}", WaiverReply.Of(waiver, clock.GetUtcNow()));
    }

    private static async Task<WaiverReply> ApproveForTargetAsync(
        string slug, string key, ClaimsPrincipal user, WaiverStore waivers, TimeProvider clock, CancellationToken cancel, string integration = Integration.MainSlug) =>
        WaiverReply.Of(await waivers.ApproveForTargetAsync(slug, integration, key, user.ToActor(), cancel), clock.GetUtcNow());

    private static async Task<WaiverReply> EndForTargetAsync(
        string slug, string key, ClaimsPrincipal user, WaiverStore waivers, TimeProvider clock, CancellationToken cancel, string integration = Integration.MainSlug) =>
        WaiverReply.Of(await waivers.EndForTargetAsync(slug, integration, key, user.ToActor(), cancel), clock.GetUtcNow());

    private static async Task<WaiverReply> EndAsync(Guid id, string key, ClaimsPrincipal user, WaiverStore waivers, TimeProvider clock, CancellationToken cancel) =>
        WaiverReply.Of(await waivers.EndForItemAsync(id, key, user.ToActor(), cancel), clock.GetUtcNow());
}
