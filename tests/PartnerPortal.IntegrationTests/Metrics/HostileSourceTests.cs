using System.Diagnostics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Metrics services as bad as they come: bounded time and memory, a readable reason, and nobody else waits.</summary>
public sealed class HostileSourceTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ScrapeDesk _desk = null!;
    private SamplePartnerShop _shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_desk, _shop) = (await ScrapeDesk.OpenAsync(database), await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0"));

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Theory]
    [InlineData("hang", "", 3)]
    [InlineData("slow-headers", "", 3)]
    [InlineData("trickle", "", 3)]
    [InlineData("huge", "more than 20000 samples", 3)]
    [InlineData("gzip-bomb", "8 MiB", 3)]
    [InlineData("html", "text/html", 1)]
    [InlineData("wrong-type", "JSON", 1)]
    [InlineData("protobuf", "application/vnd.google.protobuf", 1)]
    [InlineData("redirect", "redirect", 1)]
    [InlineData("broken-line", "", 1)]
    public async Task A_bad_service_costs_little_and_gets_a_reason(string kind, string reason, int seconds)
    {
        var source = MetricSource.Preview(new SourceDraft(Url: Url(kind).ToString(), Interval: "1s", Timeout: "1s"));
        await _desk.Client.ScrapeAsync(source, new Dictionary<string, string>(), new SeriesCache(), Cancel);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var result = await _desk.Client.ScrapeAsync(source, new Dictionary<string, string>(), new SeriesCache(), Cancel);
        Assert.Null(result.Page);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.True(result.Error!.Length > 20, result.Error);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"took {watch.Elapsed}");
        Assert.InRange(result.Bytes, 0, 9 * 1024 * 1024);
        // Everything that this process allocated meanwhile, the bad service itself included.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, 400 * 1024 * 1024);
    }

    [Fact]
    public async Task The_line_where_reading_stopped_is_named()
    {
        var source = MetricSource.Preview(new SourceDraft(Url: Url("broken-line").ToString()));
        var page = await _shop.Http.GetStringAsync(Url("broken-line"), Cancel);
        var result = await _desk.Client.ScrapeAsync(source, new Dictionary<string, string>(), new SeriesCache(), Cancel);
        Assert.Equal(page.Split('\n').Length - 2, result.Line);
    }

    [Fact]
    public async Task Bad_neighbours_on_the_same_host_delay_nobody()
    {
        var hanging = Enumerable.Range(0, 20)
            .Select(n => _desk.Client.ScrapeAsync(
                MetricSource.Enter(Guid.NewGuid(), Guid.NewGuid(), new SourceDraft("bad" + n, Url(n % 2 == 0 ? "hang" : "trickle").ToString(), "partner", Timeout: "5s"), (_, _) => [], DateTimeOffset.UnixEpoch.AddSeconds(n)),
                new Dictionary<string, string>(), new SeriesCache(), Cancel))
            .ToList();
        await Task.Delay(200, Cancel);
        var good = MetricSource.Enter(Guid.NewGuid(), Guid.NewGuid(), new SourceDraft("good", new Uri(_shop.Http.BaseAddress!, "/metrics").ToString(), "partner"), (_, _) => [], DateTimeOffset.UnixEpoch);
        var result = await _desk.Client.ScrapeAsync(good, new Dictionary<string, string>(), new SeriesCache(), Cancel);
        Assert.Null(result.Error);
        Assert.True(result.Took < TimeSpan.FromSeconds(1), $"took {result.Took}");
        Assert.All(hanging, scrape => Assert.False(scrape.IsCompleted));
        Assert.All(await Task.WhenAll(hanging), failed => Assert.NotNull(failed.Error));
    }

    [Fact]
    public async Task Both_sides_of_the_sample_partner_are_read_in_both_formats()
    {
        foreach (var format in new[] { "auto", "prometheus", "openmetrics" })
        {
            foreach (var path in new[] { "/metrics", "/our-side/metrics" })
            {
                var source = MetricSource.Preview(new SourceDraft(Url: new Uri(_shop.Http.BaseAddress!, path).ToString(), Format: format));
                var result = await _desk.Client.ScrapeAsync(source, new Dictionary<string, string>(), new SeriesCache(), Cancel);
                Assert.True(result.Error is null, $"{format} {path}: line {result.Line}: {result.Error}");
                Assert.Equal(format == "prometheus" ? ExpositionFormat.PrometheusText : ExpositionFormat.OpenMetrics, result.Page!.Format);
                Assert.NotEmpty(result.Page.Families);
            }
        }
    }

    private Uri Url(string kind) => new(_shop.Http.BaseAddress!, "/hostile/metrics/" + kind);
}
