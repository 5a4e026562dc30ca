using Microsoft.AspNetCore.Authorization;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>The policy behind every page and endpoint: the actor has the right, and one that is bound to a partner stays with that partner.</summary>
internal sealed record RightRequirement(Right Right) : IAuthorizationRequirement;

/// <summary>On an endpoint: it narrows by itself to the actor's partner, so actors bound to one may call it although its address names none.</summary>
internal sealed record NarrowsToPartner;

/// <summary>The one place that decides. Bound actors are refused wherever the address does not name their partner, unless the endpoint says that it narrows by itself.</summary>
internal sealed class RightHandler(PartnerStore partners) : AuthorizationHandler<RightRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
    {
        var by = context.User.ToActor();
        if (context.User.Identity?.IsAuthenticated != true || !by.May(requirement.Right))
        {
            return;
        }

        // Items of one's own are narrowed where they are read: a guest's review names no partner in its address.
        if (by.PartnerId is { } bound && requirement.Right is not (Right.SignedIn or Right.AnswerOwnItems) && !await StaysAsync(context.Resource as HttpContext, bound))
        {
            context.Fail(new AuthorizationFailureReason(this, "This token is bound to another partner."));
            return;
        }

        context.Succeed(requirement);
    }

    private async Task<bool> StaysAsync(HttpContext? http, Guid bound)
    {
        if (http is null)
        {
            return false;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<NarrowsToPartner>() is not null)
        {
            return true;
        }

        var parts = http.Request.Path.Value?.Split('/') ?? [];
        var at = Array.IndexOf(parts, "partners") + 1;
        if (at == 0 || at >= parts.Length || parts[at].Length == 0)
        {
            return false;
        }

        try
        {
            return (await partners.GetAsync(parts[at], http.RequestAborted)).Id == bound;
        }
        catch (NotThere)
        {
            return false;
        }
    }
}
