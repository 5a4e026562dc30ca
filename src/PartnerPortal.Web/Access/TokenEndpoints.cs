using System.Security.Claims;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Access;

/// <summary>A new token; the secret is answered this once and stored nowhere.</summary>
public sealed record TokenAnswer(TokenRow Token, string Secret);

/// <summary>API tokens over HTTP.</summary>
public static class TokenEndpoints
{
    /// <summary>Maps /tokens.</summary>
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Access");
        tokens.MapGet("", async (TokenStore store, CancellationToken cancel) => new ApiList<TokenRow>(await store.ListAsync(cancel), null)).Needs(Right.Administer);
        tokens.MapPost("", IssueAsync).Needs(Right.Administer).NotRemembered();
        tokens.MapPost("/{id:guid}/revoke", RevokeAsync).Needs(Right.Administer);
    }

    private static async Task<IResult> IssueAsync(TokenDraft body, TokenStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        var issued = await store.IssueAsync(body, user.ToActor(), cancel);
        return Results.Created($"/api/v1/tokens/{issued.Token.Id}", new TokenAnswer(issued.Token, issued.Secret));
    }

    private static async Task<IResult> RevokeAsync(Guid id, TokenStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RevokeAsync(id, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
