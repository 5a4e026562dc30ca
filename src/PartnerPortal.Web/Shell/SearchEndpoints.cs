using System.Security.Claims;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Shell;

/// <summary>What the palette finds, over HTTP.</summary>
public static class SearchEndpoints
{
    /// <summary>Maps /search.</summary>
    public static void MapSearch(this IEndpointRouteBuilder api) =>
        api.MapGet("/search", FindAsync).Needs(Right.Read).NarrowsToPartner().WithTags("Search");

    private static async Task<ApiList<SearchRow>> FindAsync(SearchStore store, ClaimsPrincipal user, CancellationToken cancel, string? q = null, int? limit = null) =>
        new(await store.FindAsync(q, ApiPaging.Limit(limit), user.ToActor(), cancel), null);
}
