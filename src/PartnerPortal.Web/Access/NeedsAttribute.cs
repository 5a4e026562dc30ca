using Microsoft.AspNetCore.Authorization;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>The right that a page needs. Every page names exactly one; see the rights table in <see cref="Rights"/>.</summary>
public sealed class NeedsAttribute(Right right) : AuthorizeAttribute(PolicyOf(right))
{
    /// <summary>The right.</summary>
    public Right Right { get; } = right;

    internal static string PolicyOf(Right right) => "right:" + right;
}

/// <summary>For pages about the own account: somebody who signed in themselves. A token, which is signed in too, never gets there.</summary>
public sealed class OwnAccountAttribute() : AuthorizeAttribute(Policy)
{
    internal new const string Policy = "own account";
}

/// <summary>The right that an endpoint needs.</summary>
public static class NeedsExtension
{
    /// <summary>Lets only those in who have the right.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Right right)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(NeedsAttribute.PolicyOf(right));

    /// <summary>Lets in only people who signed in themselves.</summary>
    public static TBuilder NeedsOwnAccount<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(OwnAccountAttribute.Policy);

    /// <summary>Opens the endpoint to actors bound to a partner, since it narrows its answer to <see cref="Actor.PartnerId"/> by itself.</summary>
    public static TBuilder NarrowsToPartner<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NarrowsToPartner());
}
