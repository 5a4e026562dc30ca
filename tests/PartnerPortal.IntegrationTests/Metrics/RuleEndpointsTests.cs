using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Rules, alerts and events over HTTP, with the engine running on the real clock.</summary>
public sealed class RuleEndpointsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly PortalApp _app = new(database, movableClock: false, new Dictionary<string, string> { ["Portal:Outbound:Allowed"] = "127.0.0.1/32" });
    private HttpClient _engineer = null!;
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.UseRealTimeAsync();
        _engineer = await _app.SignedInAsync(Role.Engineer);
        _service = await ScriptedMetrics.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_fault_at_the_partner_becomes_an_alert_that_says_since_when_and_then_is_over()
    {
        var partner = await PartnerAsync();
        _service.Page = "queue_depth 3\n";
        await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/metric-sources", new { name = "shop", url = _service.Url, side = "partner", interval = "1s" }, Cancel);
        var saved = await _engineer.PutAsJsonAsync($"/api/v1/partners/{partner}/rules/queue-grows", new { expression = "queue_depth > 10", summary = "{{ $value }} wait", severity = "critical" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, saved.StatusCode);
        Assert.Equal($"/api/v1/partners/{partner}/rules/queue-grows", saved.Headers.Location!.ToString());
        await UntilAsync($"/api/v1/partners/{partner}/rules/queue-grows", r => r.GetProperty("state").GetString() == "inactive");
        // A change is told from noise when some calm samples stand before it.
        await UntilAsync($"/api/v1/partners/{partner}/metrics/range?query=queue_depth&from=now-5m", c => c.GetProperty("series").GetArrayLength() == 1 && c.GetProperty("series")[0].GetProperty("points").GetArrayLength() >= 5);

        var broken = TimeProvider.System.GetUtcNow();
        _service.Page = "queue_depth 50\n";
        var alerts = await UntilAsync($"/api/v1/alerts?partner={partner}&state=firing", a =>
            a.GetProperty("items").GetArrayLength() == 1 && a.GetProperty("items")[0].GetProperty("startedBetween").GetProperty("after").ValueKind == JsonValueKind.Number);
        var alert = alerts.GetProperty("items")[0];
        Assert.Equal("50 wait", alert.GetProperty("summary").GetString());
        Assert.Equal(("critical", "rule", "queue-grows"), (alert.GetProperty("severity").GetString(), alert.GetProperty("source").GetString(), alert.GetProperty("sourceName").GetString()));
        var started = alert.GetProperty("startedBetween");
        Assert.InRange(started.GetProperty("to").GetDateTimeOffset(), broken, broken.AddSeconds(3));
        Assert.InRange(started.GetProperty("from").GetDateTimeOffset(), broken.AddSeconds(-2), broken.AddSeconds(2));
        Assert.Equal((3d, 50d), (started.GetProperty("before").GetDouble(), started.GetProperty("after").GetDouble()));
        Assert.Contains("change in `queue_depth{", started.GetProperty("sentence").GetString(), StringComparison.Ordinal);

        var marked = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners/{partner}/metrics/onset?query=queue_depth&from=now-1m", Cancel);
        Assert.Equal(started.GetProperty("to").GetDateTimeOffset(), marked.GetProperty("started").GetProperty("to").GetDateTimeOffset());
        var marks = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners/{partner}/annotations", Cancel);
        // Events without a partner, as another test makes one, are marked for every partner.
        Assert.Equal(["start", "alert"], marks.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("kind").GetString()).Where(k => k != "event"));

        _service.Page = "queue_depth 3\n";
        await UntilAsync($"/api/v1/alerts?partner={partner}&state=resolved", a => a.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal(0, (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?partner={partner}&state=firing", Cancel)).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Samples_that_are_pushed_wake_the_rules_that_nothing_scraped_does()
    {
        var partner = await PartnerAsync();
        await _engineer.PutAsJsonAsync($"/api/v1/partners/{partner}/rules/refused", new { expression = "refused > 10" }, Cancel);
        // The module was there; it comes again after 15 s.
        await UntilAsync($"/api/v1/partners/{partner}/rules/refused", r => r.GetProperty("computedAt").ValueKind == JsonValueKind.String);
        var watch = Stopwatch.StartNew();
        using var body = new ByteArrayContent(new WriteRequest(
            [new(LabelSet.Of((Label.MetricName, "refused"), ("partner", partner)), [new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 50)])], []).Write());
        body.Headers.ContentType = new("application/x-protobuf");
        body.Headers.ContentEncoding.Add("snappy");
        Assert.Equal(HttpStatusCode.NoContent, (await _engineer.PostAsync(new Uri("/prometheus/api/v1/write", UriKind.Relative), body, Cancel)).StatusCode);
        await UntilAsync($"/api/v1/alerts?partner={partner}&state=firing", a => a.GetProperty("items").GetArrayLength() == 1);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_rule_is_saved_read_changed_and_removed()
    {
        var partner = await PartnerAsync();
        var path = $"/api/v1/partners/{partner}/rules/slow";
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync(path, Cancel)).StatusCode);
        var created = await _engineer.PutAsJsonAsync(path, new { expression = "up == 0", @for = "5m", keepFiringFor = "10m", labels = new { team = "shop" } }, Cancel);
        var version = created.Headers.ETag!;
        var rule = await _engineer.GetFromJsonAsync<JsonElement>(path, Cancel);
        Assert.Equal(("Slow", "5m", "10m", "warning", true), (
            rule.GetProperty("title").GetString(), rule.GetProperty("for").GetString(), rule.GetProperty("keepFiringFor").GetString(), rule.GetProperty("severity").GetString(), rule.GetProperty("enabled").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await _engineer.PutAsJsonAsync(path, new { expression = "up < 1" }, Cancel)).StatusCode);
        using var stale = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(new { expression = "up" }), Headers = { { "If-Match", version.ToString() } } };
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _engineer.SendAsync(stale, Cancel)).StatusCode);
        var refused = await _engineer.PutAsJsonAsync(path, new { expression = "sum(", severity = "loud" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(["expression", "severity"], (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
        Assert.Equal(HttpStatusCode.NoContent, (await _engineer.DeleteAsync(path, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync(path, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.PutAsJsonAsync("/api/v1/partners/nobody/rules/slow", new { expression = "up" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_target_becomes_three_rules_and_a_preview_counts()
    {
        var partner = await PartnerAsync();
        var made = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/rules/burn-rate", new { errors = "failed_total", total = "calls_total", target = 99.5 }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var list = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners/{partner}/rules", Cancel);
        Assert.Equal(3, list.GetProperty("items").GetArrayLength());
        var preview = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/rules/preview?back=1h", new { expression = "up == 0" }, Cancel);
        var forecast = await preview.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((0, JsonValueKind.Null), (forecast.GetProperty("count").GetInt32(), forecast.GetProperty("dataFrom").ValueKind));
        var bad = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/rules/preview", new { expression = "up ==" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
    }

    [Fact]
    public async Task A_build_marks_an_event_that_lists_and_charts_show()
    {
        var partner = await PartnerAsync();
        var marked = await _engineer.PostAsJsonAsync("/api/v1/events", new { partner, kind = "deployment", title = "checkout 4f2a is live", url = "https://builds.example.com/4f2a" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, marked.StatusCode);
        var one = await _engineer.GetFromJsonAsync<JsonElement>(marked.Headers.Location, Cancel);
        Assert.Equal(("main", "deployment"), (one.GetProperty("integration").GetString(), one.GetProperty("kind").GetString()));
        await _engineer.PostAsJsonAsync("/api/v1/events", new { title = "new certificates", at = TimeProvider.System.GetUtcNow().AddMinutes(-10) }, Cancel);
        var first = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/events?partner={partner}&limit=1", Cancel);
        Assert.Equal("checkout 4f2a is live", first.GetProperty("items")[0].GetProperty("title").GetString());
        var second = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/events?partner={partner}&limit=1&cursor={first.GetProperty("next").GetString()}", Cancel);
        Assert.Equal("new certificates", second.GetProperty("items")[0].GetProperty("title").GetString());
        var marks = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners/{partner}/annotations?from=now-1h", Cancel);
        Assert.Equal(["new certificates", "checkout 4f2a is live"], marks.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("title").GetString()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.PostAsJsonAsync("/api/v1/events", new { partner, kind = "party" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.PostAsJsonAsync("/api/v1/events", new { partner = "nobody", title = "x" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _engineer.DeleteAsync(marked.Headers.Location, Cancel)).StatusCode);
    }

    [Fact]
    public async Task What_both_sides_count_is_compared_within_bounds()
    {
        var partner = await PartnerAsync();
        await using var ours = await ScriptedMetrics.OpenAsync();
        (_service.Page, ours.Page) = ("received_total 100\n", "sent_total 500\n");
        foreach (var (name, url, side) in new[] { ("theirs", _service.Url, "partner"), ("us", ours.Url, "ours") })
        {
            await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/metric-sources", new { name, url, side, interval = "1s" }, Cancel);
        }

        await UntilAsync($"/api/v1/partners/{partner}/metrics", m => m.GetProperty("items").GetArrayLength() >= 6);
        await Task.Delay(2500, Cancel); // a scrape of each side before the calls
        (_service.Page, ours.Page) = ("received_total 120\n", "sent_total 550\n");
        var compared = (await UntilAsync($"/api/v1/partners/{partner}/metrics/sides?ours=sent_total&theirs=received_total&from=now-5m", c =>
            c.GetProperty("compared") is { ValueKind: JsonValueKind.Object } one && one.GetProperty("ours").GetProperty("least").GetDouble() == 50
            && one.GetProperty("theirs").GetProperty("most").GetDouble() == 20)).GetProperty("compared");
        Assert.Equal((30d, 0d), (compared.GetProperty("lostAtLeast").GetDouble(), compared.GetProperty("strangeAtLeast").GetDouble()));
        var refused = await _engineer.GetAsync($"/api/v1/partners/{partner}/metrics/sides?ours=rate(sent_total[5m])&theirs=received_total", Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
    }

    private async Task<string> PartnerAsync()
    {
        var slug = "r" + Guid.NewGuid().ToString("N")[..12];
        (await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = slug, slug }, Cancel)).EnsureSuccessStatusCode();
        return slug;
    }

    private async Task<JsonElement> UntilAsync(string url, Func<JsonElement, bool> enough)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await _engineer.GetFromJsonAsync<JsonElement>(url, Cancel);
            if (enough(answer))
            {
                return answer;
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40), $"{url} still answers {answer}");
            await Task.Delay(200, Cancel);
        }
    }
}
