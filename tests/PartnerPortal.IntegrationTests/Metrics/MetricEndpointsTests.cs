using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>The whole way over HTTP, on the real clock: a source is entered, scraped by the running engine, charted.</summary>
public sealed class MetricEndpointsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly PortalApp _app = new(database, movableClock: false, new Dictionary<string, string> { ["Portal:Outbound:Allowed"] = "127.0.0.1/32" });
    private HttpClient _engineer = null!;
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engineer = await _app.SignedInAsync(Role.Engineer);
        _service = await ScriptedMetrics.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_source_is_scraped_and_charted_within_seconds()
    {
        var partner = await PartnerAsync();
        var created = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/metric-sources", new { name = "shop", url = _service.Url, side = "partner", interval = "1s" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/api/v1/partners/{partner}/metric-sources/shop", created.Headers.Location!.ToString());
        var source = await UntilAsync($"/api/v1/partners/{partner}/metric-sources/shop", s => s.GetProperty("state").GetString() == "up");
        Assert.Equal(1, source.GetProperty("samples").GetInt32());
        Assert.Equal("1s", source.GetProperty("timeout").GetString());
        var chart = await UntilAsync($"/api/v1/partners/{partner}/metrics/range?query=requests_total&from=now-5m&to=now&points=100", c =>
            c.GetProperty("series").GetArrayLength() == 1 && c.GetProperty("series")[0].GetProperty("points").GetArrayLength() >= 2);
        Assert.Equal("shop", chart.GetProperty("series")[0].GetProperty("labels").GetProperty("source").GetString());

        _service.ContentType = "text/html";
        var down = await UntilAsync($"/api/v1/partners/{partner}/metric-sources/shop", s => s.GetProperty("state").GetString() == "down");
        Assert.Contains("text/html", down.GetProperty("error").GetString(), StringComparison.Ordinal);

        var paused = await _engineer.PostAsync($"/api/v1/partners/{partner}/metric-sources/shop/pause", null, Cancel);
        Assert.Equal("paused", (await paused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await _engineer.DeleteAsync($"/api/v1/partners/{partner}/metric-sources/shop", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync($"/api/v1/partners/{partner}/metric-sources/shop", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_field_that_cannot_be_accepted_is_named()
    {
        var partner = await PartnerAsync();
        (string Field, string Value)[] bad =
        [
            ("name", ""), ("name", "a/b"), ("url", ""), ("url", "ftp://example.com/metrics"), ("url", "http://10.0.0.1/metrics"),
            ("url", "http://169.254.169.254/latest/meta-data"), ("side", ""), ("side", "both"), ("interval", "15"), ("interval", "500ms"),
            ("interval", "1h"), ("timeout", "20s"), ("format", "xml"),
        ];
        foreach (var (field, value) in bad)
        {
            var body = new Dictionary<string, object> { ["name"] = "shop", ["url"] = "https://example.com/metrics", ["side"] = "ours", [field] = value };
            var answer = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/metric-sources", body, Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{field} “{value}”: {answer.StatusCode}");
            var sentence = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").GetProperty(field)[0].GetString();
            Assert.True(sentence!.Length > 10, sentence);
            if (value.StartsWith("http://1", StringComparison.Ordinal))
            {
                Assert.Contains("Portal__Outbound__Allowed", sentence, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_taken_name_is_a_conflict_and_headers_are_never_shown()
    {
        var partner = await PartnerAsync();
        var body = new { name = "shop", url = "https://example.com/metrics", side = "ours", interval = "5m", headers = new Dictionary<string, string> { ["Authorization"] = "Bearer hidden" } };
        Assert.Equal(HttpStatusCode.Created, (await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/metric-sources", body, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/metric-sources", body, Cancel)).StatusCode);
        var text = await _engineer.GetStringAsync($"/api/v1/partners/{partner}/metric-sources/shop", Cancel);
        Assert.Contains("Authorization", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_cannot_be_read_is_refused_with_its_field()
    {
        var partner = await PartnerAsync();
        foreach (var (parameters, field) in new[]
        {
            ("query=sum(up", "query"), ("query=up[5m]", "query"), ("query=", "query"), ("query=up&from=yesterday", "from"), ("query=up&from=now&to=now-1h", "from"), ("query=up&points=1", "points"),
        })
        {
            var answer = await _engineer.GetAsync($"/api/v1/partners/{partner}/metrics/range?{parameters}", Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{parameters}: {answer.StatusCode}");
            Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").TryGetProperty(field, out _), parameters);
        }
    }

    [Fact]
    public async Task Charts_are_kept_in_order_moved_and_removed()
    {
        var partner = await PartnerAsync();
        var ids = new List<string>();
        foreach (var metric in new[] { "first", "second", "third" })
        {
            var saved = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/charts", new { lines = new[] { new { metric, labels = new { side = "ours" } } } }, Cancel);
            Assert.Equal(HttpStatusCode.Created, saved.StatusCode);
            ids.Add((await saved.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString()!);
        }

        await _engineer.PutAsJsonAsync($"/api/v1/partners/{partner}/charts/order", new { ids = new[] { ids[2], ids[0] } }, Cancel);
        await _engineer.DeleteAsync($"/api/v1/partners/{partner}/charts/{ids[0]}", Cancel);
        var list = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners/{partner}/charts", Cancel);
        Assert.Equal(["third", "second"], list.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("title").GetString()));
        var empty = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/charts", new { title = "nothing" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
    }

    private async Task<string> PartnerAsync()
    {
        var slug = "m" + Guid.NewGuid().ToString("N")[..12];
        (await _engineer.PostAsJsonAsync("/api/v1/partners", new { slug, name = slug }, Cancel)).EnsureSuccessStatusCode();
        return slug;
    }

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> good)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            var answer = await _engineer.GetFromJsonAsync<JsonElement>(path, Cancel);
            if (good(answer))
            {
                return answer;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), $"{path} still says: {answer}");
            await Task.Delay(100, Cancel);
        }
    }
}
