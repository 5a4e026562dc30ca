using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class TemplateEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private HttpClient _engineer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engineer = await _app.SignedInAsync(Role.Engineer);

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Everything_that_an_item_can_carry_comes_back_as_it_was_sent()
    {
        var item = new
        {
            key = "latency",
            question = "How fast?",
            kind = "target",
            unit = "ms",
            who = "partner",
            severity = "blocker",
            phase = "before production",
            why = "W",
            good = "G",
            shownWhen = "parts has \"reads\"",
            freshForDays = 90,
            evidenceRequired = true,
            tiers = new[] { "strategic" },
            level = "A",
            target = new { subject = "p99", comparator = "≤", boundSide = "partner", percentile = 99, window = "5m" },
        };
        var parts = new { key = "parts", question = "Which?", kind = "several choices", options = new[] { "reads", "writes" } };
        var figure = new { key = "promised", question = "What?", kind = "number", unit = "%" };
        await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", Body("rich", parts), Cancel);

        var put = await PutAsync("rich", new
        {
            title = "rich",
            proves = "before production",
            scale = new { item = "promised", levels = new[] { new { name = "A", from = 99.9, about = "Woken" }, new { name = "B", from = 0d, about = "" } } },
            sections = new[] { new { key = "all", title = "All", items = new object[] { parts, figure, item } } },
        });

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("\"2\"", put.Headers.ETag!.ToString());
        var whole = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/checklist-templates/rich", Cancel);
        Assert.Equal(("before production", "promised", 2), (whole.GetProperty("proves").GetString(), whole.GetProperty("scale").GetProperty("item").GetString(), whole.GetProperty("version").GetInt32()));
        Assert.Equal([99.9m, 0m], whole.GetProperty("scale").GetProperty("levels").EnumerateArray().Select(l => l.GetProperty("from").GetDecimal()));
        var items = whole.GetProperty("sections")[0].GetProperty("items");
        Assert.Equal(["reads", "writes"], items[0].GetProperty("options").EnumerateArray().Select(o => o.GetString()));
        foreach (var sent in JsonSerializer.SerializeToElement(item).EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(sent.Value, items[2].GetProperty(sent.Name)), $"{sent.Name}: {items[2].GetProperty(sent.Name)}");
        }
    }

    [Fact]
    public async Task A_put_publishes_the_next_version_and_the_same_again_does_not()
    {
        await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", Body("again", Ask("First?")), Cancel);

        Assert.Equal("\"2\"", (await PutAsync("again", Body("again", Ask("Second?")))).Headers.ETag!.ToString());
        Assert.Equal("\"2\"", (await PutAsync("again", Body("again", Ask("Second?")))).Headers.ETag!.ToString());

        var first = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/checklist-templates/again?version=1", Cancel);
        Assert.Equal("First?", first.GetProperty("sections")[0].GetProperty("items")[0].GetProperty("question").GetString());
        var versions = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/checklist-templates/again/versions", Cancel);
        Assert.Equal([2, 1], versions.GetProperty("items").EnumerateArray().Select(v => v.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task A_stale_version_is_refused_with_what_is_published()
    {
        await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", Body("stale", Ask("First?")), Cancel);
        await PutAsync("stale", Body("stale", Ask("Second?")), "\"1\"");

        var refused = await PutAsync("stale", Body("stale", Ask("Third?")), "\"1\"");

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal(2, (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("current").GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task What_cannot_be_published_is_refused_field_by_field()
    {
        await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", Body("faulty", Ask("First?")), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("nobody", Body("nobody", Ask("First?")))).StatusCode);
        Assert.Equal(["sections[0].items[0].shownWhen"], await ErrorsAsync(await PutAsync("faulty", Body("faulty", new { question = "Q?", shownWhen = "(" }))));
        Assert.Equal(["slug"], await ErrorsAsync(await PutAsync("faulty", Body("other", Ask("First?")))));
        Assert.Equal(["sections", "title"], await ErrorsAsync(await PutAsync("faulty", new { })));
        Assert.Equal(["sections[0].items", "sections[0].title"], await ErrorsAsync(await PutAsync("faulty", new { title = "Holes", sections = new object?[] { null, new { title = "All", items = new[] { Ask("Q?") } } } })));
        Assert.Equal(HttpStatusCode.BadRequest, (await _engineer.PutAsync("/api/v1/checklist-templates/faulty", new StringContent("{", null, "application/json"), Cancel)).StatusCode);
    }

    [Fact]
    public async Task Three_templates_come_with_the_portal()
    {
        var list = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/checklist-templates", Cancel);

        Assert.Superset(
            new HashSet<string?> { "screening", "initial-technical-review", "production-readiness" },
            list.GetProperty("items").EnumerateArray().Where(t => t.GetProperty("shipped").GetBoolean()).Select(t => t.GetProperty("slug").GetString()).ToHashSet());
    }

    private async Task<HttpResponseMessage> PutAsync(string slug, object body, string? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/checklist-templates/{slug}") { Content = JsonContent.Create(body) };
        if (version is not null)
        {
            request.Headers.Add("If-Match", version);
        }

        return await _engineer.SendAsync(request, Cancel);
    }

    private static object Ask(string question) => new { question };

    private static object Body(string slug, params object[] items) => new { slug, title = slug, sections = new[] { new { title = "All", items } } };

    private static async Task<string[]> ErrorsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order()];
    }
}
