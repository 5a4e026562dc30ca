using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>From a metrics service to the points of a chart, on a clock that the test moves.</summary>
public sealed class ScrapingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
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
    public async Task A_scraped_gauge_is_charted_as_it_is_with_the_labels_of_its_source()
    {
        var source = await _desk.EnterAsync("shop", _service.Url);
        Assert.Equal(SourceState.Waiting, source.State);
        var scraper = _desk.Scraper(source.Source);
        foreach (var value in new[] { 3.5, 4.25, 1e-7 })
        {
            _service.Page = FormattableString.Invariant($"queue_depth{{queue=\"a\",source=\"theirs\"}} {value}\n");
            await _desk.ScrapeAsync(scraper);
        }

        await _desk.WrittenAsync();
        var line = Assert.Single(await _desk.ReadAsync("queue_depth", TimeSpan.FromMinutes(5)));
        Assert.Equal([3.5, 4.25, 1e-7], line.Points.Select(p => p.Value));
        Assert.Equal([15_000L, 15_000L], line.Points.Zip(line.Points.Skip(1), (a, b) => b.Time - a.Time));
        Assert.Equal(
            $"queue_depth{{exported_source=\"theirs\",instance=\"{_service.Url.Host}:{_service.Url.Port}\",integration=\"main\",partner=\"{_desk.Partner}\",queue=\"a\",side=\"partner\",source=\"shop\"}}",
            line.Labels.ToString());
        var status = await _desk.Sources.GetAsync(_desk.Partner, "shop", Cancel);
        Assert.Equal((SourceState.Up, 1), (status.State, status.Status!.Samples));
    }

    [Fact]
    public async Task Every_scrape_leaves_the_four_series_of_its_own()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        await _desk.ScrapeAsync(scraper);
        _service.Status = 500;
        await _desk.ScrapeAsync(scraper);
        await _desk.WrittenAsync();
        Assert.Equal([1, 0], (await ValuesAsync("up")));
        Assert.Equal([1, 0], (await ValuesAsync("scrape_samples_scraped")));
        Assert.Equal("requests_total 1\n".Length, (await ValuesAsync("scrape_body_size_bytes"))[0]);
        Assert.All(await ValuesAsync("scrape_duration_seconds"), took => Assert.InRange(took, 0, 10));
    }

    [Theory]
    [InlineData("queue_depth")]
    [InlineData("rate(requests_total[1m])")]
    [InlineData("histogram_quantile(0.9, rate(latency_bucket[1m]))")]
    public async Task A_failed_scrape_is_a_gap_and_never_zero(string query)
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        for (var n = 1; n <= 20; n++)
        {
            _service.Status = n is 10 or 11 ? 503 : 200;
            _service.Page = $"queue_depth 5\nrequests_total {n * 30}\n# TYPE latency histogram\nlatency_bucket{{le=\"1\"}} {n}\nlatency_bucket{{le=\"+Inf\"}} {n * 2}\nlatency_sum 1\nlatency_count {n * 2}\n";
            await _desk.ScrapeAsync(scraper);
        }

        await _desk.WrittenAsync();
        var line = Assert.Single(await _desk.ReadAsync(query, TimeSpan.FromMinutes(5)));
        var gap = Assert.Single(line.Points, p => Samples.IsStale(p.Value));
        var failedAt = database.Clock.GetUtcNow().ToUnixTimeMilliseconds() - 11 * 15_000;
        Assert.InRange(gap.Time, failedAt - 1, failedAt + 30_000);
        Assert.DoesNotContain(line.Points, p => p.Value == 0);
        Assert.DoesNotContain(line.Points, p => p.Time > failedAt && p.Time < failedAt + 15_000 && !Samples.IsStale(p.Value));
    }

    [Fact]
    public async Task The_rate_of_a_steady_counter_does_not_dip_after_a_failure()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        for (var n = 1; n <= 60; n++)
        {
            _service.Status = n is >= 30 and < 36 ? 503 : 200;
            _service.Page = $"requests_total {n * 30}\n";
            await _desk.ScrapeAsync(scraper);
        }

        await _desk.WrittenAsync();
        var points = Assert.Single(await _desk.ReadAsync("rate(requests_total[2m])", TimeSpan.FromMinutes(12))).Points;
        Assert.Contains(points, p => Samples.IsStale(p.Value));
        Assert.All(points.Where(p => !Samples.IsStale(p.Value)), p => Assert.InRange(p.Value, 1.95, 2.05));
    }

    [Fact]
    public async Task A_series_that_disappears_ends_while_the_others_go_on()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        _service.Page = "x{pod=\"a\"} 1\nx{pod=\"b\"} 1\n";
        await _desk.ScrapeAsync(scraper);
        _service.Page = "x{pod=\"b\"} 2\n";
        await _desk.ScrapeAsync(scraper);
        await _desk.ScrapeAsync(scraper);
        await _desk.WrittenAsync();
        var lines = await _desk.ReadAsync("x", TimeSpan.FromMinutes(5));
        Assert.Equal([1, Samples.Stale], lines.Single(l => l.Labels["pod"] == "a").Points.Select(p => p.Value));
        Assert.Equal([1, 2, 2], lines.Single(l => l.Labels["pod"] == "b").Points.Select(p => p.Value));
    }

    [Fact]
    public async Task A_portal_that_was_away_leaves_a_gap()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        await _desk.ScrapeAsync(scraper);
        await _desk.ScrapeAsync(scraper);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(10));
        await _desk.ScrapeAsync(scraper);
        await _desk.WrittenAsync();
        Assert.Equal([1, 1, Samples.Stale, 1], Assert.Single(await _desk.ReadAsync("requests_total", TimeSpan.FromHours(1))).Points.Select(p => p.Value));
    }

    [Fact]
    public async Task A_broken_page_says_its_line_and_the_source_is_down_since_then()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        await _desk.ScrapeAsync(scraper);
        var broke = database.Clock.GetUtcNow();
        _service.Page = "good 1\nbad{x=\"1 2\n";
        await _desk.ScrapeAsync(scraper);
        await _desk.ScrapeAsync(scraper);
        await _desk.WrittenAsync();
        var row = await _desk.Sources.GetAsync(_desk.Partner, "shop", Cancel);
        Assert.Equal(SourceState.Down, row.State);
        Assert.Equal(2, row.Status!.ErrorLine);
        Assert.Contains("closing quote", row.Status.Error, StringComparison.Ordinal);
        Assert.Equal(broke, row.Status.Since);
        Assert.Equal(broke - TimeSpan.FromSeconds(15), row.Status.LastGoodAt);
    }

    [Fact]
    public async Task Sealed_windows_read_as_the_log_read_before_them()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        for (var n = 0; n < 30; n++)
        {
            _service.Status = n == 12 ? 500 : 200;
            _service.Page = FormattableString.Invariant($"a {Math.Sin(n)}\nb {n}\n{(n is > 5 and < 20 ? "c 1\n" : "")}");
            await _desk.ScrapeAsync(scraper);
        }

        await _desk.WrittenAsync();
        var before = await AllAsync();
        await database.Clock.MoveAsync(TimeSpan.FromHours(3));
        await _desk.SealAsync();
        Assert.Equal(30, await CountAsync("metrics.scrapes"));
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM metrics.scrapes s JOIN metrics.sealed m ON m.source_id = s.source_id JOIN metrics.sources f ON f.id = s.source_id JOIN partners.partners p ON p.id = f.partner_id WHERE p.slug = $1 AND s.at > m.sealed_to", _desk.Partner));
        Assert.Equal(before, await AllAsync());
    }

    [Fact]
    public async Task Samples_are_forgotten_after_thirty_five_days_and_not_before()
    {
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        await _desk.ScrapeAsync(scraper);
        await _desk.WrittenAsync();
        await database.Clock.MoveAsync(TimeSpan.FromHours(3));
        await _desk.SealAsync();
        await database.Clock.MoveAsync(TimeSpan.FromDays(34));
        await _desk.KeepAsync();
        Assert.Single(await _desk.ReadAsync("requests_total", TimeSpan.FromDays(36)));
        await database.Clock.MoveAsync(TimeSpan.FromDays(2));
        await _desk.KeepAsync();
        Assert.Empty(await _desk.ReadAsync("requests_total", TimeSpan.FromDays(40)));
    }

    [Fact]
    public async Task Headers_are_sent_and_sealed_and_bound_to_their_host()
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret-4711" };
        var row = await _desk.EnterAsync("shop", _service.Url, headers: headers);
        await _desk.ScrapeAsync(_desk.Scraper(row.Source));
        Assert.Equal(["Bearer secret-4711"], _service.Authorizations);
        Assert.DoesNotContain("secret-4711", System.Text.Encoding.Latin1.GetString(row.Source.SealedHeaders!), StringComparison.Ordinal);
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE concat(before::text, after::text) LIKE '%secret-4711%'"));
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() =>
            _desk.Sources.ChangeAsync(_desk.Partner, "shop", new SourceDraft(Url: "http://other.example/metrics"), null, TestDatabase.Ana, Cancel));
        Assert.Contains("headers", refused.Errors.Keys);
    }

    [Fact]
    public async Task Trying_a_source_shows_what_a_scrape_finds_and_keeps_nothing()
    {
        _service.Page = "# HELP a Things.\n# TYPE a counter\na{x=\"1\"} 1\na{x=\"2\"} 1\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n";
        var tried = await _desk.Entry.TryAsync(new SourceDraft(Url: _service.Url.ToString()), null, Cancel);
        Assert.True(tried.Ok);
        Assert.Equal(5, tried.Samples);
        Assert.Equal([("a", MetricType.Counter, 2), ("h", MetricType.Histogram, 3)], tried.Metrics.Select(m => (m.Name, m.Type, m.Series)));
        Assert.Empty(await _desk.Sources.ListAsync(_desk.Partner, null, Cancel));
        _service.Page = "a 1\nb\n";
        var failed = await _desk.Entry.TryAsync(new SourceDraft(Url: _service.Url.ToString()), null, Cancel);
        Assert.Equal((false, 2), (failed.Ok, failed.Line));
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() => _desk.Entry.TryAsync(new SourceDraft(Url: "http://169.254.169.254/metrics"), null, Cancel));
        Assert.Contains("Portal__Outbound__Allowed", refused.Errors["url"][0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 2, "more than 2 samples")]
    [InlineData(1000, null, null, "1000 bytes")]
    [InlineData(null, 1, null, "label")]
    public async Task A_page_that_brings_more_than_its_source_may_is_refused_with_the_reason(int? bytes, int? labels, int? samples, string reason)
    {
        _service.Page = "# HELP a " + new string('x', 900) + "\na{x=\"1\",y=\"2\"} 1\nb 1\nc 1\n" + (bytes is null ? "" : "# " + new string('y', 2000) + "\n");
        var row = await _desk.EnterAsync("shop", _service.Url);
        Assert.Null((await _desk.ScrapeAsync(_desk.Scraper(row.Source))).Error);
        row = await _desk.Sources.ChangeAsync(_desk.Partner, "shop", new SourceDraft(Limits: new LimitsDraft(bytes, samples, labels)), null, TestDatabase.Ana, Cancel);
        Assert.Equal(SourceLimits.Default.ValueBytes, row.Source.Limits.ValueBytes);
        Assert.Contains(reason, (await _desk.ScrapeAsync(_desk.Scraper(row.Source))).Error, StringComparison.OrdinalIgnoreCase);
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() =>
            _desk.Sources.ChangeAsync(_desk.Partner, "shop", new SourceDraft(Limits: new LimitsDraft(Samples: 0)), null, TestDatabase.Ana, Cancel));
        Assert.Equal(["limits.samples"], refused.Errors.Keys);
    }

    [Fact]
    public async Task A_services_own_stamps_show_how_wrong_its_clock_is_and_our_time_counts()
    {
        var now = database.Clock.GetUtcNow();
        _service.Page = $"a 1 {(now - TimeSpan.FromMinutes(10)).ToUnixTimeMilliseconds()}\nb 2\n";
        await _desk.ScrapeAsync(_desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source));
        await _desk.WrittenAsync();
        Assert.Equal([-600], await ValuesAsync("scrape_clock_skew_seconds"));
        Assert.Equal(now.ToUnixTimeMilliseconds(), Assert.Single(Assert.Single(await _desk.ReadAsync("a", TimeSpan.FromMinutes(5))).Points).Time);
        Assert.Equal(TimeSpan.FromMinutes(-10), (await _desk.Sources.GetAsync(_desk.Partner, "shop", Cancel)).Status!.Skew);
    }

    [Fact]
    public async Task Listeners_hear_of_every_scrape_and_one_that_fails_stops_nothing()
    {
        var heard = new Heard();
        _desk.Listeners.Add(new Failing());
        _desk.Listeners.Add(heard);
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url)).Source);
        var first = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await _desk.ScrapeAsync(scraper);
        _service.Status = 500;
        await _desk.ScrapeAsync(scraper);
        Assert.Equal([first, first + 15_000], heard.Times);
    }

    private async Task<List<double>> ValuesAsync(string query) => [.. Assert.Single(await _desk.ReadAsync(query, TimeSpan.FromMinutes(5))).Points.Select(p => p.Value)];

    private Task<long> CountAsync(string table) =>
        database.AskAsync<long>($"SELECT count(*) FROM {table} s JOIN metrics.sources f ON f.id = s.source_id JOIN partners.partners p ON p.id = f.partner_id WHERE p.slug = $1", _desk.Partner);

    private async Task<List<string>> AllAsync()
    {
        var since = TimeSpan.FromHours(12);
        List<string> all = [];
        foreach (var query in new[] { "a", "b", "c", "up" })
        {
            all.AddRange((await _desk.ReadAsync(query, since)).SelectMany(l => l.Points).Select(p => $"{query} {p.Time} {BitConverter.DoubleToUInt64Bits(p.Value):x}"));
        }

        return all;
    }

    private sealed class Heard : IScrapeListener
    {
        public List<long> Times { get; } = [];

        public Task OnScrapedAsync(MetricSource source, long time, CancellationToken cancel)
        {
            Times.Add(time);
            return Task.CompletedTask;
        }
    }

    private sealed class Failing : IScrapeListener
    {
        public Task OnScrapedAsync(MetricSource source, long time, CancellationToken cancel) => throw new InvalidOperationException("It always fails.");
    }
}
