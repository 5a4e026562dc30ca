using System.Text.Json;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Services that answer JSON, through a mapping that is stored with the source.</summary>
public sealed class JsonSourceTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string Mapping = """
        // our first one
        {"metrics":[{"name":"orders_total","type":"counter","items":"$.shops[*]","value":"@.orders","labels":{"shop":"@.name"}}]}
        """;

    private ScrapeDesk _desk = null!;
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_desk, _service) = (await ScrapeDesk.OpenAsync(database), await ScriptedMetrics.OpenAsync());
        (_service.Page, _service.ContentType) = ("""{"shops":[{"name":"a","orders":7}]}""", "application/json; charset=utf-8");
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("json")]
    [InlineData("auto")]
    public async Task A_mapped_service_is_scraped_like_any_other(string format)
    {
        var row = await _desk.Sources.EnterAsync(_desk.Partner, "main", new SourceDraft("shop", _service.Url.ToString(), "partner", Format: format, Mapping: Mapping), TestDatabase.Ana, Cancel);
        var stored = (await _desk.Sources.GetAsync(_desk.Partner, "shop", Cancel)).Source;
        var scraper = _desk.Scraper(stored);
        await _desk.ScrapeAsync(scraper);
        _service.Page = """{"shops":[{"name":"a","orders":9}]}""";
        await _desk.ScrapeAsync(scraper);
        await _desk.WrittenAsync();
        var line = Assert.Single(await _desk.ReadAsync("orders_total", TimeSpan.FromMinutes(5)));
        Assert.Equal([7d, 9d], line.Points.Select(p => p.Value));
        Assert.Equal("a", line.Labels["shop"]);
        Assert.Equal("orders_total", SourceAnswer.Of(row).Mapping!.Value.GetProperty("metrics")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Without_a_mapping_or_with_one_that_no_longer_fits_the_source_is_down_with_a_sentence()
    {
        var unmapped = await _desk.Sources.EnterAsync(_desk.Partner, "main", new SourceDraft("plain", _service.Url.ToString(), "partner", Format: "json"), TestDatabase.Ana, Cancel);
        Assert.Contains("mapping", (await _desk.ScrapeAsync(_desk.Scraper(unmapped.Source))).Error, StringComparison.Ordinal);
        var mapped = await _desk.Sources.EnterAsync(_desk.Partner, "main", new SourceDraft("shop", _service.Url.ToString(), "partner", Format: "json", Mapping: Mapping), TestDatabase.Ana, Cancel);
        _service.Page = "{\"stores\":[]}";
        Assert.Contains("finds no number", (await _desk.ScrapeAsync(_desk.Scraper(mapped.Source))).Error, StringComparison.Ordinal);
        _service.Page = "{\"shops\":";
        Assert.Equal(1, (await _desk.ScrapeAsync(_desk.Scraper(mapped.Source))).Line);
    }

    [Fact]
    public async Task A_trial_keeps_the_answer_so_that_another_mapping_can_be_tried_on_it()
    {
        var tried = await _desk.Entry.TryAsync(new SourceDraft(Url: _service.Url.ToString(), Format: "json"), null, Cancel);
        Assert.False(tried.Ok);
        Assert.Equal("orders_total{shop=\"a\"}", Assert.Single(tried.Through(Mapping).First).Series);
        Assert.DoesNotContain("json", JsonSerializer.Serialize(tried), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_is_given_as_JSON_or_text_and_removed_by_an_empty_text()
    {
        var body = JsonSerializer.Deserialize<NewSource>("""{"mapping":{"metrics":[{"name":"a","value":"$.a"}]}}""", JsonSerializerOptions.Web)!;
        await _desk.EnterAsync("shop", _service.Url);
        var changed = await _desk.Sources.ChangeAsync(_desk.Partner, "shop", body.Draft, null, TestDatabase.Ana, Cancel);
        Assert.Equal("{\"metrics\":[{\"name\":\"a\",\"value\":\"$.a\"}]}", changed.Source.Mapping);
        var removed = await _desk.Sources.ChangeAsync(_desk.Partner, "shop", JsonSerializer.Deserialize<NewSource>("{\"mapping\":\"\"}", JsonSerializerOptions.Web)!.Draft, null, TestDatabase.Ana, Cancel);
        Assert.Null(removed.Source.Mapping);
    }
}
