using System.Text;
using Microsoft.Net.Http.Headers;

namespace PartnerPortal.SamplePartner;

/// <summary>Writes families as Prometheus text or as OpenMetrics, whichever the caller likes better.</summary>
internal static class Exposition
{
    public const string PrometheusMediaType = "text/plain";
    public const string OpenMetricsMediaType = "application/openmetrics-text";

    public static IResult Answer(HttpRequest request, IEnumerable<MetricFamily> families)
    {
        var openMetrics = WantsOpenMetrics(request);
        request.HttpContext.Response.Headers.Vary = "Accept";
        return Results.Text(Write(families, openMetrics), openMetrics
            ? $"{OpenMetricsMediaType}; version=1.0.0; charset=utf-8"
            : $"{PrometheusMediaType}; version=0.0.4; charset=utf-8");
    }

    public static string Write(IEnumerable<MetricFamily> families, bool openMetrics)
    {
        var page = new StringBuilder(8192);
        foreach (var family in families)
        {
            family.Write(page, openMetrics);
        }
        return page.Append(openMetrics ? "# EOF\n" : "").ToString();
    }

    private static bool WantsOpenMetrics(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Weight(accepted, OpenMetricsMediaType) is > 0 and var weight && weight >= Weight(accepted, PrometheusMediaType);
    }

    private static double Weight(IList<MediaTypeHeaderValue> accepted, string mediaType) =>
        accepted.Where(type => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)).Select(type => type.Quality ?? 1).DefaultIfEmpty(0).Max();
}
