using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Escalation;

public sealed class ScheduleTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private readonly string _slug = "ops" + Guid.NewGuid().ToString("N")[..10];
    private HttpClient _operator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _operator = await _app.SignedInAsync(Role.Operator);

    public ValueTask DisposeAsync()
    {
        _operator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Saved_as_the_contract_spells_it_and_asked_on_the_day_on_which_the_clock_is_put_forward()
    {
        var put = await PutAsync("""{"timeZone":"Europe/Berlin","layers":[{"rotation":"weekly","every":1,"handover":"2026-01-05T09:00","people":["ana@example.com","li@example.com"]}]}""");
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var onCall = await GetAsync("/on-call?at=2026-03-29T01:30:00Z");
        Assert.Equal(["li@example.com"], onCall.GetProperty("people").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal("2026-03-30T07:00:00+00:00", onCall.GetProperty("until").GetString());
        var shifts = (await GetAsync("/shifts?from=2026-03-02T09:00:00Z&to=2026-03-20T09:00:00Z")).GetProperty("items");
        Assert.Equal(["ana@example.com", "li@example.com", "ana@example.com"], shifts.EnumerateArray().Select(s => s.GetProperty("people")[0].GetString()));
        Assert.Equal(0, (await GetAsync("/gaps")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_policy_that_calls_a_schedule_reaches_whoever_is_on_call_and_keeps_it_from_being_removed()
    {
        await PutAsync("""{"timeZone":"Europe/Berlin","layers":[{"rotation":"daily","handover":"2026-01-05T09:00","people":["ana@example.com",""]}]}""");
        var policy = await _operator.PutAsJsonAsync($"/api/v1/escalation-policies/{_slug}", new { steps = new[] { new { delay = "0s", targets = new[] { new { schedule = _slug } } } } }, Cancel);
        Assert.Equal(HttpStatusCode.Created, policy.StatusCode);
        Assert.Equal($$"""[{"delay":"0s","targets":[{"schedule":"{{_slug}}"}]}]""", (await policy.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("steps").GetRawText());
        var who = await WhoAsync("2026-03-02T09:00:00Z");
        Assert.Equal("ana@example.com", who.GetProperty("people")[0].GetProperty("key").GetString());
        Assert.Contains($"on call in {_slug}", who.GetProperty("people")[0].GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
        var nobody = await WhoAsync("2026-03-03T09:00:00Z");
        Assert.Equal(0, nobody.GetProperty("people").GetArrayLength());
        Assert.Contains("Nobody is on call in", nobody.GetProperty("gaps")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await _operator.DeleteAsync($"/api/v1/schedules/{_slug}", Cancel)).StatusCode);
        var unknown = await _operator.PutAsJsonAsync("/api/v1/escalation-policies/odd-one", new { steps = new[] { new { delay = "0s", targets = new[] { new { schedule = "nowhere" } } } } }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
    }

    [Fact]
    public async Task Overrides_that_clash_are_refused_and_own_shifts_may_be_changed_by_whoever_responds()
    {
        await PutAsync("""{"timeZone":"Europe/Berlin","layers":[{"handover":"2026-01-05T09:00","people":["ana@example.com"]}]}""");
        var body = new { kind = "replace", from = "2027-03-02T10:00:00Z", to = "2027-03-02T12:00:00Z", @out = "ana@example.com", @in = "operator@example.com" };
        var made = await _operator.PostAsJsonAsync($"/api/v1/schedules/{_slug}/overrides", body, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("operator@example.com", (await GetAsync("/on-call?at=2027-03-02T11:00:00Z")).GetProperty("people")[0].GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await _operator.PostAsJsonAsync($"/api/v1/schedules/{_slug}/overrides", body, Cancel)).StatusCode);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await _operator.DeleteAsync($"/api/v1/schedules/{_slug}/overrides/{id}", Cancel)).StatusCode);
        Assert.Equal("ana@example.com", (await GetAsync("/on-call?at=2027-03-02T11:00:00Z")).GetProperty("people")[0].GetString());
    }

    [Fact]
    public async Task The_past_is_what_it_was_whatever_is_edited_later()
    {
        var store = portal.Database.Get<ScheduleStore>();
        await PutAsync("""{"timeZone":"Europe/Berlin","layers":[{"rotation":"daily","handover":"2026-01-05T09:00","people":["ana@example.com","li@example.com"]}]}""");
        var began = portal.Database.Clock.GetUtcNow();
        await portal.Database.Clock.MoveAsync(TimeSpan.FromDays(2));
        await store.RecordAsync(Cancel);
        await portal.Database.Clock.MoveAsync(TimeSpan.FromDays(1));
        var before = await store.ShiftsAsync(_slug, began, began.AddDays(3), Cancel);
        // Three days later the first sign-in has ended.
        _operator.Dispose();
        _operator = await _app.SignedInAsync(Role.Operator);
        (await PutAsync("""{"layers":[{"rotation":"daily","handover":"2026-01-05T09:00","people":["bo@example.com"]}]}""")).EnsureSuccessStatusCode();
        await portal.Database.Clock.MoveAsync(TimeSpan.FromHours(1));

        Assert.Equal(before.Select(s => s.People[0]), (await store.ShiftsAsync(_slug, began, began.AddDays(3), Cancel)).Select(s => s.People[0]));
        Assert.DoesNotContain("bo@example.com", (await store.OnCallAsync(_slug, began.AddHours(1), Cancel)).People);
        Assert.Equal(["bo@example.com"], (await store.OnCallAsync(_slug, portal.Database.Clock.GetUtcNow(), Cancel)).People);
    }

    [Fact]
    public async Task A_stale_version_is_refused()
    {
        var put = await PutAsync("""{"layers":[{"handover":"2026-01-05T09:00","people":["ana@example.com"]}]}""");
        var stale = put.Headers.ETag!;
        await PutAsync("""{"name":"Operations"}""");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/schedules/{_slug}") { Content = JsonContent.Create(new { name = "Mine" }) };
        request.Headers.IfMatch.Add(stale);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _operator.SendAsync(request, Cancel)).StatusCode);
    }

    private Task<HttpResponseMessage> PutAsync(string body) =>
        _operator.PutAsync($"/api/v1/schedules/{_slug}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);

    private async Task<JsonElement> GetAsync(string path) => await _operator.GetFromJsonAsync<JsonElement>($"/api/v1/schedules/{_slug}{path}", Cancel);

    private async Task<JsonElement> WhoAsync(string at) => await _operator.GetFromJsonAsync<JsonElement>($"/api/v1/escalation-policies/{_slug}/who?at={at}", Cancel);
}
