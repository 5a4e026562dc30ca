using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class ReviewEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private const string Peak = "our-peak";
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
    public async Task The_initial_technical_review_comes_with_the_portal()
    {
        var list = await GetAsync("/api/v1/checklist-templates");
        var template = list.GetProperty("items").EnumerateArray().Single(t => t.GetProperty("slug").GetString() == "initial-technical-review");
        Assert.True(template.GetProperty("items").GetInt32() >= 45);

        var whole = await GetAsync("/api/v1/checklist-templates/initial-technical-review");
        var item = whole.GetProperty("sections")[1].GetProperty("items")[0];
        Assert.Equal((Peak, "target", "calls/s", "us", "blocker"), (Text(item, "key"), Text(item, "kind"), Text(item, "unit"), Text(item, "who"), Text(item, "severity")));
        Assert.NotEqual("", Text(item, "why"));
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync("/api/v1/checklist-templates/initial-technical-review?version=2", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_review_starts_with_every_item_unanswered_at_version_one()
    {
        var review = await StartAsync("starting");

        Assert.Equal(("initial-technical-review", 1, "starting", "main"), (Text(review, "template"), review.GetProperty("version").GetInt32(), Text(review, "partner"), Text(review, "integration")));
        Assert.Equal(0, review.GetProperty("answered").GetDouble());
        Assert.Equal(0, review.GetProperty("passRate").GetDouble());
        Assert.Equal(JsonValueKind.Null, review.GetProperty("decision").ValueKind);
        Assert.All(review.GetProperty("items").EnumerateArray(), i => Assert.Equal(("not answered", "1"), (Text(i, "state"), Text(i, "version"))));
    }

    [Fact]
    public async Task A_template_is_needed_and_must_exist()
    {
        await PartnerAsync("careless");
        Assert.Contains("template", await ErrorsAsync(await _engineer.PostAsJsonAsync("/api/v1/partners/careless/reviews", new { }, Cancel)));
        Assert.Contains("template", await ErrorsAsync(await _engineer.PostAsJsonAsync("/api/v1/partners/careless/reviews", new { template = "poem" }, Cancel)));
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.PostAsJsonAsync("/api/v1/partners/nobody/reviews", new { template = "initial-technical-review" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task An_answer_is_saved_and_carries_its_new_version()
    {
        var id = Text(await StartAsync("answering"), "id");

        var saved = await AnswerAsync(id, Peak, "1", new { state = "passed", value = 120.5, comment = "measured in May", evidence = new[] { "https://wiki.example.com/peak" } });

        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal("\"2\"", saved.Headers.ETag!.ToString());
        var review = await GetAsync($"/api/v1/reviews/{id}");
        var item = Item(review, Peak);
        Assert.Equal(("passed", "120.5", "measured in May", "2", "engineer@example.com"), (Text(item, "state"), Text(item, "value"), Text(item, "comment"), Text(item, "version"), Text(item, "answeredBy")));
        Assert.Equal("https://wiki.example.com/peak", item.GetProperty("evidence")[0].GetString());
        Assert.InRange(review.GetProperty("answered").GetDouble(), 0.001, 0.05);
    }

    [Fact]
    public async Task A_version_is_needed_and_a_stale_one_shows_what_is_stored()
    {
        var id = Text(await StartAsync("racing"), "id");
        Assert.Equal((HttpStatusCode)428, (await AnswerAsync(id, Peak, null, new { state = "passed" })).StatusCode);
        await AnswerAsync(id, Peak, "1", new { state = "passed", comment = "first" });

        var late = await AnswerAsync(id, Peak, "1", new { state = "failed", comment = "late" });

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        var current = (await late.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("current");
        Assert.Equal((Peak, "passed", "first", "2"), (Text(current, "key"), Text(current, "state"), Text(current, "comment"), Text(current, "version")));
    }

    [Fact]
    public async Task Not_applicable_without_a_comment_and_nonsense_are_named_by_field()
    {
        var id = Text(await StartAsync("nonsense"), "id");

        Assert.Equal(["comment"], await ErrorsAsync(await AnswerAsync(id, Peak, "1", new { state = "not applicable" })));
        Assert.Equal(["evidence[0]", "state", "value"], await ErrorsAsync(await AnswerAsync(id, Peak, "1", new { state = "great", value = "many", evidence = new[] { "javascript:alert(1)" } })));
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(id, "no-such-item", "1", new { state = "passed" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(Guid.NewGuid().ToString(), Peak, "1", new { state = "passed" })).StatusCode);
        Assert.Equal("1", Text(Item(await GetAsync($"/api/v1/reviews/{id}"), Peak), "version"));
    }

    [Fact]
    public async Task A_failed_blocker_refuses_go_and_a_concluded_review_refuses_answers()
    {
        var id = Text(await StartAsync("deciding"), "id");
        await AnswerAsync(id, Peak, "1", new { state = "failed" });
        Assert.Equal(Peak, (await GetAsync($"/api/v1/reviews/{id}")).GetProperty("blockers")[0].GetString());

        var refused = await ConcludeAsync(id, new { decision = "go", signer = "engineer@example.com" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("blocker", Text(await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel), "detail"), StringComparison.Ordinal);
        Assert.Equal(["conditions"], await ErrorsAsync(await ConcludeAsync(id, new { decision = "conditional go", signer = "engineer@example.com" })));

        var done = await ConcludeAsync(id, new { decision = "conditional-go", signer = "engineer@example.com", conditions = new[] { new { text = "Load test", owner = "ana@example.com", due = "2027-01-15" } } });
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        var review = await GetAsync($"/api/v1/reviews/{id}");
        Assert.Equal(("conditional go", "engineer@example.com"), (Text(review, "decision"), Text(review, "signer")));
        Assert.Equal("2027-01-15", Text(review.GetProperty("conditions")[0], "due"));
        Assert.Equal(HttpStatusCode.Conflict, (await AnswerAsync(id, Peak, "2", new { state = "passed" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await ConcludeAsync(id, new { decision = "no-go", signer = "engineer@example.com" })).StatusCode);
    }

    [Fact]
    public async Task Only_an_engineer_signs()
    {
        var id = Text(await StartAsync("signing"), "id");
        using var manager = await _app.SignedInAsync(Role.Manager);
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.PostAsJsonAsync($"/api/v1/reviews/{id}/conclude", new { decision = "go", signer = "manager@example.com" }, Cancel)).StatusCode);

        Assert.Equal(["signer"], await ErrorsAsync(await ConcludeAsync(id, new { decision = "go", signer = "manager@example.com" })));
        Assert.Equal(HttpStatusCode.OK, (await ConcludeAsync(id, new { decision = "go" })).StatusCode);
    }

    [Fact]
    public async Task A_concluded_review_is_the_proof_that_a_contract_asks_for()
    {
        var id = Text(await StartAsync("proving"), "id");
        using var manager = await _app.SignedInAsync(Role.Manager);
        Assert.Equal(HttpStatusCode.Conflict, (await manager.PostAsJsonAsync("/api/v1/partners/proving/stage", new { stage = "contracted" }, Cancel)).StatusCode);

        await ConcludeAsync(id, new { decision = "go" });

        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsJsonAsync("/api/v1/partners/proving/stage", new { stage = "contracted" }, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("json", "application/json", "\"passRate\"")]
    [InlineData("csv", "text/csv", "'=HYPERLINK")]
    [InlineData("markdown", "text/markdown", "> =HYPERLINK")]
    public async Task An_export_is_a_file_that_runs_nothing(string format, string type, string holds)
    {
        var id = Text(await StartAsync("exporting-" + format), "id");
        await AnswerAsync(id, Peak, "1", new { state = "warning", comment = "=HYPERLINK(\"http://x\")" });

        var file = await _engineer.GetAsync($"/api/v1/reviews/{id}/export?format={format}", Cancel);

        Assert.Equal(type, file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains(holds, await file.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(["format"], await ErrorsAsync(await _engineer.GetAsync($"/api/v1/reviews/{id}/export?format=poem", Cancel)));
    }

    [Fact]
    public async Task A_template_of_ones_own_is_created_once()
    {
        var body = new { title = "Short list", sections = new[] { new { title = "All", items = new[] { new { question = "Is there a sandbox?" } } } } };

        var made = await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", body, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("/api/v1/checklist-templates/short-list", made.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Conflict, (await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", body, Cancel)).StatusCode);
        Assert.Equal(["sections", "title"], await ErrorsAsync(await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", new { }, Cancel)));
        Assert.Equal("is-there-a-sandbox", Text(Item(await StartAsync("screened", "short-list"), "is-there-a-sandbox"), "key"));
    }

    [Fact]
    public async Task A_review_moves_to_the_newest_checklist_with_its_answers_and_not_after_its_decision()
    {
        await _engineer.PostAsJsonAsync("/api/v1/checklist-templates", Short("moving-list", "First?"), Cancel);
        var id = Text(await StartAsync("moving", "moving-list"), "id");
        await AnswerAsync(id, "first", "1", new { state = "passed", comment = "seen" });
        Assert.Equal(HttpStatusCode.Conflict, (await _engineer.PostAsync($"/api/v1/reviews/{id}/move-to-newest", null, Cancel)).StatusCode);
        using var next = new HttpRequestMessage(HttpMethod.Put, "/api/v1/checklist-templates/moving-list") { Content = JsonContent.Create(Short("moving-list", "First?", "Second?")), Headers = { { "If-Match", "\"1\"" } } };
        Assert.Equal(HttpStatusCode.OK, (await _engineer.SendAsync(next, Cancel)).StatusCode);
        Assert.Single((await GetAsync($"/api/v1/reviews/{id}")).GetProperty("items").EnumerateArray());

        Assert.True((await _engineer.PostAsync($"/api/v1/reviews/{id}/move-to-newest", null, Cancel)).IsSuccessStatusCode);

        var moved = await GetAsync($"/api/v1/reviews/{id}");
        Assert.Equal(("passed", "seen", "not answered"), (Text(Item(moved, "first"), "state"), Text(Item(moved, "first"), "comment"), Text(Item(moved, "second"), "state")));

        static object Short(string slug, params string[] questions) =>
            new { slug, title = slug, sections = new[] { new { key = "all", title = "All", items = questions.Select(q => new { key = q.TrimEnd('?').ToLowerInvariant(), question = q }) } } };
    }

    [Fact]
    public async Task A_viewer_reads_and_does_not_answer()
    {
        var id = Text(await StartAsync("reading"), "id");
        using var viewer = await _app.SignedInAsync(Role.Viewer);

        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync($"/api/v1/reviews/{id}", Cancel)).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reviews/{id}/answers/{Peak}") { Content = JsonContent.Create(new { state = "passed" }), Headers = { { "If-Match", "\"1\"" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.SendAsync(request, Cancel)).StatusCode);
    }

    private Task<HttpResponseMessage> PartnerAsync(string slug) => _engineer.PostAsJsonAsync("/api/v1/partners", new { name = slug, slug }, Cancel);

    private async Task<JsonElement> StartAsync(string partner, string template = "initial-technical-review")
    {
        await PartnerAsync(partner);
        var started = await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/reviews", new { template }, Cancel);
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        return await started.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<HttpResponseMessage> AnswerAsync(string id, string key, string? version, object answer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reviews/{id}/answers/{key}") { Content = JsonContent.Create(answer) };
        if (version is not null)
        {
            request.Headers.Add("If-Match", $"\"{version}\"");
        }

        return await _engineer.SendAsync(request, Cancel);
    }

    private Task<HttpResponseMessage> ConcludeAsync(string id, object decision) => _engineer.PostAsJsonAsync($"/api/v1/reviews/{id}/conclude", decision, Cancel);

    private Task<JsonElement> GetAsync(string path) => _engineer.GetFromJsonAsync<JsonElement>(path, Cancel);

    private static async Task<string[]> ErrorsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order()];
    }

    private static JsonElement Item(JsonElement review, string key) => review.GetProperty("items").EnumerateArray().Single(i => Text(i, "key") == key);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
