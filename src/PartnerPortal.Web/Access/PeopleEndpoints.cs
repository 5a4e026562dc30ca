using System.Security.Claims;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Access;

/// <summary>People over HTTP: list, read, change role, disable.</summary>
public static class PeopleEndpoints
{
    /// <summary>Maps /people.</summary>
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("Access");
        people.MapGet("", ListAsync).Needs(Right.Administer);
        people.MapGet("/{id:guid}", (Guid id, PersonStore store, CancellationToken cancel) => store.GetAsync(id, cancel)).Needs(Right.Administer);
        people.MapPatch("/{id:guid}", ChangeAsync).Needs(Right.Administer);
        people.MapPost("/{id:guid}/end-sessions", EndSessionsAsync).Needs(Right.Administer);
    }

    private static async Task<ApiList<PersonRow>> ListAsync(PersonStore store, CancellationToken cancel, string? q = null, string? role = null)
    {
        var check = new FieldCheck();
        Role? only = string.IsNullOrEmpty(role) ? null : check.Word("role", role, Role.Viewer);
        check.ThrowIfRefused();
        return new(await store.ListAsync(q, only, cancel), null);
    }

    private static Task<PersonRow> ChangeAsync(Guid id, PersonDraft body, PersonStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        store.ChangeAsync(id, body, user.ToActor(), cancel);

    private static async Task<IResult> EndSessionsAsync(Guid id, SessionStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        Results.Ok(new { ended = await store.EndAllAsync(id, null, user.ToActor(), cancel) });
}
