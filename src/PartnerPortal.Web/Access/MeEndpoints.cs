using System.Security.Claims;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Who is asking, and what they may do.</summary>
/// <param name="Id">The person.</param>
/// <param name="Email">Their mail address.</param>
/// <param name="Role">Their role at this moment.</param>
/// <param name="Rights">What this request's cookie or token may do: the role's rights, narrowed by a token's scopes.</param>
/// <param name="Scopes">A token's scopes; null for a cookie.</param>
/// <param name="PartnerId">The one partner that a guest or a token is bound to.</param>
public sealed record MeAnswer(Guid? Id, string Email, Role Role, IReadOnlyList<Right> Rights, IReadOnlyList<Scope>? Scopes, Guid? PartnerId);

/// <summary>/me over HTTP.</summary>
public static class MeEndpoints
{
    /// <summary>Maps /me.</summary>
    public static void MapMe(this IEndpointRouteBuilder api) => api.MapGet("/me", Me).WithTags("Access").Needs(Right.SignedIn);

    private static MeAnswer Me(ClaimsPrincipal user)
    {
        var by = user.ToActor();
        return new(by.Id, by.Name, by.Role, [.. Enum.GetValues<Right>().Where(by.May)], by.Scopes, by.PartnerId);
    }
}
