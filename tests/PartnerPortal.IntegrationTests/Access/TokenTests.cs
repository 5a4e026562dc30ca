using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Access;

public sealed class TokenTests(TokenTests.WithAdministrator portal) : IClassFixture<TokenTests.WithAdministrator>
{
    private const string FromSettings = "ppk_0123456789abcdef0123456789abcdef";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Portal:Admin:Email"] = "root@example.com",
        ["Portal:Admin:Password"] = "Kupfer-Teich-77",
        ["Portal:Admin:ApiToken"] = FromSettings,
    };

    private readonly PortalApp _app = portal.App;
    private readonly TestDatabase _database = portal.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_token_of_the_settings_works_after_every_start_with_every_right()
    {
        using (var client = With(FromSettings))
        {
            var me = await client.GetFromJsonAsync<JsonNode>("/api/v1/me", Cancel);
            Assert.Equal(("root@example.com", "administrator"), (me!["email"]!.GetValue<string>(), me["role"]!.GetValue<string>()));
            Assert.Equal(Enum.GetValues<Right>().Length, me["rights"]!.AsArray().Count);
        }

        await _database.RunAsync("UPDATE access.tokens SET revoked_at = portal.now()");
        await _database.RunAsync("UPDATE access.people SET role = 'viewer', disabled_at = portal.now() WHERE email = 'root@example.com'");
        await using var again = new PortalApp(_database, settings: Settings);
        var restarted = again.CreateClient();
        restarted.DefaultRequestHeaders.Authorization = new("Bearer", FromSettings);
        Assert.Equal(HttpStatusCode.OK, (await restarted.GetAsync("/api/v1/people", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_database_holds_a_hash_and_never_the_token()
    {
        var secret = await IssueAsync(new("hidden", ["read"]));
        Assert.Matches("^ppk_[A-Za-z0-9]{32,}$", secret);
        foreach (var table in new[] { "access.tokens", "audit.entries" })
        {
            Assert.Equal(0, await _database.AskAsync<long>($"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%' || $1 || '%'", secret));
        }

        Assert.Equal(1, await _database.AskAsync<long>("SELECT count(*) FROM access.tokens WHERE hash = sha256(convert_to($1, 'UTF8'))", secret));
    }

    [Fact]
    public async Task A_token_does_what_its_scopes_cover_and_nothing_else()
    {
        using var read = With(await IssueAsync(new("reader", ["read"])));
        Assert.Equal(HttpStatusCode.OK, (await read.GetAsync("/api/v1/partners", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await read.PostAsJsonAsync("/api/v1/partners", new { name = "No" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await read.GetAsync("/api/v1/people", Cancel)).StatusCode);
        using var write = With(await IssueAsync(new("writer", ["write"])));
        Assert.Equal(HttpStatusCode.Created, (await write.PostAsJsonAsync("/api/v1/partners", new { name = "Written" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await write.GetAsync("/api/v1/partners", Cancel)).StatusCode);
        using var administer = With(await IssueAsync(new("own", ["administer"])));
        Assert.Equal(HttpStatusCode.Forbidden, (await administer.GetAsync("/account", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_token_ends_by_its_date_and_when_it_is_revoked()
    {
        using var brief = With(await IssueAsync(new("brief", ["read"], _database.Clock.GetUtcNow().AddHours(1))));
        Assert.Equal(HttpStatusCode.OK, (await brief.GetAsync("/api/v1/me", Cancel)).StatusCode);
        await _database.Clock.MoveAsync(TimeSpan.FromHours(1));
        var late = await brief.GetAsync("/api/v1/me", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.Equal("application/problem+json", late.Content.Headers.ContentType?.MediaType);

        using var client = With(await IssueAsync(new("gone", ["read"])));
        using var admin = With(FromSettings);
        var tokens = await admin.GetFromJsonAsync<JsonNode>("/api/v1/tokens", Cancel);
        var id = tokens!["items"]!.AsArray().First(t => t!["name"]!.GetValue<string>() == "gone")!["id"]!.GetValue<Guid>();
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsync($"/api/v1/tokens/{id}/revoke", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_token_that_another_portal_revoked_or_bound_is_refused_with_the_next_request()
    {
        using var client = With(await IssueAsync(new("elsewhere", ["read"])));
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/prometheus/api/v1/query?query=1", Cancel)).StatusCode);
        }

        await _database.RunAsync("UPDATE access.tokens SET scopes = '[\"respond\"]' WHERE name = 'elsewhere'");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/prometheus/api/v1/query?query=1", Cancel)).StatusCode);
        await _database.RunAsync("UPDATE access.tokens SET revoked_at = portal.now() WHERE name = 'elsewhere'");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/prometheus/api/v1/query?query=1", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_bound_token_stays_with_its_partner()
    {
        var store = _database.Get<PartnerStore>();
        await store.EnterAsync(new("Mine", "mine"), null, TestDatabase.Ana, Cancel);
        await store.EnterAsync(new("Theirs", "theirs"), null, TestDatabase.Ana, Cancel);
        using var client = With(await IssueAsync(new("bound", ["read", "write"], Partner: "mine")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/partners/mine", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/partners/theirs", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/partners/unknown", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/partners", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync("/api/v1/partners", new { name = "x" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_disabled_owner_takes_the_token_along()
    {
        var owner = await _app.PersonAsync(Role.Engineer, "leaving");
        using var client = With(await IssueAsync(new("theirs", ["read"], Owner: owner.Email)));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
        await _database.Get<PersonStore>().ChangeAsync(owner.Id, new(Disabled: true), TestDatabase.Ana, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("ppk_ffffffffffffffffffffffffffffffff")]
    [InlineData("ppk_short")]
    [InlineData("' OR 1=1 --")]
    public async Task An_unknown_token_is_nobody(string secret)
    {
        using var client = With(secret);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_a_token_is_refused_field_by_field()
    {
        using var admin = With(FromSettings);
        var refused = await admin.PostAsJsonAsync("/api/v1/tokens", new { name = "", scopes = Array.Empty<string>(), expiresAt = "2020-01-01T00:00:00Z" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var errors = (await refused.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["errors"]!.AsObject();
        Assert.Equal(["expiresAt", "name", "scopes"], errors.Select(e => e.Key).Order());
    }

    private HttpClient With(string secret)
    {
        var client = _app.CreateClient(new() { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        return client;
    }

    private async Task<string> IssueAsync(TokenDraft draft)
    {
        using var admin = With(FromSettings);
        var made = await admin.PostAsJsonAsync("/api/v1/tokens", draft, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["secret"]!.GetValue<string>();
    }

    public sealed class WithAdministrator(TestServer server) : SharedPortal(server)
    {
        protected override IReadOnlyDictionary<string, string> Settings => TokenTests.Settings;
    }
}
