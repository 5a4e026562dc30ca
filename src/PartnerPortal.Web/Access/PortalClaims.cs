using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using PartnerPortal.Data.Access;
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

    /// <summary>The token that acts; people who signed in have none.</summary>
    public const string Token = "portal:token";

    /// <summary>The session that a cookie names; tokens have none.</summary>
    public const string Session = "portal:session";

    /// <summary>What people call them.</summary>
    public const string DisplayName = "portal:display-name";

    /// <summary>One of a token's scopes.</summary>
    public const string Scope = "portal:scope";

    /// <summary>Nobody: what an ended session is worth.</summary>
    public static ClaimsPrincipal Nobody => new(new ClaimsIdentity());

    /// <summary>The claims of somebody who signed in, with the role of this moment.</summary>
    public static ClaimsPrincipal Of(SignedInRow row)
    {
        var identity = Identity(IdentityConstants.ApplicationScheme, row.PersonId, row.Email, row.Role, row.PartnerId);
        identity.AddClaim(new(Session, row.SessionId.ToString()));
        identity.AddClaim(new(DisplayName, row.DisplayName));
        return new(identity);
    }

    /// <summary>The claims of a program that acts with a token.</summary>
    public static ClaimsPrincipal OfToken(Actor actor, string scheme)
    {
        var identity = Identity(scheme, actor.Id!.Value, actor.Name, actor.Role, actor.PartnerId);
        identity.AddClaim(new(Through, actor.Through));
        if (actor.TokenId is { } token)
        {
            identity.AddClaim(new(Token, token.ToString()));
        }

        identity.AddClaims((actor.Scopes ?? []).Select(s => new Claim(Scope, Words.Of(s))));
        return new(identity);
    }

    /// <summary>The person behind the claims. A stranger becomes an actor without any right.</summary>
    public static Actor ToActor(this ClaimsPrincipal user)
    {
        if (user.Identity?.IsAuthenticated != true || !Words.TryParse<Role>(user.FindFirstValue(Role), out var role))
        {
            return new Actor(null, "stranger", Domain.Access.Role.Guest, Scopes: []);
        }

        var through = user.FindFirstValue(Through);
        var scopes = user.FindAll(Scope).Select(c => Words.TryParse<Scope>(c.Value, out var scope) ? scope : (Scope?)null).OfType<Scope>().ToList();
        return new Actor(Id(user, ClaimTypes.NameIdentifier), user.Identity.Name ?? "", role, through ?? "page", Id(user, Partner), through is null ? null : scopes, user.TokenId());
    }

    /// <summary>Whether a signed-in person has a right.</summary>
    public static bool May(this ClaimsPrincipal user, Right right) => user.Identity?.IsAuthenticated == true && user.ToActor().May(right);

    /// <summary>The session of a signed-in person; null for tokens and strangers.</summary>
    public static Guid? SessionId(this ClaimsPrincipal user) => Id(user, Session);

    /// <summary>The token that a program brought; null for people and strangers.</summary>
    public static Guid? TokenId(this ClaimsPrincipal user) => Id(user, Token);

    private static Guid? Id(ClaimsPrincipal user, string claim) => Guid.TryParse(user.FindFirstValue(claim), out var id) ? id : null;

    private static ClaimsIdentity Identity(string scheme, Guid id, string email, Role role, Guid? partner)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, Role);
        identity.AddClaim(new(ClaimTypes.NameIdentifier, id.ToString()));
        identity.AddClaim(new(ClaimTypes.Name, email));
        identity.AddClaim(new(Role, Words.Of(role)));
        if (partner is { } bound)
        {
            identity.AddClaim(new(Partner, bound.ToString()));
        }

        return identity;
    }
}
