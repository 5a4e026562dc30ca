using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Runbooks;

/// <summary>Runs over HTTP: the API, and the page behind a signed link.</summary>
public sealed partial class RunbookRunEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private const string Text = "# Shop fails\n\n- [ ] look\n\n  ```promql\n  vector(40 + 2)\n  ```\n\n  ```promql\n  up{partner=\"$partner\", integration=\"$integration\"\n  ```\n- [ ] call [them](https://x.example)\n";

    private HttpClient _operator = null!;
    private string _partner = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _operator = await portal.App.SignedInAsync(Role.Operator);
        _partner = "p" + Guid.NewGuid().ToString("N")[..12];
        (await _operator.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes", slug = _partner }, Cancel)).EnsureSuccessStatusCode();
        (await _operator.PutAsync($"/api/v1/partners/{_partner}/runbooks/shop-fails", new StringContent(Text, Encoding.UTF8, "text/markdown"), Cancel)).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        _operator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_run_is_started_once_ticked_and_listed()
    {
        var incident = (await DeclareAsync()).GetProperty("id").GetString();
        var url = $"/api/v1/incidents/{incident}/runbook-runs";
        var found = (await ReadAsync($"/api/v1/incidents/{incident}")).GetProperty("runbooks")[0];
        Assert.Equal(("shop-fails", "Shop fails", "for everything of this partner"), (found.GetProperty("slug").GetString(), found.GetProperty("title").GetString(), found.GetProperty("reason").GetString()));

        var started = await _operator.PostAsJsonAsync(url, new { runbook = "shop-fails" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var run = started.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await _operator.PostAsJsonAsync(url, new { runbook = "shop-fails" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _operator.PostAsJsonAsync(url, new { }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _operator.PostAsJsonAsync(url, new { runbook = "nothing" }, Cancel)).StatusCode);

        var refused = await _operator.PostAsJsonAsync(run + "/steps/1", new { state = "skipped" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("Enter why it is skipped.", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").GetProperty("comment")[0].GetString());
        Assert.Equal(HttpStatusCode.OK, (await _operator.PostAsJsonAsync(run + "/steps/1", new { state = "done", comment = "green" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _operator.PostAsJsonAsync(run + "/steps/1", new { state = "failed", comment = "no" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _operator.PostAsJsonAsync(run + "/steps/9", new { state = "done" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _operator.GetAsync($"/api/v1/runbook-runs/{Guid.NewGuid()}", Cancel)).StatusCode);

        var answer = await ReadAsync(run);
        Assert.Equal((1, 2, "done", "to do"), (answer.GetProperty("done").GetInt32(), answer.GetProperty("total").GetInt32(), answer.GetProperty("steps")[0].GetProperty("state").GetString(), answer.GetProperty("steps")[1].GetProperty("state").GetString()));
        Assert.Equal(answer.GetProperty("id").GetString(), (await ReadAsync(url)).GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Contains((await ReadAsync($"/api/v1/incidents/{incident}")).GetProperty("timeline").EnumerateArray(), e => e.GetProperty("what").GetString()!.Contains("did step 1", StringComparison.Ordinal));
        Assert.Contains("1 of 2 done", await _operator.GetStringAsync(answer.GetProperty("url").GetString()!, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_signed_link_a_runbook_is_followed_with_live_figures_and_only_in_this_incident()
    {
        var (own, other) = (await DeclareAsync(), await DeclareAsync());
        var foreign = (await _operator.PostAsJsonAsync($"/api/v1/incidents/{other.GetProperty("id").GetString()}/runbook-runs", new { runbook = "shop-fails" }, Cancel)).Headers.Location!.ToString();
        using var stranger = portal.App.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = true });
        var id = Guid.Parse(own.GetProperty("id").GetString()!);
        var link = $"/i/{portal.Database.Get<IncidentLinks>().Make(id, "tom@example.com", portal.Database.Clock.GetUtcNow().AddHours(1))}";

        var page = await PressAsync(stranger, link, "start shop-fails", "start runbook", "shop-fails", null);
        Assert.Contains("0/2", page, StringComparison.Ordinal);
        Assert.Contains(">42<", page, StringComparison.Ordinal);
        Assert.Contains("This query cannot be computed.", page, StringComparison.Ordinal);
        Assert.Contains("target=\"_blank\"", page, StringComparison.Ordinal);
        var step = StepName().Matches(page)[0].Groups["name"].Value;
        Assert.Equal(0, (await ReadAsync($"/api/v1/incidents/{id}/runbook-runs")).GetProperty("items")[0].GetProperty("done").GetInt32());

        var refused = await PressAsync(stranger, $"{link}?write=skip&step={step}", $"why {step}", "step skipped", step, "  ");
        Assert.Contains("Enter why it is skipped.", refused, StringComparison.Ordinal);
        Assert.Contains("1/2", await PressAsync(stranger, $"{link}?write=skip&step={step}", $"why {step}", "step skipped", step, "their page is green"), StringComparison.Ordinal);
        var entry = (await ReadAsync($"/api/v1/incidents/{id}")).GetProperty("timeline").EnumerateArray().Last();
        Assert.Equal("tom@example.com skipped step 1 of “Shop fails”: look — their page is green", entry.GetProperty("what").GetString());

        var theirs = $"{Guid.Parse(foreign.Split('/')[^1]):N}.1";
        Assert.Contains("There is no such run.", await PressAsync(stranger, link, $"step {step}", "step done", theirs, null), StringComparison.Ordinal);
        Assert.Equal("to do", (await ReadAsync(foreign)).GetProperty("steps")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("https://portal.example.com/partners/x/runbooks/shop-fails", "shop-fails")]
    [InlineData("https://example.com/somewhere/else", null)]
    public async Task A_sender_names_a_runbook_of_ours_or_none(string url, string? runbook)
    {
        using var engineer = await portal.App.SignedInAsync(Role.Engineer);
        var source = await (await engineer.PostAsJsonAsync("/api/v1/alert-sources", new { kind = "alertmanager", partner = _partner }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var alert = new { status = "firing", fingerprint = "f" + _partner, labels = new { alertname = "Down" }, annotations = new { summary = "down", runbook_url = url }, startsAt = "2026-03-02T08:51:00Z" };
        (await _operator.PostAsJsonAsync(new Uri(source.GetProperty("url").GetString()!).AbsolutePath, new { version = "4", alerts = new[] { alert } }, Cancel)).EnsureSuccessStatusCode();
        Assert.Equal(runbook, (await ReadAsync($"/api/v1/alerts?partner={_partner}")).GetProperty("items")[0].GetProperty("runbook").GetString());
    }

    private static async Task<string> PressAsync(HttpClient client, string url, string form, string act, string about, string? text)
    {
        var page = await client.GetStringAsync(url, Cancel);
        var fields = new Dictionary<string, string> { ["__RequestVerificationToken"] = page.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0], ["_handler"] = form, ["act"] = act, ["about"] = about };
        if (text is not null)
        {
            fields["text"] = text;
        }

        return await (await client.PostAsync(url, new FormUrlEncodedContent(fields), Cancel)).Content.ReadAsStringAsync(Cancel);
    }

    private async Task<JsonElement> DeclareAsync()
    {
        var made = await _operator.PostAsJsonAsync("/api/v1/incidents", new { partner = _partner, whatUsersSee = "cannot buy" }, Cancel);
        return await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<JsonElement> ReadAsync(string url) => await _operator.GetFromJsonAsync<JsonElement>(url, Cancel);

    [GeneratedRegex("name=\"about\" value=\"(?<name>[0-9a-f]{32}\\.\\d+)\"")]
    private static partial Regex StepName();
}
