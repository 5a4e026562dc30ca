using System.Security.Claims;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>A saved chart as the API shows it.</summary>
public sealed record ChartAnswer(Guid Id, string Title, IReadOnlyList<ChartLine> Lines, bool BothSides, int Place)
{
    /// <summary>The answer for a chart.</summary>
    public static ChartAnswer Of(SavedChart chart) => new(chart.Id, chart.Title, chart.Lines, chart.BothSides, chart.Place);
}

/// <summary>The ids of an integration's charts in the order wanted.</summary>
public sealed record ChartOrder(IReadOnlyList<Guid>? Ids);

/// <summary>Saved charts over HTTP.</summary>
public static class ChartEndpoints
{
    /// <summary>Maps /partners/{slug}/charts.</summary>
    public static void MapCharts(this IEndpointRouteBuilder api)
    {
        var charts = api.MapGroup("/partners/{slug}/charts").WithTags("Metrics");
        charts.MapGet("", ListAsync).Needs(Right.Read);
        charts.MapPost("", AddAsync).Needs(Right.Edit);
        charts.MapPut("/order", OrderAsync).Needs(Right.Edit);
        charts.MapPatch("/{id:guid}", ChangeAsync).Needs(Right.Edit);
        charts.MapDelete("/{id:guid}", RemoveAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<ChartAnswer>> ListAsync(string slug, ChartStore store, CancellationToken cancel, string integration = Integration.MainSlug) =>
        new([.. (await store.ListAsync(slug, integration, cancel)).Select(ChartAnswer.Of)], null);

    private static async Task<IResult> AddAsync(
        string slug, ChartDraft body, ChartStore store, ClaimsPrincipal user, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        var chart = await store.AddAsync(slug, integration, body, user.ToActor(), cancel);
        return Results.Created($"/api/v1/partners/{slug}/charts/{chart.Id}", ChartAnswer.Of(chart));
    }

    private static async Task<ChartAnswer> ChangeAsync(
        string slug, Guid id, ChartDraft body, ChartStore store, ClaimsPrincipal user, CancellationToken cancel, string integration = Integration.MainSlug) =>
        ChartAnswer.Of(await store.ChangeAsync(slug, integration, id, body, user.ToActor(), cancel));

    private static async Task<ApiList<ChartAnswer>> OrderAsync(
        string slug, ChartOrder body, ChartStore store, ClaimsPrincipal user, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        await store.OrderAsync(slug, integration, body.Ids ?? [], user.ToActor(), cancel);
        return await ListAsync(slug, store, cancel, integration);
    }

    private static async Task<IResult> RemoveAsync(
        string slug, Guid id, ChartStore store, ClaimsPrincipal user, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        await store.RemoveAsync(slug, integration, id, user.ToActor(), cancel);
        return Results.NoContent();
    }
}
