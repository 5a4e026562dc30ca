using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class TargetEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_two_figures_that_do_not_fit_to_a_target_that_is_met()
    {
        using var client = await portal.App.SignedInAsync(Role.Engineer);
        (await client.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes", slug = "tunes", owner = "ana@example.com" }, Cancel)).EnsureSuccessStatusCode();
        using var made = await client.PostAsJsonAsync(
            "/api/v1/partners/tunes/targets", new { subject = "Calls per second at peak", comparator = "<=", unit = "calls/s", boundSide = "ours", ours = 120, theirs = 50 }, Cancel);
        Assert.Equal((HttpStatusCode.Created, "/api/v1/partners/tunes/targets/calls-per-second-at-peak"), (made.StatusCode, made.Headers.Location?.ToString()));
        var target = await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("≤", "no data yet", "We plan 120 calls/s, they accept at most 50 calls/s."), (Text(target, "comparator"), Text(target, "state"), Text(target, "mismatch")));
        var actions = await client.GetFromJsonAsync<JsonElement>("/api/v1/actions?partner=tunes&state=open", Cancel);
        Assert.Equal("mismatch", actions.GetProperty("items")[0].GetProperty("source").GetProperty("kind").GetString());

        using var unversioned = await client.PatchAsJsonAsync("/api/v1/partners/tunes/targets/calls-per-second-at-peak", new { ours = 40 }, Cancel);
        Assert.Equal(HttpStatusCode.PreconditionRequired, unversioned.StatusCode);
        var mended = await PatchAsync(client, Text(target, "version")!, new { ours = 40 });
        Assert.Equal(JsonValueKind.Null, mended.Body.GetProperty("mismatch").ValueKind);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PatchAsync(client, Text(target, "version")!, new { ours = 30 })).Status);
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/v1/actions?partner=tunes&state=open", Cancel)).GetProperty("items").EnumerateArray());

        using var bad = await client.PostAsJsonAsync("/api/v1/partners/tunes/targets/calls-per-second-at-peak/observations", new { value = 30 }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        using var proved = await client.PostAsJsonAsync("/api/v1/partners/tunes/targets/calls-per-second-at-peak/observations", new { value = 30, evidence = "load test of May" }, Cancel);
        Assert.Equal(HttpStatusCode.Created, proved.StatusCode);
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/partners/tunes/targets?state=met", Cancel);
        Assert.Equal("load test of May", list.GetProperty("items")[0].GetProperty("observation").GetProperty("evidence").GetString());

        using var viewer = await portal.App.SignedInAsync(Role.Viewer);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync("/api/v1/partners/tunes/targets/calls-per-second-at-peak", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/v1/partners/tunes/targets/calls-per-second-at-peak", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync("/api/v1/partners/tunes/targets/calls-per-second-at-peak", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_waiver_that_somebody_else_approved_frees_from_a_target_and_its_mismatch()
    {
        const string target = "/api/v1/partners/waiving/targets/calls-per-second-at-peak";
        using var engineer = await portal.App.SignedInAsync(Role.Engineer);
        using var asking = await portal.App.SignedInAsync(Role.Manager, "mia");
        using var manager = await portal.App.SignedInAsync(Role.Manager);
        (await engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Waiving", slug = "waiving" }, Cancel)).EnsureSuccessStatusCode();
        (await engineer.PostAsJsonAsync("/api/v1/partners/waiving/targets", new { subject = "Calls per second at peak", comparator = "<=", unit = "calls/s", boundSide = "ours", ours = 120, theirs = 50 }, Cancel)).EnsureSuccessStatusCode();
        var review = Text(await (await engineer.PostAsJsonAsync("/api/v1/partners/waiving/reviews", new { template = "initial-technical-review" }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel), "id");
        var until = portal.Database.Clock.GetUtcNow().AddDays(10).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(HttpStatusCode.NotFound, (await manager.PostAsync(target + "/waiver/approve", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await asking.PostAsJsonAsync(target + "/waiver", new { reason = "" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await asking.PostAsJsonAsync(target + "/waiver", new { reason = "Their new cluster comes in May.", until }, Cancel)).StatusCode);
        Assert.Equal("no data yet", Text(await ReadAsync(target), "state"));
        Assert.Equal(HttpStatusCode.Forbidden, (await engineer.PostAsync(target + "/waiver/approve", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await asking.PostAsync(target + "/waiver/approve", null, Cancel)).StatusCode);
        Assert.NotEmpty(await MismatchesAsync());

        Assert.Equal(HttpStatusCode.OK, (await manager.PostAsync(target + "/waiver/approve", null, Cancel)).StatusCode);

        var waived = await ReadAsync(target);
        Assert.Equal(("waived", "approved", "mia@example.com"), (Text(waived, "state"), Text(waived.GetProperty("waiver"), "state"), Text(waived.GetProperty("waiver"), "requestedBy")));
        Assert.Empty(await MismatchesAsync());

        await portal.Database.Clock.MoveAsync(TimeSpan.FromDays(11));
        Assert.NotEmpty(await MismatchesAsync());

        async Task<JsonElement> ReadAsync(string path) => await engineer.GetFromJsonAsync<JsonElement>(path, Cancel);

        async Task<IReadOnlyDictionary<string, string>> MismatchesAsync() =>
            (await portal.Database.Get<PartnerPortal.Data.Reviews.ReviewStore>().GetAsync(Guid.Parse(review!), PartnerPortal.TestKit.TestDatabase.Ana, Cancel)).Mismatches;
    }

    [Fact]
    public async Task A_field_that_cannot_be_accepted_is_named()
    {
        using var client = await portal.App.SignedInAsync(Role.Engineer);
        (await client.PostAsJsonAsync("/api/v1/partners", new { name = "Payfast", slug = "payfast" }, Cancel)).EnsureSuccessStatusCode();
        using var answer = await client.PostAsJsonAsync("/api/v1/partners/payfast/targets", new { comparator = "about", query = "rate(calls[5m]" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(["comparator", "query", "subject"], (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/partners/nobody/targets", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.GetAsync("/api/v1/partners/payfast/targets?state=green", Cancel)).StatusCode);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PatchAsync(HttpClient client, string version, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/partners/tunes/targets/calls-per-second-at-peak") { Content = JsonContent.Create(body), Headers = { { "If-Match", $"\"{version}\"" } } };
        using var answer = await client.SendAsync(request, Cancel);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
