using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Audit;

public sealed class AuditEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private readonly string _slug = "p" + Guid.NewGuid().ToString("N")[..20];
    private HttpClient _engineer = null!;
    private HttpClient _administrator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engineer = await _app.SignedInAsync(Role.Engineer);
        _administrator = await _app.SignedInAsync(Role.Administrator);
        await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes", slug = _slug }, Cancel);
        await _engineer.PostAsJsonAsync($"/api/v1/partners/{_slug}/contacts", new { side = "partner", name = "Bo", notes = "=cmd" }, Cancel);
        await portal.Database.Clock.MoveAsync(TimeSpan.FromSeconds(1));
        await _engineer.PatchAsJsonAsync($"/api/v1/partners/{_slug}", new { summary = "music" }, Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        _administrator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_partner_s_history_says_who_changed_what_from_what()
    {
        var newest = (await ReadAsync(_engineer, $"/audit?partner={_slug}")).GetProperty("items")[0];
        Assert.Equal(("engineer@example.com", "changed", "partner"), (Text(newest, "by"), Text(newest, "action"), Text(newest, "kind")));
        var change = Assert.Single(newest.GetProperty("changes").EnumerateArray());
        Assert.Equal(("Summary", "music"), (Text(change, "field"), Text(change, "after")));
        Assert.Equal("Bo", Text(Assert.Single((await ReadAsync(_engineer, $"/audit?partner={_slug}&kind=contact&by=engineer&q=bo&from=2026-01-01&to=2026-12-31")).GetProperty("items").EnumerateArray()), "title"));
    }

    [Fact]
    public async Task Pages_are_linked_by_a_cursor()
    {
        var first = await ReadAsync(_engineer, $"/audit?partner={_slug}&limit=2");
        var second = await ReadAsync(_engineer, $"/audit?partner={_slug}&limit=2&cursor={Text(first, "next")}");
        Assert.Equal((2, 2), (first.GetProperty("items").GetArrayLength(), second.GetProperty("items").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.GetAsync($"/api/v1/audit?partner={_slug}&cursor=WyJ4Il0", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Only_administrators_see_the_whole_log_and_verify_it()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await _engineer.GetAsync("/api/v1/audit", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _engineer.GetAsync("/api/v1/audit/export.csv", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _engineer.GetAsync("/api/v1/audit/verification", Cancel)).StatusCode);
        Assert.NotEqual(0, (await ReadAsync(_administrator, "/audit")).GetProperty("items").GetArrayLength());

        await portal.Database.Get<AuditChain>().ChainAsync(Cancel);
        var verdict = await ReadAsync(_administrator, "/audit/verification");
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("bad").ValueKind);
        Assert.True(verdict.GetProperty("rows").GetInt64() > 3);
    }

    [Fact]
    public async Task The_engine_chains_a_change_within_seconds()
    {
        for (var waited = 0; await portal.Database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE position IS NULL") > 0; waited++)
        {
            Assert.True(waited < 100, "Rows stay without a place.");
            await Task.Delay(100, Cancel);
        }
    }

    [Fact]
    public async Task The_log_leaves_as_a_table_that_runs_nothing()
    {
        var table = await _engineer.GetStringAsync($"/api/v1/audit/export.csv?partner={_slug}&kind=contact", Cancel);
        Assert.Contains("Notes: – → =cmd", table, StringComparison.Ordinal);
        Assert.StartsWith("position,at,by", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-13-01")]
    public async Task A_time_that_cannot_be_read_is_named(string query)
    {
        var answer = await _engineer.GetAsync($"/api/v1/audit?partner={_slug}&{query}", Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").TryGetProperty(query.Split('=')[0], out _));
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private static Task<JsonElement> ReadAsync(HttpClient who, string path) => who.GetFromJsonAsync<JsonElement>("/api/v1" + path, Cancel);
}
