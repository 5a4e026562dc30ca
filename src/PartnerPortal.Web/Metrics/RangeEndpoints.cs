using System.Globalization;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>What there is to chart, and the points of a chart.</summary>
public static class RangeEndpoints
{
    private const int DefaultPoints = 500;

    /// <summary>Maps /partners/{slug}/metrics.</summary>
    public static void MapMetricRanges(this IEndpointRouteBuilder api)
    {
        var metrics = api.MapGroup("/partners/{slug}/metrics").WithTags("Metrics");
        metrics.MapGet("", MetricsAsync).Needs(Right.Read);
        metrics.MapGet("/labels", LabelsAsync).Needs(Right.Read);
        metrics.MapGet("/range", RangeAsync).Needs(Right.Read);
    }

    private static async Task<ApiList<KnownMetric>> MetricsAsync(
        string slug, MetricCatalogue catalogue, PartnerStore partners, CancellationToken cancel, string? integration = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return new(await catalogue.MetricsAsync(slug, integration, cancel), null);
    }

    private static async Task<ApiList<KnownLabel>> LabelsAsync(
        string slug, MetricCatalogue catalogue, PartnerStore partners, CancellationToken cancel, string metric = "", string? integration = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return new(await catalogue.LabelsAsync(slug, integration, await catalogue.MetricAsync(slug, metric, cancel), cancel), null);
    }

    private static async Task RangeAsync(
        string slug, ChartReading charts, TimeProvider clock, HttpContext http,
        string? query = null, string? from = null, string? to = null, string? points = null)
    {
        var range = TimeRange.Read(from, to, clock.GetUtcNow());
        var most = points is null ? DefaultPoints : int.TryParse(points, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 4 and <= ChartReading.MostPoints
            ? given
            : throw new FieldsRefused("points", $"Ask for 4 to {ChartReading.MostPoints} points.");
        DrawnChart answer;
        try
        {
            answer = await charts.ReadAsync(
                slug, Expression.Parse(query ?? ""), range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), most, http.RequestAborted);
        }
        catch (ExpressionRefused refused)
        {
            throw new FieldsRefused("query", refused.Message);
        }

        await ChartPoints.WriteAsync(http, answer);
    }
}
