using System.Security.Claims;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>What a sign-in says about a person, and the way from there to an <see cref="Actor"/>.</summary>
public static class PortalClaims
{
    /// <summary>The person's role, as its word.</summary>
    public const string Role = "portal:role";

    /// <summary>The one partner that a guest or a bound token belongs to.</summary>
    public const string Partner = "portal:partner";

    /// <summary>Set when a token acts: how the audit log names the way in.</summary>
    public const string Through = "portal:through";

    /// <summary>The person behind the claims.</summary>
    public static Actor ToActor(this ClaimsPrincipal user)
    {
        var id = Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var found) ? found : (Guid?)null;
        var partner = Guid.TryParse(user.FindFirstValue(Partner), out var bound) ? bound : (Guid?)null;
        var role = Words.TryParse<Role>(user.FindFirstValue(Role), out var word) ? word : Domain.Access.Role.Guest;
        return new Actor(id, user.Identity?.Name ?? "stranger", role, user.FindFirstValue(Through) ?? "page", partner);
    }

    /// <summary>Whether a signed-in person has a right.</summary>
    public static bool May(this ClaimsPrincipal user, Right right) =>
        user.Identity?.IsAuthenticated == true && Words.TryParse<Role>(user.FindFirstValue(Role), out var role) && Rights.Has(role, right);
}
