using System.Reflection;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Metrics;

/// <summary>
/// The reading part of Prometheus's HTTP API (prometheus.io/docs/prometheus/2.42/querying/api), so that Grafana and other tools
/// read the portal as a Prometheus. Whoever is bound to a partner sees only its series.
/// </summary>
public static class PrometheusEndpoints
{
    /// <summary>Most points per series of a range query, as in Prometheus.</summary>
    public const int MostPoints = 11_000;

    private static readonly string[] _both = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>Maps /prometheus/api/v1.</summary>
    public static void MapPrometheus(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/prometheus/api/v1").WithTags("Prometheus").Needs(Right.Read).NarrowsToPartner().AddEndpointFilter<PrometheusErrors>();
        api.MapMethods("/query", _both, QueryAsync);
        api.MapMethods("/query_range", _both, QueryRangeAsync);
        api.MapMethods("/series", _both, SeriesAsync);
        api.MapMethods("/labels", _both, LabelsAsync);
        api.MapGet("/label/{name}/values", ValuesAsync);
        api.MapGet("/metadata", MetadataAsync);
        api.MapGet("/status/buildinfo", BuildInfo);
    }

    private static async Task QueryAsync(HttpContext http, ISeriesReader all, PartnerStore partners, TimeProvider clock)
    {
        var parameters = await PrometheusParameters.ReadAsync(http.Request, http.RequestAborted);
        var at = parameters.Time("time", clock.GetUtcNow().ToUnixTimeMilliseconds());
        var reader = await ReaderAsync(http, all, partners);
        var answer = await Evaluation.RunAsync(parameters.Query(), reader, Steps.At(at), parameters.Limits(), http.RequestAborted);
        await PrometheusAnswer.WriteAsync(http, answer, ranged: false);
    }

    private static async Task QueryRangeAsync(HttpContext http, ISeriesReader all, PartnerStore partners)
    {
        var parameters = await PrometheusParameters.ReadAsync(http.Request, http.RequestAborted);
        var steps = StepsOf(parameters);
        var (query, limits) = (parameters.Query(), parameters.Limits());
        if (query.Type is ExpressionType.RangeVector or ExpressionType.Text)
        {
            throw new PrometheusRefused(
                $"invalid expression type \"{(query.Type == ExpressionType.Text ? "string" : "range vector")}\" for range query, must be Scalar or instant Vector");
        }

        var answer = await Evaluation.RunAsync(query, await ReaderAsync(http, all, partners), steps, limits, http.RequestAborted);
        await PrometheusAnswer.WriteAsync(http, answer, ranged: true);
    }

    private static Steps StepsOf(PrometheusParameters parameters)
    {
        var (from, to) = (Needed(parameters, "start"), Needed(parameters, "end"));
        if (to < from)
        {
            throw PrometheusRefused.Parameter("end", "end timestamp must not be before start time");
        }

        var step = (long)parameters.Duration("step").TotalMilliseconds;
        if (step <= 0)
        {
            throw PrometheusRefused.Parameter("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }

        return (to - from) / step <= MostPoints
            ? new Steps(from, to, step)
            : throw new PrometheusRefused("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
    }

    private static long Needed(PrometheusParameters parameters, string name) => parameters[name].Length > 0
        ? parameters.Time(name, 0)
        : throw PrometheusRefused.Parameter(name, "cannot parse \"\" to a valid timestamp");

    private static async Task<IResult> SeriesAsync(HttpContext http, ISeriesReader all, PartnerStore partners)
    {
        var parameters = await PrometheusParameters.ReadAsync(http.Request, http.RequestAborted);
        if (parameters.All("match[]").Count == 0)
        {
            throw new PrometheusRefused("no match[] parameter provided");
        }

        var found = await FindAsync(http, parameters, all, partners);
        return Data(found.Order(Comparer<LabelSet>.Create(LabelSet.Compare)).Select(s => s.ToDictionary(l => l.Name, l => l.Value)));
    }

    private static async Task<IResult> LabelsAsync(HttpContext http, ISeriesReader all, PartnerStore partners)
    {
        var found = await FindAsync(http, await PrometheusParameters.ReadAsync(http.Request, http.RequestAborted), all, partners);
        return Data(found.SelectMany(s => s).Select(l => l.Name).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task<IResult> ValuesAsync(string name, HttpContext http, ISeriesReader all, PartnerStore partners)
    {
        if (!Label.IsLabelName(name))
        {
            throw new PrometheusRefused($"invalid label name: \"{name}\"");
        }

        var found = await FindAsync(http, await PrometheusParameters.ReadAsync(http.Request, http.RequestAborted), all, partners);
        return Data(found.Select(s => s[name]).Where(v => v.Length > 0).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task<IResult> MetadataAsync(HttpContext http, ISeriesReader all, PartnerStore partners)
    {
        var parameters = await PrometheusParameters.ReadAsync(http.Request, http.RequestAborted);
        var most = parameters["limit"].Length == 0 ? int.MaxValue
            : int.TryParse(parameters["limit"], out var limit) ? limit : throw new PrometheusRefused("limit must be a number");
        var families = await (await ReaderAsync(http, all, partners)).MetadataAsync(null, http.RequestAborted);
        var wanted = parameters["metric"];
        return Data(families.Where(f => wanted.Length == 0 || f.Name == wanted)
            .GroupBy(f => f.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Take(most < 0 ? int.MaxValue : most)
            .ToDictionary(g => g.Key, g => g.Select(f => new { type = f.Type.ToString().ToLowerInvariant(), help = f.Help, unit = f.Unit }).Distinct()));
    }

    /// <summary>Tools choose what they ask for by the version: it is that of the Prometheus whose language and API this is.</summary>
    private static IResult BuildInfo() => Data(new Dictionary<string, string>
    {
        ["version"] = "2.42.0",
        ["revision"] = typeof(PrometheusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        ["branch"] = "PartnerPortal",
        ["buildUser"] = "",
        ["buildDate"] = "",
        ["goVersion"] = "",
    });

    private static async Task<IReadOnlyList<LabelSet>> FindAsync(HttpContext http, PrometheusParameters parameters, ISeriesReader all, PartnerStore partners)
    {
        var (from, to) = (parameters.Time("start", 0), parameters.Time("end", PrometheusParameters.Latest));
        var reader = await ReaderAsync(http, all, partners);
        return to < from
            ? throw PrometheusRefused.Parameter("end", "end timestamp must not be before start time")
            : await reader.SeriesAsync(parameters.Matches(), from, to, http.RequestAborted);
    }

    private static async Task<ISeriesReader> ReaderAsync(HttpContext http, ISeriesReader all, PartnerStore partners) =>
        http.User.ToActor().PartnerId is { } bound ? new PartnerSeries(all, await partners.SlugAsync(bound, http.RequestAborted)) : all;

    private static IResult Data(object data) => Results.Json(new { status = "success", data });
}
