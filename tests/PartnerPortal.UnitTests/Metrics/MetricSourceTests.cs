using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class MetricSourceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_source_needs_name_address_and_side_and_nothing_else()
    {
        var source = Enter(new SourceDraft("shop", "https://partner.example/metrics", "partner"));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), SourceFormat.Auto), (source.Interval, source.Timeout, source.Format));
        Assert.Equal("partner.example:443", source.Instance);
        var refused = Assert.Throws<FieldsRefused>(() => Enter(new SourceDraft()));
        Assert.Equal(["name", "side", "url"], refused.Errors.Keys.Order());
    }

    [Theory]
    [InlineData("1s", null, "1s")]
    [InlineData("5s", null, "5s")]
    [InlineData("1m", null, "10s")]
    [InlineData("30s", "20s", "20s")]
    public void A_timeout_that_nobody_chose_fits_into_the_interval(string interval, string? timeout, string expected) =>
        Assert.Equal(expected, TimeSeries.PromQl.PromDuration.Show(Enter(Draft with { Interval = interval, Timeout = timeout }).Timeout));

    [Theory]
    [InlineData("interval", "500ms", null)]
    [InlineData("interval", "6m", null)]
    [InlineData("interval", "soon", null)]
    [InlineData("timeout", "15s", "16s")]
    public void A_pace_that_makes_no_sense_is_refused(string field, string interval, string? timeout) =>
        Assert.Contains(field, Assert.Throws<FieldsRefused>(() => Enter(Draft with { Interval = interval, Timeout = timeout })).Errors.Keys);

    [Theory]
    [InlineData("Bad Name", "x")]
    [InlineData("Host", "x")]
    [InlineData("X-Good", "line\nbreak")]
    public void Headers_that_cannot_be_sent_are_refused_without_repeating_their_value(string name, string value)
    {
        var refused = Assert.Throws<FieldsRefused>(() => Enter(Draft with { Headers = new Dictionary<string, string> { [name] = value } }));
        Assert.DoesNotContain(value, refused.Errors["headers"][0].Split(' '));
    }

    [Fact]
    public void Sealed_headers_stay_with_their_host()
    {
        var source = Enter(Draft with { Headers = new Dictionary<string, string> { ["Authorization"] = "secret" } });
        Assert.Equal(["Authorization"], source.HeaderNames);
        source.Change(new SourceDraft(Url: "https://partner.example/other/metrics"), Seal);
        Assert.NotNull(source.SealedHeaders);
        Assert.Contains("headers", Assert.Throws<FieldsRefused>(() => source.Change(new SourceDraft(Url: "https://elsewhere.example/metrics"), Seal)).Errors.Keys);
    }

    [Fact]
    public void Headers_may_move_when_they_are_typed_again_or_removed()
    {
        var source = Enter(Draft with { Headers = new Dictionary<string, string> { ["Authorization"] = "secret" } });
        source.Change(new SourceDraft(Url: "https://elsewhere.example/metrics", Headers: new Dictionary<string, string>()), Seal);
        Assert.Null(source.SealedHeaders);
        Assert.Empty(source.HeaderNames);
        Assert.False(source.SendsHeadersTo("https://elsewhere.example/metrics"));
    }

    [Fact]
    public void The_state_follows_the_last_scrape_unless_a_person_paused_it()
    {
        var source = Enter(Draft);
        var good = new SourceStatus(Now, Now, Now, TimeSpan.Zero, 1, 10, 0, null, null);
        Assert.Equal(SourceState.Waiting, SourceStatus.StateOf(source, null));
        Assert.Equal(SourceState.Up, SourceStatus.StateOf(source, good));
        Assert.Equal(SourceState.Down, SourceStatus.StateOf(source, good with { Error = "It hangs." }));
        source.Pause(Now);
        Assert.Equal(SourceState.Paused, SourceStatus.StateOf(source, good));
        source.Resume();
        Assert.Equal(SourceState.Up, SourceStatus.StateOf(source, good));
    }

    [Theory]
    [InlineData(MetricType.Gauge, "shop_calls{side=\"ours\"}")]
    [InlineData(MetricType.Counter, "rate(shop_calls{side=\"ours\"}[1m])")]
    [InlineData(MetricType.Histogram, "histogram_quantile(0.95, rate(shop_calls_bucket{side=\"ours\"}[1m]))")]
    [InlineData(MetricType.Summary, "shop_calls{side=\"ours\"}")]
    public void The_type_of_a_metric_decides_how_it_is_drawn(MetricType type, string expected) =>
        Assert.Equal(expected, new ChartLine("shop_calls", new Dictionary<string, string> { ["side"] = "ours" }).Expression(type, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(2)).ToString());

    [Theory]
    [InlineData(15, 2, "1m")]
    [InlineData(30, 2, "2m")]
    [InlineData(15, 6480, "1h48m")]
    public void The_window_of_a_rate_covers_four_scrapes_and_one_point_of_the_chart(int interval, int perPoint, string window) =>
        Assert.Equal($"rate(x[{window}])", new ChartLine("x").Expression(MetricType.Counter, TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(perPoint)).ToString());

    [Fact]
    public void A_chart_without_a_metric_is_refused_and_without_a_title_takes_the_metrics_name()
    {
        Assert.Equal("up", SavedChart.Enter(Guid.NewGuid(), Guid.NewGuid(), new ChartDraft(null, [new ChartLine("up")]), 0, Now).Title);
        Assert.Contains("lines", Assert.Throws<FieldsRefused>(() => SavedChart.Enter(Guid.NewGuid(), Guid.NewGuid(), new ChartDraft("x"), 0, Now)).Errors.Keys);
        Assert.Contains("lines[0].metric", Assert.Throws<FieldsRefused>(() => SavedChart.Enter(Guid.NewGuid(), Guid.NewGuid(), new ChartDraft("x", [new ChartLine("sum(up)")]), 0, Now)).Errors.Keys);
    }

    private static SourceDraft Draft => new("shop", "https://partner.example/metrics", "partner");

    private static MetricSource Enter(SourceDraft draft) => MetricSource.Enter(Guid.NewGuid(), Guid.NewGuid(), draft, Seal, Now);

    private static byte[] Seal(Guid source, string text) => [1, 2, 3];
}
