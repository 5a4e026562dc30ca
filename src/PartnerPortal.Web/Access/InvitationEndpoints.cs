using System.Security.Claims;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Access;

/// <summary>A new invitation; its link is answered this once.</summary>
public sealed record InvitationAnswer(InvitationRow Invitation, string Url);

/// <summary>Invitations over HTTP.</summary>
public static class InvitationEndpoints
{
    /// <summary>Maps /invitations.</summary>
    public static void MapInvitations(this IEndpointRouteBuilder api)
    {
        var invitations = api.MapGroup("/invitations").WithTags("Access");
        invitations.MapGet("", async (InvitationStore store, CancellationToken cancel) => new ApiList<InvitationRow>(await store.OpenAsync(cancel), null)).Needs(Right.Administer);
        invitations.MapPost("", InviteAsync).Needs(Right.Administer).NotRemembered();
        invitations.MapPost("/{id:guid}/revoke", RevokeAsync).Needs(Right.Administer);
    }

    private static async Task<IResult> InviteAsync(InvitationDraft body, InvitationStore store, HttpContext http, CancellationToken cancel)
    {
        var made = await store.InviteAsync(body, http.User.ToActor(), cancel);
        var url = $"{http.Request.Scheme}://{http.Request.Host}/invitation/{made.Secret}";
        return Results.Created($"/api/v1/invitations/{made.Invitation.Id}", new InvitationAnswer(made.Invitation, url));
    }

    private static async Task<IResult> RevokeAsync(Guid id, InvitationStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RevokeAsync(id, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
