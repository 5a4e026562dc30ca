using System.Security.Claims;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Access;

/// <summary>Sessions over HTTP: administrators see and end everybody's, others their own.</summary>
public static class SessionEndpoints
{
    /// <summary>Maps /sessions.</summary>
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Access");
        sessions.MapGet("", ListAsync).Needs(Right.SignedIn);
        sessions.MapPost("/{id:guid}/end", EndAsync).Needs(Right.SignedIn);
    }

    private static async Task<ApiList<SessionRow>> ListAsync(SessionStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        var by = user.ToActor();
        return new(await store.ListAsync(by.May(Right.Administer) ? null : by.Id, cancel), null);
    }

    private static async Task<IResult> EndAsync(Guid id, SessionStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.EndAsync(id, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
