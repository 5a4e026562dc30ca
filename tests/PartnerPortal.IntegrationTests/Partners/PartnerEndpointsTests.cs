using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Partners;

public sealed class PartnerEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
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
    public async Task A_partner_needs_a_name_and_nothing_else()
    {
        var answer = await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes Ltd" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("/api/v1/partners/tunes-ltd", answer.Headers.Location!.ToString());
        var partner = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("prospect", partner.GetProperty("stage").GetString());
        Assert.Equal("standard", partner.GetProperty("tier").GetString());
        Assert.Equal("main", partner.GetProperty("integrations")[0].GetProperty("slug").GetString());
    }

    [Fact]
    public async Task Every_field_comes_back_as_it_was_sent()
    {
        var sent = new
        {
            slug = "everything",
            name = "Everything Ltd",
            summary = "catalogue and purchases",
            owner = "ana@example.com",
            deputy = "li@example.com",
            tier = "self-service",
            tags = new[] { "Music", "eu" },
            links = new[] { new { kind = "documentation", url = "https://example.com/docs" } },
            documents = new[] { new { kind = "dataAgreement", title = "DPA", url = "https://example.com/dpa", expiresOn = "2027-01-31" } },
            mailAddress = "everything@partners.example.com",
        };
        Assert.Equal(HttpStatusCode.Created, (await _engineer.PostAsJsonAsync("/api/v1/partners", sent, Cancel)).StatusCode);
        var got = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/partners/everything", Cancel);
        Assert.Equal("self service", got.GetProperty("tier").GetString());
        Assert.Equal(["music", "eu"], got.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("data agreement", got.GetProperty("documents")[0].GetProperty("kind").GetString());
        Assert.Equal("2027-01-31", got.GetProperty("documents")[0].GetProperty("expiresOn").GetString());
        Assert.Equal("everything@partners.example.com", got.GetProperty("mailAddress").GetString());
    }

    [Fact]
    public async Task A_taken_slug_is_a_conflict_and_bad_fields_are_named()
    {
        await EnterAsync("twice");
        var again = await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Other", slug = "twice" }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        var bad = await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = " ", slug = "Not A Slug", owner = "ana", tier = "golden", links = new[] { new { kind = "docs", url = "ftp://x" } } }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        Assert.Equal("application/problem+json", bad.Content.Headers.ContentType!.MediaType);
        var problem = await bad.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(["links[0].url", "name", "owner", "slug", "tier"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task An_unreadable_body_is_a_bad_request()
    {
        using var body = new StringContent("{\"name\":", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await _engineer.PostAsync("/api/v1/partners", body, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_shows_what_is_stored()
    {
        await EnterAsync("stale");
        var first = await _engineer.GetAsync("/api/v1/partners/stale", Cancel);
        await PatchAsync("stale", new { summary = "second" }, null);
        var late = await PatchAsync("stale", new { summary = "late" }, first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        var problem = await late.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("second", problem.GetProperty("current").GetProperty("summary").GetString());
    }

    [Fact]
    public async Task The_stage_is_not_a_field_and_moves_only_with_proof()
    {
        await EnterAsync("staged");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PatchAsync("staged", new { stage = "live" }, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _engineer.PostAsJsonAsync("/api/v1/partners/staged/stage", new { stage = "in review" }, Cancel)).StatusCode);

        using var manager = await _app.SignedInAsync(Role.Manager);
        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsJsonAsync("/api/v1/partners/staged/stage", new { stage = "in review" }, Cancel)).StatusCode);
        var refused = await manager.PostAsJsonAsync("/api/v1/partners/staged/stage", new { stage = "contracted" }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var missing = (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("missing");
        Assert.Contains("review", missing[0].GetProperty("proof").GetString(), StringComparison.Ordinal);

        var forced = await manager.PostAsJsonAsync("/api/v1/partners/staged/stage", new { stage = "contracted", reason = "signed before we had reviews", overrideUntil = "2030-01-01" }, Cancel);
        Assert.Equal(HttpStatusCode.OK, forced.StatusCode);
        Assert.Equal("contracted", (await forced.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("stage").GetString());
    }

    [Theory]
    [InlineData("name", "1 2 3 4 5 6 7")]
    [InlineData("newest", "7 6 5 4 3 2 1")]
    [InlineData("owner", "6 3 1 4 2 5 7")]
    public async Task The_list_pages_by_cursor_without_skipping_or_repeating(string sort, string order)
    {
        foreach (var number in Enumerable.Range(1, 7))
        {
            var owner = number switch { 6 => "a@example.com", 3 => "b@example.com", 1 or 4 => "c@example.com", _ => null };
            await portal.Database.Clock.MoveAsync(TimeSpan.FromMilliseconds(5));
            await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = $"{sort}-cursor-{number}", slug = $"{sort}-cursor-{number}", owner }, Cancel);
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners?q={sort}-cursor-&sort={sort}&limit=2&cursor={cursor}", Cancel);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(order, string.Join(' ', seen.Select(s => s[^1])));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.GetAsync("/api/v1/partners?sort=luck", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.GetAsync("/api/v1/partners?cursor=zzz", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.GetAsync("/api/v1/partners?limit=0", Cancel)).StatusCode);
    }

    [Fact]
    public async Task An_archived_partner_leaves_the_list_and_comes_back()
    {
        await EnterAsync("gone");
        await _engineer.PostAsync("/api/v1/partners/gone/archive", null, Cancel);
        Assert.Empty(await FoundAsync("?q=gone"));
        Assert.Equal(["gone"], await FoundAsync("?q=gone&archived=true"));
        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync("gone", new { summary = "x" }, null)).StatusCode);
        await _engineer.PostAsync("/api/v1/partners/gone/restore", null, Cancel);
        Assert.Equal(["gone"], await FoundAsync("?q=gone"));
    }

    [Fact]
    public async Task Filters_narrow_by_stage_tier_tag_and_owner()
    {
        await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Filter A", stage = "live", tier = "strategic", tags = new[] { "filtered" }, owner = "ana@example.com" }, Cancel);
        await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Filter B", stage = "prospect", tags = new[] { "filtered" } }, Cancel);
        Assert.Equal(["filter-a", "filter-b"], await FoundAsync("?tag=filtered"));
        Assert.Equal(["filter-a"], await FoundAsync("?tag=filtered&stage=live"));
        Assert.Equal(["filter-a"], await FoundAsync("?tag=filtered&tier=Strategic"));
        Assert.Equal(["filter-a"], await FoundAsync("?tag=filtered&owner=ana@example.com"));
        Assert.Equal(["filter-b"], await FoundAsync("?q=FILTER%20b"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.GetAsync("/api/v1/partners?stage=sleeping", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_second_integration_stands_beside_main()
    {
        await EnterAsync("pair");
        var made = await _engineer.PostAsJsonAsync("/api/v1/partners/pair/integrations", new { name = "Payouts", criticality = "critical", impact = new { journeys = new[] { "Wallet" }, whatUsersSee = "cannot top up" } }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var all = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/partners/pair/integrations", Cancel);
        Assert.Equal(["main", "payouts"], all.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await _engineer.PostAsJsonAsync("/api/v1/partners/pair/integrations", new { name = "Payouts" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Twenty_equal_posts_at_once_make_one_partner()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Race", slug = "race" }, Cancel)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
    }

    private async Task EnterAsync(string slug) =>
        Assert.Equal(HttpStatusCode.Created, (await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = slug, slug }, Cancel)).StatusCode);

    private async Task<HttpResponseMessage> PatchAsync(string slug, object body, string? version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/partners/{slug}") { Content = JsonContent.Create(body) };
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", version);
        }

        return await _engineer.SendAsync(request, Cancel);
    }

    private async Task<IEnumerable<string?>> FoundAsync(string query) =>
        [.. (await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/partners" + query, Cancel)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString())];
}
