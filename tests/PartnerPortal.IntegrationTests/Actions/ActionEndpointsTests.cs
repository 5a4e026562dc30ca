using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Actions;

public sealed class ActionEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_a_promise_to_its_proof()
    {
        using var client = await ClientAsync("tunes");
        using var made = await client.PostAsJsonAsync("/api/v1/partners/tunes/actions", new { text = "Send the keys", side = "partner", due = "2026-03-01", owner = "ana@example.com" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var action = await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var address = made.Headers.Location!.ToString();
        Assert.Equal(("open", "partner", "2026-03-01", true, "main"), (Text(action, "state"), Text(action, "side"), Text(action, "due"), action.GetProperty("overdue").GetBoolean(), Text(action, "integration")));

        using var unversioned = await client.PatchAsJsonAsync(address, new { due = "2026-04-01" }, Cancel);
        Assert.Equal(HttpStatusCode.PreconditionRequired, unversioned.StatusCode);
        var moved = await PatchAsync(client, address, Text(action, "version")!, new { due = "2026-04-01" });
        Assert.Equal((HttpStatusCode.OK, false), (moved.Status, moved.Body.GetProperty("overdue").GetBoolean()));
        var stale = await PatchAsync(client, address, Text(action, "version")!, new { due = "2026-05-01" });
        Assert.Equal((HttpStatusCode.PreconditionFailed, "2026-04-01"), (stale.Status, Text(stale.Body.GetProperty("current"), "due")));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PostAsJsonAsync($"{address}/done", new { }, Cancel)).StatusCode);
        using var done = await client.PostAsJsonAsync($"{address}/done", new { evidence = "https://example.com/mail/1" }, Cancel);
        Assert.Equal("done", Text(await done.Content.ReadFromJsonAsync<JsonElement>(Cancel), "state"));
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsJsonAsync($"{address}/drop", new { reason = "no" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync($"{address}/reopen", new { }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync($"{address}/drop", new { reason = "no" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_owner_side_day_and_state_and_paged_by_cursor()
    {
        using var client = await ClientAsync("payfast");
        foreach (var (text, due, side) in new[] { ("late", "2026-03-01", "ours"), ("today", "2026-03-02", "ours"), ("soon", "2026-03-09", "partner"), ("later", "2026-03-10", "partner"), ("someday", null, "ours") })
        {
            (await client.PostAsJsonAsync("/api/v1/partners/payfast/actions", new { text, due, side, owner = "li@example.com" }, Cancel)).EnsureSuccessStatusCode();
        }

        Assert.Equal(["late"], await TextsAsync(client, "due=overdue"));
        Assert.Equal(["late", "today", "soon"], await TextsAsync(client, "due=week"));
        Assert.Equal(["late", "today"], await TextsAsync(client, "due=2026-03-02"));
        Assert.Equal(["soon", "later"], await TextsAsync(client, "side=partner&state=open&owner=li@example.com"));
        Assert.Equal(["someday"], await TextsAsync(client, "q=SOMED"));
        Assert.Empty(await TextsAsync(client, "state=done"));

        List<string?> all = [];
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/partners/payfast/actions?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}", Cancel);
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(i => Text(i, "text")));
            cursor = Text(page, "next");
        }
        while (cursor is not null);
        Assert.Equal(["late", "today", "soon", "later", "someday"], all);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.GetAsync("/api/v1/actions?due=soon", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.GetAsync("/api/v1/actions?cursor=x", Cancel)).StatusCode);
        var csv = await client.GetStringAsync("/api/v1/actions/export?partner=payfast&due=overdue", Cancel);
        Assert.Contains(",payfast,main,late,li@example.com,ours,2026-03-01,open,person,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guests_see_no_action_and_viewers_change_none()
    {
        using var client = await ClientAsync("facecheck");
        using var made = await client.PostAsJsonAsync("/api/v1/partners/facecheck/actions", new { text = "Send the keys" }, Cancel);
        var address = made.Headers.Location!.ToString();
        using var guest = await portal.App.SignedInAsync(Role.Guest);
        using var viewer = await portal.App.SignedInAsync(Role.Viewer);

        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync(address, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync("/api/v1/actions", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(address, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync($"{address}/done", new { evidence = "x" }, Cancel)).StatusCode);
    }

    private async Task<HttpClient> ClientAsync(string partner)
    {
        var client = await portal.App.SignedInAsync(Role.Engineer);
        (await client.PostAsJsonAsync("/api/v1/partners", new { name = partner, slug = partner }, Cancel)).EnsureSuccessStatusCode();
        return client;
    }

    private static async Task<List<string?>> TextsAsync(HttpClient client, string query) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/v1/actions?partner=payfast&{query}", Cancel)).GetProperty("items").EnumerateArray().Select(i => Text(i, "text"))];

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PatchAsync(HttpClient client, string address, string version, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, address) { Content = JsonContent.Create(body), Headers = { { "If-Match", $"\"{version}\"" } } };
        using var answer = await client.SendAsync(request, Cancel);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
