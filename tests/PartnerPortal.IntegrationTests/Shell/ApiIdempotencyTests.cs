using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.IntegrationTests.Shell;

public sealed class ApiIdempotencyTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly TestDatabase _database = portal.Database;
    private HttpClient _engineer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engineer = await portal.App.SignedInAsync(Role.Engineer);

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_is_not_done_again()
    {
        using var first = await EnterAsync("again-1", "Again");
        using var second = await EnterAsync("again-1", "Again");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.False(first.Headers.Contains(ApiIdempotency.ReplayHeader));
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues(ApiIdempotency.ReplayHeader).Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancel), await second.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("\"Again\"", await second.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("/api/v1/partners/again", first.Headers.Location?.ToString());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal(1, await PartnersAsync("Again"));
    }

    [Fact]
    public async Task A_key_of_another_body_or_path_is_refused_with_a_sentence()
    {
        using var first = await EnterAsync("once", "Once");
        using var otherBody = await EnterAsync("once", "Twice");
        using var otherPath = await PostAsync(_engineer, "once", "/api/v1/partners?dryRun=true", new { name = "Once" });

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        await RefusedAsync(otherBody);
        await RefusedAsync(otherPath);
        Assert.Equal(0, await PartnersAsync("Twice"));
    }

    [Fact]
    public async Task Twenty_posts_at_once_with_one_key_make_one_partner()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EnterAsync("crowd", "Crowd")));

        Assert.Equal(1, await PartnersAsync("Crowd"));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created && !a.Headers.Contains(ApiIdempotency.ReplayHeader));
        Assert.All(answers, a => Assert.True(a.StatusCode == HttpStatusCode.Created || (a.StatusCode == HttpStatusCode.Conflict && a.Headers.RetryAfter is not null), $"{a}"));
        using var late = await EnterAsync("crowd", "Crowd");
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
    }

    [Fact]
    public async Task A_request_that_still_runs_is_a_conflict_until_its_process_is_taken_for_dead()
    {
        using var made = await EnterAsync("crashed", "Crashed");
        await _database.RunAsync("UPDATE portal.idempotency SET state = 'running' WHERE key = 'crashed'");
        using var early = await EnterAsync("crashed", "Crashed");
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal("application/problem+json", early.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(1), early.Headers.RetryAfter?.Delta);

        await _database.RunAsync("UPDATE portal.idempotency SET at = at - $1 WHERE key = 'crashed'", IdempotencyStore.LongestRun);
        using var other = await EnterAsync("crashed", "Crashed otherwise");
        await RefusedAsync(other);
        await RenameAsync("Crashed");
        using var taken = await EnterAsync("crashed", "Crashed");
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        Assert.Equal(1, await PartnersAsync("Crashed"));
    }

    [Fact]
    public async Task An_attempt_that_lost_its_key_cannot_write_its_answer_any_more()
    {
        var store = _database.Get<IdempotencyStore>();
        var request = new KeyedRequest(Guid.NewGuid(), "lost", "POST", "/api/v1/partners", [1]);
        var slow = await store.TakeAsync(request, Cancel);
        await _database.RunAsync("UPDATE portal.idempotency SET at = at - $1 WHERE key = 'lost'", IdempotencyStore.LongestRun);
        var fresh = await store.TakeAsync(request, Cancel);
        Assert.Equal((KeyState.Taken, KeyState.Taken), (slow.State, fresh.State));

        await store.FinishAsync(request, slow.Attempt, new(201, null, null, null, []), Cancel);
        await store.ReleaseAsync(request, slow.Attempt, Cancel);
        Assert.Equal(KeyState.Running, (await store.TakeAsync(request, Cancel)).State);
        await store.FinishAsync(request, fresh.Attempt, new(204, null, null, null, []), Cancel);
        Assert.Equal(204, (await store.TakeAsync(request, Cancel)).Answer?.Status);
    }

    [Fact]
    public async Task A_day_later_the_key_is_free_and_the_hourly_round_removes_it()
    {
        using var first = await EnterAsync("daily", "Daily");
        using var soon = await EnterAsync("daily", "Daily");
        Assert.True(soon.Headers.Contains(ApiIdempotency.ReplayHeader));

        await _database.Clock.MoveAsync(IdempotencyStore.Remembered);
        _engineer.Dispose();
        _engineer = await portal.App.SignedInAsync(Role.Engineer);
        await RenameAsync("Daily");
        using var later = await EnterAsync("daily", "Daily");
        Assert.Equal(HttpStatusCode.Created, later.StatusCode);
        Assert.False(later.Headers.Contains(ApiIdempotency.ReplayHeader));
        Assert.Equal(1, await PartnersAsync("Daily"));

        await _database.Clock.MoveAsync(IdempotencyStore.Remembered);
        Assert.True(await _database.Get<IdempotencyStore>().ForgetAsync(Cancel) >= 1);
        Assert.Equal(0, await _database.AskAsync<long>("SELECT count(*) FROM portal.idempotency WHERE key = 'daily'"));
    }

    [Fact]
    public async Task Failures_are_not_remembered()
    {
        using var refused = await PostAsync(_engineer, "mended", "/api/v1/partners", new { name = "Mended", tier = "golden" });
        Assert.True(refused.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{refused.StatusCode}");
        using var mended = await EnterAsync("mended", "Mended");
        Assert.Equal(HttpStatusCode.Created, mended.StatusCode);

        await _database.RunAsync("ALTER TABLE partners.partners ADD CONSTRAINT broken CHECK (name <> 'Broken')");
        using var broken = await EnterAsync("broken", "Broken");
        await _database.RunAsync("ALTER TABLE partners.partners DROP CONSTRAINT broken");
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Equal("application/problem+json", broken.Content.Headers.ContentType?.MediaType);
        using var whole = await EnterAsync("broken", "Broken");
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
        Assert.Equal(1, await PartnersAsync("Broken"));
    }

    [Fact]
    public async Task A_key_belongs_to_the_one_who_sent_it()
    {
        using var other = await portal.App.SignedInAsync(Role.Engineer, "another");
        using var mine = await EnterAsync("shared", "Shared");
        using var theirs = await PostAsync(other, "shared", "/api/v1/partners", new { name = "Not shared" });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (mine.StatusCode, theirs.StatusCode));

        using var viewer = await portal.App.SignedInAsync(Role.Viewer);
        using var without = await PostAsync(viewer, "shared", "/api/v1/partners", new { name = "Shared" });
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
    }

    [Fact]
    public async Task Two_tokens_of_one_person_do_not_share_keys()
    {
        await portal.App.PersonAsync(Role.Engineer);
        for (var i = 0; i < 2; i++)
        {
            var issued = await _database.Get<TokenStore>().IssueAsync(new($"token {i}", ["write"], Owner: "engineer@example.com"), TestDatabase.Ana, Cancel);
            using var program = portal.App.CreateClient(new() { AllowAutoRedirect = false });
            program.DefaultRequestHeaders.Authorization = new("Bearer", issued.Secret);
            using var made = await PostAsync(program, "tokens", "/api/v1/partners", new { name = $"By token {i}" });
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            using var again = await PostAsync(program, "tokens", "/api/v1/partners", new { name = $"By token {i}" });
            Assert.True(again.Headers.Contains(ApiIdempotency.ReplayHeader));
        }
    }

    [Fact]
    public async Task A_request_whose_answer_was_too_large_to_keep_is_not_done_again()
    {
        using var first = await EnterAsync("large", "Large");
        await _database.RunAsync("UPDATE portal.idempotency SET body = NULL WHERE key = 'large'");
        await RenameAsync("Large");
        using var second = await EnterAsync("large", "Large");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Null(second.Headers.RetryAfter);
        Assert.Equal(0, await PartnersAsync("Large"));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("x", ApiIdempotency.LongestKey + 1)]
    public async Task A_key_that_is_none_is_refused(string key, int times = 1) =>
        await RefusedAsync(await EnterAsync(string.Concat(Enumerable.Repeat(key, times)), "Unkeyed"));

    [Fact]
    public async Task The_longest_key_is_taken()
    {
        using var answer = await EnterAsync(new string('~', ApiIdempotency.LongestKey), "Long key");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/tokens")]
    [InlineData("/api/v1/invitations")]
    public async Task An_answer_with_a_secret_takes_no_key(string path)
    {
        using var administrator = await portal.App.SignedInAsync(Role.Administrator);
        using var answer = await PostAsync(administrator, "secret", path, new { name = "ci", scopes = new[] { "read" }, email = "new@example.com", role = "viewer" });
        await RefusedAsync(answer);
        Assert.Equal(0, await _database.AskAsync<long>("SELECT count(*) FROM portal.idempotency WHERE key = 'secret'"));
    }

    [Fact]
    public async Task The_description_offers_the_header_where_it_is_taken()
    {
        var paths = (await _engineer.GetFromJsonAsync<JsonNode>("/openapi/v1.json", Cancel))!["paths"]!;
        Assert.True(Offers("/api/v1/partners", "post"));
        Assert.False(Offers("/api/v1/partners", "get"));
        Assert.False(Offers("/api/v1/tokens", "post"));

        bool Offers(string path, string method) =>
            paths[path]![method]!["parameters"]?.AsArray().Any(p => p!["name"]!.GetValue<string>() == ApiIdempotency.Header) == true;
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel);
        Assert.NotEmpty(problem!["errors"]![ApiIdempotency.Header]![0]!.GetValue<string>());
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string key, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        Assert.True(request.Headers.TryAddWithoutValidation(ApiIdempotency.Header, key));
        return await client.SendAsync(request, Cancel);
    }

    private Task<HttpResponseMessage> EnterAsync(string key, string name) => PostAsync(_engineer, key, "/api/v1/partners", new { name });

    // Makes room for a second partner of the name, so that running anew can be told from a replay.
    private Task RenameAsync(string name) => _database.RunAsync("UPDATE partners.partners SET name = name || ' before', slug = slug || '-before' WHERE name = $1", name);

    private Task<long> PartnersAsync(string name) => _database.AskAsync<long>("SELECT count(*) FROM partners.partners WHERE name = $1", name);
}
