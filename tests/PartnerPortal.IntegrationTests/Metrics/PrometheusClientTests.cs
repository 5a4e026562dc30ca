using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics.Forwarding;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>What the portal makes of an engine's answers: what is tried again, what is refused for good, what is no engine at all.</summary>
public sealed class PrometheusClientTests : IAsyncLifetime
{
    private static readonly Selector One = new([new LabelMatcher("__name__", MatchKind.Equal, "x")]);
    private static readonly WriteRequest Sent = new([new(LabelSet.Of(("__name__", "x")), [new Sample(1, 1)])], []);

    private ScriptedMetrics _engine = null!;
    private GuardedHttpClient _http = null!;
    private PrometheusClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await ScriptedMetrics.OpenAsync();
        _engine.ContentType = "application/json";
        _http = new GuardedHttpClient(AllowedList.Parse("", [_engine.Url]));
        _client = new PrometheusClient(_http, new MetricsEngine(_engine.Url, _engine.Url, "secret", "acme", TimeSpan.FromHours(24)));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task What_is_refused_for_good_comes_back_as_the_engines_own_words(int status)
    {
        (_engine.Status, _engine.Page) = (status, "out of order sample\n");
        Assert.Equal("out of order sample", await _client.WriteAsync(Sent, Cancel));
        Assert.Equal(["Bearer secret"], _engine.Authorizations);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Whatever_may_be_mended_meanwhile_is_tried_again_and_nothing_is_taken_for_granted(int status)
    {
        (_engine.Status, _engine.Page) = (status, "no");
        var away = await Assert.ThrowsAsync<EngineAway>(() => _client.WriteAsync(Sent, Cancel));
        Assert.Contains($"answered a write with {status}: no", away.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", away.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Sign in</html>")]
    [InlineData("""{"hello":1}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"one"]]}]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[["1"]]}]}}""")]
    public async Task An_answer_that_is_no_prometheus_is_said_to_be_none(string body)
    {
        _engine.Page = body;
        var away = await Assert.ThrowsAsync<EngineAway>(() => _client.SamplesAsync(One, 0, 10_000, 1000, Cancel));
        Assert.EndsWith("Is its address that of a Prometheus HTTP API?", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_outside_of_what_was_asked_and_more_than_may_be_read_are_not_taken()
    {
        _engine.Page = """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"x"},"values":[[0.999,"1"],[1,"2"],[1,"2"],[1.5,"+Inf"],[2,null],[2.5,"NaN"],[3.001,"9"]]},{"metric":{"__name__":"h"},"histograms":[]}]}}""";
        var column = Assert.Single(await _client.SamplesAsync(One, 1000, 3000, 1000, Cancel)).Value;
        Assert.Equal([(1000L, 2d), (1500L, double.PositiveInfinity), (2500L, double.NaN)], column.Select(s => (s.Time, s.Value)));
        var refused = await Assert.ThrowsAsync<ExpressionRefused>(() => _client.SamplesAsync(One, 1000, 3000, 3, Cancel));
        Assert.Equal(RefusalKind.TooMuch, refused.Kind);
    }
}
