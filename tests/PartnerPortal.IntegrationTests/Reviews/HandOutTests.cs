using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClosedXML.Excel;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class HandOutTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private const string Peak = "our-peak";
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
    private HttpClient _engineer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engineer = await portal.App.SignedInAsync(Role.Engineer);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_checklist_is_previewed_without_being_stored_and_then_created()
    {
        const string list = "# Going live\n\n## Load\n- [ ] Is there a limit?\n- [ ] Who raises it?\n\n```\ncode\n```\n";

        var preview = await ReadAsync(await ImportAsync("format=markdown&preview=true", list), HttpStatusCode.OK);
        Assert.Equal(("going-live", 2, "Is there a limit?"), (Text(preview, "slug"), preview.GetProperty("items").GetInt32(), Text(preview.GetProperty("draft").GetProperty("sections")[0].GetProperty("items")[0], "question")));
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync("/api/v1/checklist-templates/going-live", Cancel)).StatusCode);

        var answer = await ImportAsync("format=markdown", list);
        var made = await ReadAsync(answer, HttpStatusCode.Created);
        Assert.Equal("/api/v1/checklist-templates/going-live", answer.Headers.Location!.ToString());
        Assert.Equal(("going-live", 1, 2, "line 7: A code block was left out."), (Text(made, "slug"), made.GetProperty("version").GetInt32(), made.GetProperty("items").GetInt32(), made.GetProperty("warnings")[0].GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await ImportAsync("format=markdown", list)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await ImportAsync("slug=going-live-2&title=Again", list)).StatusCode);
    }

    [Fact]
    public async Task A_form_with_a_file_is_taken_and_titled_by_its_name()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent("question,who\nIs there a sandbox?,partner\n"u8.ToArray()), "file", "partner_questions.csv" } };
        var made = await ReadAsync(await _engineer.PostAsync("/api/v1/checklist-templates/import?format=csv", form, Cancel), HttpStatusCode.Created);
        Assert.Equal(("partner-questions", "csv"), (Text(made, "slug"), Text(made, "format")));
    }

    [Theory]
    [InlineData("format=vsaq", "{\n \"questionnaire\": [ }", "Line 2 ")]
    [InlineData("format=markdown", "openapi: 3.1.0\ninfo: {}\n", "an API description")]
    [InlineData("", "From: a@example.com\nTo: b@example.com\nSubject: hi\n\n- [ ] x", "a mail")]
    [InlineData("format=csv", "", "empty")]
    public async Task What_cannot_be_read_says_why_and_leaves_nothing_behind(string query, string text, string said)
    {
        var before = await TemplatesAsync();
        var refused = await ReadAsync(await ImportAsync(query, text), HttpStatusCode.UnprocessableEntity);
        Assert.Contains(said, refused.GetProperty("errors").GetProperty("file")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await TemplatesAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ImportAsync("format=poem", text)).StatusCode);
    }

    [Fact]
    public async Task A_file_proves_an_answer_and_leaves_as_an_attachment_only()
    {
        var id = await StartAsync("proving");
        var added = await ReadAsync(await FileAsync(id, Peak, "..\\..\\load \"test\".exe", Png), HttpStatusCode.Created);
        Assert.Equal(("load test.exe.png", "image/png", 11), (Text(added, "name"), Text(added, "mediaType"), added.GetProperty("size").GetInt32()));

        var file = await _engineer.GetAsync(Text(added, "address"), Cancel);
        Assert.Equal(Png, await file.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(("attachment", "image/png", "nosniff"), (file.Content.Headers.ContentDisposition!.DispositionType, file.Content.Headers.ContentType!.MediaType, file.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.True(EvidenceFile.IsAddress(Guid.Parse(id), Text(added, "address")));

        var other = await StartAsync("proving-too");
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync(Text(added, "address").Replace(id, other, StringComparison.Ordinal), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await FileAsync(id, "no-such-item", "a.png", Png)).StatusCode);
        Assert.Single((await ReadAsync(await _engineer.GetAsync($"/api/v1/reviews/{id}/files", Cancel), HttpStatusCode.OK)).GetProperty("items").EnumerateArray());
        Assert.Equal(0, await portal.Database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE after::text LIKE '%iVBOR%'"));
    }

    [Theory]
    [InlineData("<!doctype html><script>alert(1)</script>", "an HTML page")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", "an SVG drawing")]
    [InlineData("MZ...", "a Windows program")]
    [InlineData("#!/bin/sh\nrm -rf /", "a script")]
    [InlineData("", "an empty file")]
    public async Task Programs_and_pages_are_refused_whatever_their_name(string content, string said)
    {
        var id = await StartAsync("refusing-" + Guid.NewGuid().ToString("N")[..8]);
        var refused = await ReadAsync(await FileAsync(id, Peak, "harmless.png", Encoding.UTF8.GetBytes(content)), HttpStatusCode.UnprocessableEntity);
        Assert.Contains(said, refused.GetProperty("errors").GetProperty("file")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_25_megabytes_are_refused()
    {
        var id = await StartAsync("large");
        var refused = await ReadAsync(await FileAsync(id, Peak, "large.png", [.. Png, .. new byte[EvidenceFile.MostBytes]]), HttpStatusCode.UnprocessableEntity);
        Assert.Contains("larger than 25 MB", refused.GetProperty("errors").GetProperty("file")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workbook_is_filled_in_and_changes_only_what_was_filled_in()
    {
        var id = await StartAsync("sheets");
        await AnswerAsync(id, Peak, "1", new { state = "passed", value = 120, comment = "=cmd|calc" });
        var keys = (await ReviewAsync(id)).GetProperty("items").EnumerateArray().Select(i => (Key: Text(i, "key"), Who: Text(i, "who"))).ToList();
        var bytes = await _engineer.GetByteArrayAsync($"/api/v1/reviews/{id}/export?format=xlsx", Cancel);
        var theirs = keys.Last(k => k.Who != "us").Key;

        using var book = new XLWorkbook(new MemoryStream(bytes));
        var page = book.Worksheet(1);
        Assert.True(page.Column(2).IsHidden && !page.Column(6).IsHidden);
        Assert.Equal(keys.Count, page.RowsUsed().Count(r => r.RowNumber() > 4));
        var peak = Row(page, Peak);
        Assert.Equal(("=cmd|calc", false), (peak.Cell(14).GetString(), peak.Cell(14).HasFormula));
        Assert.Contains("not applicable", page.DataValidations.First().Value, StringComparison.Ordinal);

        (Row(page, theirs).Cell(11).Value, Row(page, theirs).Cell(14).Value) = ("failed", "they have none");
        peak.Cell(14).Value = "we changed it here";
        Row(page, keys[0].Key).Cell(11).Value = "great";
        await AnswerAsync(id, Peak, "2", new { state = "warning", comment = "and others there" });
        using var saved = new MemoryStream();
        book.SaveAs(saved);
        var filled = saved.ToArray();

        var preview = await ReadAsync(await SheetAsync(id, filled, "?preview=true"), HttpStatusCode.OK);
        Assert.Equal((1, 1, 1), (preview.GetProperty("changes").GetInt32(), preview.GetProperty("conflicts").GetInt32(), preview.GetProperty("refused").GetInt32()));
        Assert.Equal("not answered", Text(Item(await ReviewAsync(id), theirs), "state"));

        var done = await ReadAsync(await SheetAsync(id, filled, ""), HttpStatusCode.OK);
        Assert.Equal("changed", Text(done.GetProperty("rows").EnumerateArray().Single(r => Text(r, "key") == theirs), "fate"));
        var review = await ReviewAsync(id);
        Assert.Equal(("failed", "they have none", "engineer@example.com"), (Text(Item(review, theirs), "state"), Text(Item(review, theirs), "comment"), Text(Item(review, theirs), "answeredBy")));
        Assert.Equal("and others there", Text(Item(review, Peak), "comment"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SheetAsync(await StartAsync("sheets-of-others"), filled, "")).StatusCode);
    }

    [Fact]
    public async Task The_partners_workbook_holds_only_what_the_partner_answers()
    {
        var id = await StartAsync("their-sheet");
        using var book = new XLWorkbook(new MemoryStream(await _engineer.GetByteArrayAsync($"/api/v1/reviews/{id}/export?format=xlsx&who=partner", Cancel)));
        var who = book.Worksheet(1).RowsUsed().Where(r => r.RowNumber() > 4).Select(r => r.Cell(9).GetString()).Distinct().ToList();
        Assert.NotEmpty(who);
        Assert.DoesNotContain("us", who);
        Assert.True(book.Worksheet(1).Column(10).IsHidden);
    }

    [Fact]
    public async Task A_json_export_makes_an_equal_review_elsewhere()
    {
        var id = await StartAsync("leaving");
        await AnswerAsync(id, Peak, "1", new { state = "failed", value = 120.5, comment = "too few", evidence = new[] { "https://wiki.example.com/x" } });
        await _engineer.PostAsJsonAsync($"/api/v1/reviews/{id}/conclude", new { decision = "no-go", signer = "engineer@example.com", reason = "no capacity" }, Cancel);
        var json = await _engineer.GetStringAsync($"/api/v1/reviews/{id}/export?format=json", Cancel);
        await PartnerAsync("arriving");

        var made = await ReadAsync(await PostAsync("/api/v1/reviews/import?partner=arriving", json, "application/json"), HttpStatusCode.Created);
        var (before, after) = (await ReviewAsync(id), await ReviewAsync(Text(made, "id")));
        Assert.Equal("arriving", Text(after, "partner"));
        foreach (var name in new[] { "template", "version", "title", "answered", "passRate", "blockers", "decision", "signer", "reason", "startedBy", "startedAt", "concludedAt" })
        {
            Assert.Equal(before.GetProperty(name).GetRawText(), after.GetProperty(name).GetRawText());
        }

        Assert.Equal(before.GetProperty("items").GetRawText(), after.GetProperty("items").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/api/v1/reviews/import?partner=nobody", json, "application/json")).StatusCode);
    }

    [Fact]
    public async Task A_review_from_a_checklist_that_is_not_here_brings_it_along_and_operators_import_no_decision()
    {
        await PartnerAsync("newcomer");
        const string file = """
            {"template":"their-list","startedBy":"bo@other.example","startedAt":"2025-11-02T10:00:00Z",
             "items":[{"key":"a","state":"passed","answeredBy":"cy@other.example","answeredAt":"2025-11-03T10:00:00Z","comment":"seen","evidence":["/api/v1/reviews/x/files/y"]}],
             "checklist":{"title":"Their list","sections":[{"title":"All","items":[{"key":"a","question":"Is it there?"},{"key":"b","question":"And this?"}]}]}
            """;
        var made = await ReadAsync(await PostAsync("/api/v1/reviews/import?partner=newcomer", file + "}", "application/json"), HttpStatusCode.Created);
        Assert.Equal(("their-list", 0.5), (Text(made.GetProperty("review"), "template"), made.GetProperty("review").GetProperty("answered").GetDouble()));
        Assert.Single(made.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("cy@other.example", "2025-11-03"), (Text(Item(made.GetProperty("review"), "a"), "answeredBy"), Text(Item(made.GetProperty("review"), "a"), "answeredAt")[..10]));
        Assert.Equal(HttpStatusCode.OK, (await _engineer.GetAsync("/api/v1/checklist-templates/their-list", Cancel)).StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reviews/import?partner=newcomer") { Content = new StringContent(file + ",\"decision\":\"go\",\"signer\":\"x@other.example\"}", Encoding.UTF8, "application/json") };
        Assert.Equal(HttpStatusCode.Forbidden, (await (await portal.App.SignedInAsync(Role.Operator)).SendAsync(request, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("/api/v1/reviews/import?partner=newcomer", "{\"items\":[]}", "application/json")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/v1/reviews/import?partner=newcomer", "{", "application/json")).StatusCode);
    }

    private static IXLRow Row(IXLWorksheet page, string key) => page.RowsUsed().Single(r => r.Cell(2).GetString() == key);

    private static JsonElement Item(JsonElement review, string key) => review.GetProperty("items").EnumerateArray().Single(i => Text(i, "key") == key);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private Task<HttpResponseMessage> ImportAsync(string query, string text) => PostAsync("/api/v1/checklist-templates/import?" + query, text, "text/plain");

    private Task<HttpResponseMessage> PostAsync(string address, string text, string type) => _engineer.PostAsync(address, new StringContent(text, Encoding.UTF8, type), Cancel);

    private async Task<HttpResponseMessage> FileAsync(string id, string key, string name, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await _engineer.PostAsync($"/api/v1/reviews/{id}/answers/{key}/files?name={Uri.EscapeDataString(name)}", content, Cancel);
    }

    private Task<HttpResponseMessage> SheetAsync(string id, byte[] book, string query) =>
        _engineer.PostAsync($"/api/v1/reviews/{id}/answers/import{query}", new ByteArrayContent(book), Cancel);

    private async Task<int> TemplatesAsync() => (await ReadAsync(await _engineer.GetAsync("/api/v1/checklist-templates", Cancel), HttpStatusCode.OK)).GetProperty("items").GetArrayLength();

    private async Task<JsonElement> ReviewAsync(string id) => await ReadAsync(await _engineer.GetAsync($"/api/v1/reviews/{id}", Cancel), HttpStatusCode.OK);

    private async Task PartnerAsync(string slug) => await _engineer.PostAsJsonAsync("/api/v1/partners", new { slug, name = slug }, Cancel);

    private async Task<string> StartAsync(string partner)
    {
        await PartnerAsync(partner);
        return Text(await ReadAsync(await _engineer.PostAsJsonAsync($"/api/v1/partners/{partner}/reviews", new { template = "initial-technical-review" }, Cancel), HttpStatusCode.Created), "id");
    }

    private async Task AnswerAsync(string id, string key, string version, object answer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reviews/{id}/answers/{key}") { Content = JsonContent.Create(answer) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        await ReadAsync(await _engineer.SendAsync(request, Cancel), HttpStatusCode.OK);
    }
}
