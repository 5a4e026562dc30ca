using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Partners;

public sealed class PartnerImportTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
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
    public async Task A_rehearsal_says_what_would_happen_and_changes_nothing()
    {
        var answer = await ImportAsync("Name;Owner;Stage;Tags\n\"Rehearsed; Ltd\";ana@example.com;live;music,eu\n;;;\n", "?dryRun=true");
        Assert.Equal((1, 1), (answer.GetProperty("new").GetInt32(), answer.GetProperty("refused").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync("/api/v1/partners/rehearsed-ltd", Cancel)).StatusCode);
    }

    [Fact]
    public async Task One_refused_line_keeps_the_whole_file_out()
    {
        var answer = await ImportAsync("name,owner\nWhole Ltd,ana@example.com\nBroken Ltd,not an address\n");
        Assert.Equal(1, answer.GetProperty("refused").GetInt32());
        var refused = answer.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("fate").GetString() == "refused");
        Assert.Equal(3, refused.GetProperty("line").GetInt32());
        Assert.True(refused.GetProperty("errors").TryGetProperty("owner", out _));
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.GetAsync("/api/v1/partners/whole-ltd", Cancel)).StatusCode);
    }

    [Fact]
    public async Task What_was_exported_is_imported_unchanged_and_formulas_stay_text()
    {
        await ImportAsync("slug,name,summary,tags\nround,\"=1+1\",\"a \"\"quoted\"\" line\",music;eu\n");
        var csv = await _engineer.GetStringAsync("/api/v1/partners/export?q=round", Cancel);
        Assert.Contains("'=1+1", csv, StringComparison.Ordinal);
        var answer = await ImportAsync(csv.TrimStart('\uFEFF'));
        Assert.Equal((1, 0), (answer.GetProperty("same").GetInt32(), answer.GetProperty("changed").GetInt32()));
        var partner = await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/partners/round", Cancel);
        Assert.Equal("=1+1", partner.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_file_without_a_name_column_or_with_other_text_is_refused_in_a_sentence()
    {
        using var content = new StringContent("a,b\n1,2\n", Encoding.UTF8, "text/csv");
        var answer = await _engineer.PostAsync("/api/v1/partners/import", content, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("name", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using var latin = new ByteArrayContent([0x6E, 0x61, 0x6D, 0x65, 0x0A, 0xE5, 0x0A]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.PostAsync("/api/v1/partners/import", latin, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Many_new_partners_are_one_line_in_the_audit_log()
    {
        var lines = string.Concat(Enumerable.Range(0, 300).Select(n => $"Bulk {n:000},bulk\n"));
        var answer = await ImportAsync("name,tags\n" + lines);
        Assert.Equal(300, answer.GetProperty("new").GetInt32());
        Assert.Equal(1, await portal.Database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE action = 'imported' AND title = '300 partners from a file'"));
        Assert.Equal(0, await portal.Database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE title LIKE 'Bulk %'"));
    }

    [Fact]
    public async Task A_large_file_taken_again_changes_nothing_and_answers_soon()
    {
        var csv = "name,tags\n" + string.Concat(Enumerable.Range(0, 3000).Select(n => $"Again {n:0000},again\n"));
        await ImportAsync(csv);
        var again = await ImportAsync(csv);
        Assert.Equal((3000, 0, 0), (again.GetProperty("same").GetInt32(), again.GetProperty("changed").GetInt32(), again.GetProperty("new").GetInt32()));
        Assert.Equal(1, (await ImportAsync(csv.Replace("Again 0007,again", "Again 0007,other", StringComparison.Ordinal), "?dryRun=true")).GetProperty("changed").GetInt32());
    }

    private async Task<JsonElement> ImportAsync(string csv, string query = "")
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        var answer = await _engineer.PostAsync("/api/v1/partners/import" + query, content, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }
}
