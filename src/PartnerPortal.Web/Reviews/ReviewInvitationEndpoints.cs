using System.Security.Claims;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>A new invitation to a review; its link is answered this once.</summary>
public sealed record ReviewInvitationAnswer(ReviewInvitationRow Invitation, string Url);

/// <summary>Invitations of the partner's engineers to a review, over HTTP.</summary>
public static class ReviewInvitationEndpoints
{
    /// <summary>Maps /reviews/{id}/invitations.</summary>
    public static void MapReviewInvitations(this IEndpointRouteBuilder api)
    {
        var invitations = api.MapGroup("/reviews/{id:guid}/invitations").WithTags("Reviews");
        invitations.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        invitations.MapPost("", InviteAsync).Needs(Right.AnswerReviews).NarrowsToPartner().NotRemembered();
        invitations.MapPost("/{invitation:guid}/revoke", RevokeAsync).Needs(Right.AnswerReviews).NarrowsToPartner();
    }

    private static async Task<ApiList<ReviewInvitationRow>> ListAsync(Guid id, ReviewInvitationStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        new(await store.ListAsync(id, user.ToActor(), cancel), null);

    private static async Task<IResult> InviteAsync(Guid id, ReviewInvitationDraft body, ReviewInvitationStore store, HttpContext http, CancellationToken cancel)
    {
        var made = await store.InviteAsync(id, body, http.User.ToActor(), cancel);
        var url = $"{http.Request.Scheme}://{http.Request.Host}/guest/{made.Secret}";
        return Results.Created($"/api/v1/reviews/{id}/invitations/{made.Invitation.Id}", new ReviewInvitationAnswer(made.Invitation, url));
    }

    private static async Task<IResult> RevokeAsync(Guid id, Guid invitation, ReviewInvitationStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RevokeAsync(id, invitation, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
