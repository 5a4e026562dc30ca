using System.Security.Claims;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>A pair as the API shows it.</summary>
public sealed record CounterPairAnswer(string Slug, string Integration, string Title, string Ours, string Theirs, string? OurTests, string? TheirTests)
{
    /// <summary>The answer for a row.</summary>
    public static CounterPairAnswer Of(CounterPairRow row) =>
        new(row.Pair.Slug, row.Integration, row.Pair.Title, row.Pair.Ours, row.Pair.Theirs, row.Pair.OurTests, row.Pair.TheirTests);
}

/// <summary>Pairs of counters over HTTP.</summary>
public static class CounterPairEndpoints
{
    /// <summary>Maps /partners/{slug}/pairs.</summary>
    public static void MapCounterPairs(this IEndpointRouteBuilder api)
    {
        var pairs = api.MapGroup("/partners/{slug}/pairs").WithTags("Metrics");
        pairs.MapGet("", ListAsync).Needs(Right.Read);
        pairs.MapGet("/{pair}", async (string slug, string pair, CounterPairStore store, CancellationToken cancel) => CounterPairAnswer.Of(await store.GetAsync(slug, pair, cancel))).Needs(Right.Read);
        pairs.MapPut("/{pair}", SaveAsync).Needs(Right.Edit);
        pairs.MapDelete("/{pair}", RemoveAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<CounterPairAnswer>> ListAsync(string slug, CounterPairStore store, PartnerStore partners, CancellationToken cancel, string? integration = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return new([.. (await store.ListAsync(slug, integration, cancel)).Select(CounterPairAnswer.Of)], null);
    }

    private static async Task<IResult> SaveAsync(
        string slug, string pair, CounterPairDraft body, CounterPairStore store, ClaimsPrincipal user, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        var (row, isNew) = await store.SaveAsync(slug, integration, pair, body, user.ToActor(), cancel);
        return isNew ? Results.Created($"/api/v1/partners/{slug}/pairs/{pair}", CounterPairAnswer.Of(row)) : Results.Ok(CounterPairAnswer.Of(row));
    }

    private static async Task<IResult> RemoveAsync(string slug, string pair, CounterPairStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RemoveAsync(slug, pair, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
