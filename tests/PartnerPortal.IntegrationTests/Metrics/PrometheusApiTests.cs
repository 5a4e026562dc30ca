using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Data.Partners;
using PartnerPortal.IntegrationTests.Metrics.PromQl;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>The portal as a Prometheus: what Grafana calls, in the shape it expects.</summary>
public sealed class PrometheusApiTests(PrometheusPortal portal) : IClassFixture<PrometheusPortal>
{
    private const string Api = "/prometheus/api/v1/";

    private readonly HttpClient _http = portal.With();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private long Start => portal.Start / 1000;

    [Fact]
    public async Task Grafana_checks_its_data_source()
    {
        var health = await PostAsync("query", ("query", "1+1"), ("time", $"{Start}"));
        Assert.Equal($$$"""{"status":"success","data":{"resultType":"scalar","result":[{{{Start}}},"2"]}}""", health.ToString());
        var build = await GetAsync("status/buildinfo");
        Assert.Equal("2.42.0", build.GetProperty("data").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Grafana_browses_labels()
    {
        var range = $"start={Start}&end={Start + 5400}";
        Assert.Equal(["__name__", "inst", "job"], Words(await GetAsync($"labels?{range}&match[]=g")));
        Assert.Equal(["a", "b"], Words(await GetAsync($"label/job/values?{range}&match[]=c_total&match[]=g")));
        Assert.Contains("h_bucket", Words(await GetAsync($"label/__name__/values?{range}")));
        Assert.Equal(["a"], Words(await PostAsync("labels", ("match[]", "right"), ("start", $"{Start}"), ("end", $"{Start + 5400}"))).Where(l => l != "__name__"));
        var series = (await PostAsync("series", ("match[]", "info"), ("match[]", "one"), ("start", $"{Start}"), ("end", $"{Start + 5400}"))).GetProperty("data");
        Assert.Equal(
            ["{\"__name__\":\"info\",\"a\":\"1\",\"version\":\"v1\"}", "{\"__name__\":\"info\",\"a\":\"2\",\"version\":\"v2\"}", "{\"__name__\":\"one\"}"],
            series.EnumerateArray().Select(s => s.ToString()));
        Assert.Equal(JsonValueKind.Object, (await GetAsync("metadata?limit=1")).GetProperty("data").ValueKind);
    }

    [Fact]
    public async Task Grafana_draws_a_range_by_POST_and_by_GET()
    {
        const string Query = "sum by (job) (rate(c_total{inst=\"1\"}[5m])) * 1e7";
        var posted = await PostAsync("query_range", ("query", Query), ("start", $"{Start + 600}"), ("end", $"{Start + 660}.5"), ("step", "30"));
        var result = posted.GetProperty("data");
        Assert.Equal("matrix", result.GetProperty("resultType").GetString());
        Assert.Equal(["{\"job\":\"a\"}", "{\"job\":\"b\"}"], result.GetProperty("result").EnumerateArray().Select(s => s.GetProperty("metric").ToString()));
        Assert.Equal($"[[{Start + 600},\"6666666.666666667\"],[{Start + 630},\"6666666.666666667\"],[{Start + 660},\"6666666.666666667\"]]", result.GetProperty("result")[0].GetProperty("values").ToString());
        var got = await GetAsync($"query_range?query={Uri.EscapeDataString(Query)}&start={Start + 600}&end={Start + 660}.5&step=30s");
        Assert.Equal(posted.ToString(), got.ToString());
    }

    [Fact]
    public async Task Values_and_times_are_written_as_Prometheus_writes_them()
    {
        foreach (var (query, scalar, value) in new[]
        {
            ("1e20", "100000000000000000000", "100000000000000000000"), ("1.5e21", "1500000000000000000000", "1.5e+21"), ("-1e-6", "-0.000001", "-0.000001"), ("1.25e-7", "0.000000125", "1.25e-07"),
            ("0.1 + 0.2", "0.30000000000000004", "0.30000000000000004"), ("-0.0001", "-0.0001", "-0.0001"), ("1e15 + 0.3", "1000000000000000.2", "1000000000000000.2"), ("1234567.891", "1234567.891", "1234567.891"),
            ("NaN", "NaN", "NaN"), ("Inf", "+Inf", "+Inf"), ("-Inf", "-Inf", "-Inf"), ("0 * -1", "-0", "-0"), ("2 ^ 53", "9007199254740992", "9007199254740992"), ("1 / 3", "0.3333333333333333", "0.3333333333333333"),
        })
        {
            var answer = await PostAsync("query", ("query", query), ("time", "1700000000.05"));
            Assert.Equal($"[1700000000.05,\"{scalar}\"]", answer.GetProperty("data").GetProperty("result").ToString());
            answer = await PostAsync("query", ("query", $"vector({query})"), ("time", "1700000000.05"));
            Assert.Equal($"[1700000000.050,\"{value}\"]", answer.GetProperty("data").GetProperty("result")[0].GetProperty("value").ToString());
        }

        Assert.Equal("[1700000000,\"a\\\"b\"]", (await PostAsync("query", ("query", "'a\"b'"), ("time", "2023-11-14T22:13:20Z"))).GetProperty("data").GetProperty("result").ToString());
    }

    [Theory]
    [InlineData("query?query=1%2B", 400, "bad_data", "invalid parameter \"query\": 1:3: parse error: unexpected end of input")]
    [InlineData("query?query=g&time=x", 400, "bad_data", "invalid parameter \"time\": cannot parse \"x\" to a valid timestamp")]
    [InlineData("query?query=label_replace(vector(1),%22a-b%22,%22%22,%22%22,%22%22)", 422, "execution", "invalid destination label name in label_replace(): a-b")]
    [InlineData("query_range?query=g&start=10&end=0&step=1", 400, "bad_data", "invalid parameter \"end\": end timestamp must not be before start time")]
    [InlineData("query_range?query=g&start=0&end=10&step=0", 400, "bad_data", "invalid parameter \"step\": zero or negative query resolution step widths are not accepted")]
    [InlineData("query_range?query=g&start=0&end=10&step=x", 400, "bad_data", "invalid parameter \"step\": cannot parse \"x\" to a valid duration")]
    [InlineData("query_range?query=g&start=0&end=20000&step=1", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries")]
    [InlineData("query_range?query=g[5m]&start=0&end=10&step=1", 400, "bad_data", "invalid expression type \"range vector\" for range query")]
    [InlineData("query_range?query=g", 400, "bad_data", "invalid parameter \"start\"")]
    [InlineData("series", 400, "bad_data", "no match[] parameter provided")]
    [InlineData("series?match[]=1", 400, "bad_data", "is not a selector")]
    [InlineData("label/a-b/values", 400, "bad_data", "invalid label name: \"a-b\"")]
    [InlineData("metadata?limit=x", 400, "bad_data", "limit must be a number")]
    [InlineData("query?query=max_over_time(vector(1)[100d:1s])&timeout=1ms", 503, "timeout", "query timed out in")]
    [InlineData("query?query=max_over_time(vector(1)[10y:1s])", 422, "execution", "too many samples")]
    public async Task Refusals_have_the_status_and_the_shape_of_Prometheus(string address, int status, string type, string error)
    {
        using var answer = await _http.GetAsync(Api + address, Cancel);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((status, "error", type), ((int)answer.StatusCode, body.GetProperty("status").GetString(), body.GetProperty("errorType").GetString()));
        Assert.Contains(error, body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_bound_to_a_partner_sees_only_its_series()
    {
        await portal.Database.Get<PartnerStore>().EnterAsync(new("Mine", "mine"), null, TestDatabase.Ana, Cancel);
        var made = await _http.PostAsJsonAsync("/api/v1/tokens", new { name = "bound", scopes = new[] { "read" }, partner = "mine" }, Cancel);
        using var bound = portal.With((await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("secret").GetString());
        var time = ("time", $"{Start + 60}");
        var own = await RealPrometheus.AskAsync(bound, Api + "query", ("query", "own"), time);
        Assert.Equal("mine", Assert.Single(own.GetProperty("data").GetProperty("result").EnumerateArray()).GetProperty("metric").GetProperty("partner").GetString());
        foreach (var query in new[] { "own{partner=\"theirs\"}", "sum(g)", "count({partner=~\".+\",partner!=\"mine\"})", "max_over_time(own{partner!=\"mine\"}[1h:1m])" })
        {
            Assert.Equal(0, (await RealPrometheus.AskAsync(bound, Api + "query", ("query", query), time)).GetProperty("data").GetProperty("result").GetArrayLength());
        }

        Assert.Equal(["mine"], Words(await RealPrometheus.AskAsync(bound, Api + "series", ("match[]", "{__name__=~\".+\"}"))
            is var series ? JsonSerializer.SerializeToElement(new { data = series.GetProperty("data").EnumerateArray().Select(s => s.GetProperty("partner").GetString()) }) : default));
        Assert.Equal(["own"], Words(JsonDocument.Parse(await bound.GetStringAsync(Api + "label/__name__/values", Cancel)).RootElement));
        Assert.Equal(2, (await PostAsync("query", ("query", "own"), time)).GetProperty("data").GetProperty("result").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_token_there_is_no_answer()
    {
        using var stranger = portal.App.CreateClient(new() { AllowAutoRedirect = false });
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Api + "query?query=1", Cancel)).StatusCode);
    }

    private static IEnumerable<string> Words(JsonElement answer) => answer.GetProperty("data").EnumerateArray().Select(w => w.GetString()!);

    private async Task<JsonElement> GetAsync(string address) => await _http.GetFromJsonAsync<JsonElement>(Api + address, Cancel);

    private Task<JsonElement> PostAsync(string path, params (string, string)[] form) => RealPrometheus.AskAsync(_http, Api + path, form);
}
