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

/// <summary>The right that an endpoint needs.</summary>
public static class NeedsExtension
{
    /// <summary>Lets only those in who have the right.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Right right)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(NeedsAttribute.PolicyOf(right));
}
