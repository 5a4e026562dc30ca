using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Runbooks;

public sealed class RunbookEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private HttpClient _operator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _operator = await _app.SignedInAsync(Role.Operator);

    public ValueTask DisposeAsync()
    {
        _operator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_put_comes_back_as_markdown_json_and_safe_html()
    {
        var url = await RunbooksAsync() + "/down";
        const string Text = "# Down\n\n- [ ] call\n\n<script>alert(1)</script>\n";

        Assert.Equal(HttpStatusCode.Created, (await PutAsync(url, Text)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(url, Text + "more")).StatusCode);

        Assert.Equal(Text + "more", await GetAsync(url, "text/markdown"));
        var json = JsonDocument.Parse(await GetAsync(url, "application/json")).RootElement;
        Assert.Equal((2, 1, "Down"), (json.GetProperty("version").GetInt32(), json.GetProperty("steps").GetInt32(), json.GetProperty("title").GetString()));
        var html = await GetAsync(url, "text/html,application/xhtml+xml,*/*;q=0.8");
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("type=\"checkbox\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_version_is_refused_with_what_is_stored()
    {
        var url = await RunbooksAsync() + "/down";
        await PutAsync(url, "# One");
        await PutAsync(url, "# Two");

        var answer = await PutAsync(url, "# Mine", "\"1\"");

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Equal("# Two", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("current").GetProperty("text").GetString());
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(url, "# Mine", "\"2\"")).StatusCode);
    }

    [Fact]
    public async Task Versions_are_listed_compared_and_restored()
    {
        var url = await RunbooksAsync() + "/down";
        await PutAsync(url, "# Down\n\nright");
        await PutAsync(url, "# Down\n\nwrong");

        var diff = await _operator.GetFromJsonAsync<JsonElement>(url + "/diff?from=1&to=2", Cancel);
        Assert.Equal((1, 1), (diff.GetProperty("added").GetInt32(), diff.GetProperty("removed").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await _operator.PostAsync(url + "/versions/1/restore", null, Cancel)).StatusCode);
        Assert.Equal("# Down\n\nright", await GetAsync(url, "text/markdown"));
        var versions = await _operator.GetFromJsonAsync<JsonElement>(url + "/versions", Cancel);
        Assert.Equal([3, 2, 1], versions.GetProperty("items").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task Bodies_that_are_no_runbook_say_why()
    {
        var runbooks = await RunbooksAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PutAsync(runbooks + "/UPPER", "# X")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("/api/v1/partners/nobody/runbooks/x", "# X")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _operator.GetAsync(runbooks + "/nothing", Cancel)).StatusCode);
        using var latin = new ByteArrayContent([0x23, 0x20, 0xE5, 0x41]) { Headers = { ContentType = new("text/markdown") } };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _operator.PutAsync(runbooks + "/latin", latin, Cancel)).StatusCode);
        using var picture = new ByteArrayContent([1]) { Headers = { ContentType = new("image/png") } };
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _operator.PutAsync(runbooks + "/picture", picture, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(runbooks + "/no-heading", "just text")).StatusCode);
    }

    [Fact]
    public async Task Files_are_imported_and_those_that_cannot_be_read_are_named()
    {
        var runbooks = await RunbooksAsync();
        var partner = runbooks.Split('/')[4];
        using var form = new MultipartFormDataContent
        {
            { new StringContent(partner), "partner" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes("# Down")), "files", "down.md" },
            { new ByteArrayContent([0xE5, 0x41]), "files", "latin.md" },
        };

        var answer = await _operator.PostAsync("/api/v1/runbooks/import", form, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("down", json.GetProperty("imported")[0].GetProperty("slug").GetString());
        Assert.Equal("latin.md", json.GetProperty("refused")[0].GetProperty("file").GetString());
        Assert.Single((await _operator.GetFromJsonAsync<JsonElement>(runbooks, Cancel)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_viewer_reads_and_does_not_write()
    {
        var url = await RunbooksAsync() + "/down";
        await PutAsync(url, "# Down");
        using var viewer = await _app.SignedInAsync(Role.Viewer);

        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(url, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PutAsync(url, new StringContent("# X"), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsync(url + "/verify", JsonContent.Create(new { }), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsync("/api/v1/runbooks/import?partner=x", new StringContent("# X"), Cancel)).StatusCode);
    }

    private async Task<string> RunbooksAsync()
    {
        var slug = "p" + Guid.NewGuid().ToString("N")[..12];
        using var engineer = await _app.SignedInAsync(Role.Engineer);
        (await engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes", slug }, Cancel)).EnsureSuccessStatusCode();
        return $"/api/v1/partners/{slug}/runbooks";
    }

    private async Task<HttpResponseMessage> PutAsync(string url, string text, string? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new StringContent(text, Encoding.UTF8, "text/markdown") };
        if (version is not null)
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(version));
        }

        return await _operator.SendAsync(request, Cancel);
    }

    private async Task<string> GetAsync(string url, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _operator.SendAsync(request, Cancel);
        Assert.Equal(accept.Split(',')[0], answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }
}
