using System.Security.Claims;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>Metric sources over HTTP.</summary>
public static class SourceEndpoints
{
    /// <summary>Maps /partners/{slug}/metric-sources.</summary>
    public static void MapMetricSources(this IEndpointRouteBuilder api)
    {
        var sources = api.MapGroup("/partners/{slug}/metric-sources").WithTags("Metrics");
        sources.MapGet("", ListAsync).Needs(Right.Read);
        sources.MapPost("", EnterAsync).Needs(Right.Edit);
        sources.MapPost("/try", TryAsync).Needs(Right.Edit);
        sources.MapGet("/{name}", GetAsync).Needs(Right.Read);
        sources.MapPatch("/{name}", ChangeAsync).Needs(Right.Edit);
        sources.MapDelete("/{name}", RemoveAsync).Needs(Right.Edit);
        sources.MapPost("/{name}/pause", PauseAsync).Needs(Right.Edit);
        sources.MapPost("/{name}/resume", ResumeAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<SourceAnswer>> ListAsync(
        string slug, MetricSourceStore store, PartnerStore partners, CancellationToken cancel, string? integration = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return new([.. (await store.ListAsync(slug, integration, cancel)).Select(SourceAnswer.Of)], null);
    }

    private static async Task<IResult> EnterAsync(string slug, NewSource body, SourceEntry entry, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel)
    {
        var row = await entry.EnterAsync(slug, body.Integration ?? Integration.MainSlug, body.Draft, user.ToActor(), cancel);
        response.WriteVersion(row.Source.Version);
        return Results.Created($"/api/v1/partners/{slug}/metric-sources/{Uri.EscapeDataString(row.Source.Name)}", SourceAnswer.Of(row));
    }

    private static async Task<TriedSource> TryAsync(string slug, NewSource body, SourceEntry entry, PartnerStore partners, CancellationToken cancel)
    {
        _ = await partners.GetAsync(slug, cancel);
        return await entry.TryAsync(body.Draft, null, cancel);
    }

    private static async Task<SourceAnswer> GetAsync(string slug, string name, MetricSourceStore store, HttpResponse response, CancellationToken cancel) =>
        Show(await store.GetAsync(slug, name, cancel), response);

    private static async Task<SourceAnswer> ChangeAsync(
        string slug, string name, NewSource body, SourceEntry entry, ClaimsPrincipal user, HttpContext http, CancellationToken cancel)
    {
        if (body.Integration is not null)
        {
            throw new FieldsRefused("integration", "A source stays with its integration. Enter a new source there.");
        }

        return Show(await entry.ChangeAsync(slug, name, body.Draft, http.Request.ReadVersion(), user.ToActor(), cancel), http.Response);
    }

    private static async Task<IResult> RemoveAsync(string slug, string name, MetricSourceStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RemoveAsync(slug, name, user.ToActor(), cancel);
        return Results.NoContent();
    }

    private static async Task<SourceAnswer> PauseAsync(string slug, string name, MetricSourceStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel) =>
        Show(await store.PauseAsync(slug, name, user.ToActor(), cancel), response);

    private static async Task<SourceAnswer> ResumeAsync(string slug, string name, MetricSourceStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel) =>
        Show(await store.ResumeAsync(slug, name, user.ToActor(), cancel), response);

    private static SourceAnswer Show(SourceRow row, HttpResponse response)
    {
        response.WriteVersion(row.Source.Version);
        return SourceAnswer.Of(row);
    }
}
