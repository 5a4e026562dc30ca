using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.IntegrationTests.Metrics.PromQl;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A source that asks an existing Prometheus for the values of expressions, beside scripted answers of one.</summary>
public sealed class AskedPrometheusTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ScrapeDesk _desk = null!;
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_desk, _service) = (await ScrapeDesk.OpenAsync(database), await ScriptedMetrics.OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_real_prometheus_is_asked_at_each_scrape_and_its_answers_are_samples_under_the_given_names()
    {
        await using var prometheus = await RealPrometheus.StartAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await prometheus.FillAsync(
        [
            new(LabelSet.Of(("__name__", "calls_total"), ("partner", "x"), ("path", "/buy")), [new(now - 60_000, 10), new(now - 1000, 70)]),
            new(LabelSet.Of(("__name__", "calls_total"), ("partner", "x"), ("path", "/search")), [new(now - 60_000, 1), new(now - 1000, 7)]),
        ]);
        var scraper = await EnterAsync(prometheus.Http.BaseAddress!.ToString(), ("our_calls", "calls_total{partner=\"x\"}"), ("all_calls", "sum(calls_total)"), ("answer", "6*7"));
        var result = await _desk.ScrapeAsync(scraper);
        Assert.Null(result.Error);
        await _desk.WrittenAsync();
        var path = Assert.Single(await _desk.ReadAsync("our_calls{path=\"/buy\"}", TimeSpan.FromMinutes(1)));
        Assert.Equal(70, path.Points[^1].Value);
        Assert.Equal(("x", "ours", _desk.Partner), (path.Labels["exported_partner"], path.Labels["side"], path.Labels["partner"]));
        Assert.Equal(77, (await _desk.ReadAsync("all_calls", TimeSpan.FromMinutes(1)))[0].Points[^1].Value);
        Assert.Equal(42, (await _desk.ReadAsync("answer", TimeSpan.FromMinutes(1)))[0].Points[^1].Value);
        Assert.Equal(4, (await _desk.ReadAsync("scrape_samples_scraped", TimeSpan.FromMinutes(1)))[0].Points[^1].Value);
    }

    [Fact]
    public async Task A_real_prometheus_that_refuses_an_expression_is_quoted_and_the_source_is_down()
    {
        await using var prometheus = await RealPrometheus.StartAsync();
        var scraper = await EnterAsync(prometheus.Http.BaseAddress!.ToString(), ("broken", "sum(calls_total"));
        var result = await _desk.ScrapeAsync(scraper);
        Assert.StartsWith("The query broken: the Prometheus answered:", result.Error, StringComparison.Ordinal);
        Assert.Contains("parse error", result.Error, StringComparison.Ordinal);
        await _desk.WrittenAsync();
        Assert.Equal(0, (await _desk.ReadAsync("up", TimeSpan.FromMinutes(1)))[0].Points[^1].Value);
    }

    [Fact]
    public async Task Trying_shows_what_came_back_before_anything_is_saved()
    {
        Answer("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"x","shop":"a"},"value":[1.5,"NaN"]},{"metric":{},"histogram":[1,{}]}]}}""");
        var tried = await _desk.Entry.TryAsync(Draft(_service.Url.ToString(), ("orders", "x")), null, Cancel);
        Assert.True(tried is { Ok: true, Asked: true, Samples: 1 }, tried.Error);
        Assert.Equal("orders{shop=\"a\"}", Assert.Single(tried.First).Series);
        Assert.True(double.IsNaN(tried.First[0].Value) && !Samples.IsStale(tried.First[0].Value));
        Assert.Equal("x", Assert.Single(tried.Metrics).Help);
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", "the answer is a matrix")]
    [InlineData("""{"status":"error","errorType":"execution","error":"too many samples"}""", "the Prometheus answered: too many samples.")]
    [InlineData("""{"hello":1}""", "not that of a Prometheus")]
    [InlineData("<html>", "Does the address end before /api/v1?")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a-b":"1"},"value":[1,"1"]}]}}""", "“a-b” is not a label's name")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"one"]}]}}""", "a value is not a number")]
    public async Task An_answer_that_cannot_be_used_is_an_error_that_names_the_query(string body, string sentence)
    {
        Answer(body);
        var tried = await _desk.Entry.TryAsync(Draft(_service.Url.ToString(), ("orders", "x")), null, Cancel);
        Assert.False(tried.Ok);
        Assert.StartsWith("The query orders:", tried.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, tried.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_expression_or_with_a_name_that_no_metric_has_a_source_is_refused()
    {
        var none = await Assert.ThrowsAsync<FieldsRefused>(() => _desk.Entry.EnterAsync(_desk.Partner, "main", Draft(_service.Url.ToString()), TestDatabase.Ana, Cancel));
        Assert.Contains("queries", none.Errors.Keys);
        var named = await Assert.ThrowsAsync<FieldsRefused>(() => _desk.Entry.EnterAsync(_desk.Partner, "main", Draft(_service.Url.ToString(), ("our-calls", "up"), ("empty", " ")), TestDatabase.Ana, Cancel));
        Assert.Equal(2, named.Errors["queries"].Length);
    }

    private void Answer(string body) => (_service.Page, _service.ContentType) = (body, "application/json");

    private async Task<Engine.Metrics.SourceScraper> EnterAsync(string url, params (string Name, string Query)[] queries)
    {
        await _desk.Entry.EnterAsync(_desk.Partner, "main", Draft(url, queries), TestDatabase.Ana, Cancel);
        return _desk.Scraper((await _desk.Sources.GetAsync(_desk.Partner, "ours", Cancel)).Source);
    }

    private static SourceDraft Draft(string url, params (string Name, string Query)[] queries) =>
        new("ours", url, "ours", Format: "prometheus api", Queries: queries.ToDictionary(q => q.Name, q => q.Query));
}
