using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>From a sender's post to an incident, over HTTP.</summary>
public sealed class IntakeTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private HttpClient _engineer = null!;
    private HttpClient _sender = null!;
    private string _partner = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engineer = await _app.SignedInAsync(Role.Engineer);
        _sender = _app.CreateClient();
        _partner = "shop" + Guid.NewGuid().ToString("N")[..10];
        (await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Shop", slug = _partner, stage = "live" }, Cancel)).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Firing_repeat_and_resolved_of_Alertmanager_are_one_alert_and_one_incident()
    {
        var source = await MakeAsync("alertmanager");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(source, Alertmanager("firing", "a", "10"))).StatusCode);
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        await PostAsync(source, Alertmanager("firing", "a", "12"));
        var alert = (await AlertsAsync()).Single();
        Assert.Equal(("Down", "firing", "errors at 12"), (alert.GetProperty("title").GetString(), alert.GetProperty("state").GetString(), alert.GetProperty("summary").GetString()));
        await SettleAsync();
        var incident = (await IncidentsAsync()).Single();
        Assert.Equal(("open", "page", "2026-03-02T08:51:00+00:00"), (incident.GetProperty("state").GetString(), incident.GetProperty("urgency").GetString(), incident.GetProperty("startedAt").GetString()));

        await PostAsync(source, Alertmanager("resolved", "a", "0"));
        await SettleAsync();
        Assert.Equal("resolved", (await IncidentsAsync()).Single().GetProperty("state").GetString());
        Assert.Equal("resolved", (await AlertsAsync()).Single().GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_same_body_within_a_minute_and_the_same_key_at_any_time_change_nothing()
    {
        var source = await MakeAsync("alertmanager");
        var body = Alertmanager("firing", "a", "10");
        Assert.Equal("accepted", await OutcomeAsync(source, body));
        Assert.Equal("repeat", await OutcomeAsync(source, body));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromSeconds(61));
        Assert.Equal("accepted", await OutcomeAsync(source, body));
        Assert.Equal("accepted", await OutcomeAsync(source, Alertmanager("firing", "b", "1"), "key-1"));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("repeat", await OutcomeAsync(source, Alertmanager("firing", "b", "2"), "key-1"));
        Assert.Equal(1, await portal.Database.AskAsync<int>("SELECT repeats FROM incidents.alerts WHERE title = 'Down' AND dedup_key = 'a' AND source_id = $1", Guid.Parse(source.GetProperty("id").GetString()!)));
    }

    [Fact]
    public async Task Over_and_back_in_one_delivery_is_an_old_alert_and_a_new_one()
    {
        var source = await MakeAsync("alertmanager");
        await PostAsync(source, Alertmanager("firing", "a", "1"));
        var both = Alertmanager("resolved", "a", "0")[..^2] + "," + Alertmanager("firing", "a", "9").Split("\"alerts\":[")[1];
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(source, both)).StatusCode);
        Assert.Equal(["firing", "resolved"], (await AlertsAsync()).Select(a => a.GetProperty("state").GetString()).Order());
    }

    [Fact]
    public async Task Many_at_once_with_one_key_are_one_alert()
    {
        var source = await MakeAsync("alertmanager");
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => PostAsync(source, Alertmanager("firing", "same", n.ToString(System.Globalization.CultureInfo.InvariantCulture)))));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Single(await AlertsAsync());
        Assert.Equal(23, await portal.Database.AskAsync<int>("SELECT repeats FROM incidents.alerts WHERE source_id = $1", Guid.Parse(source.GetProperty("id").GetString()!)));
    }

    [Fact]
    public async Task Of_many_at_once_a_repeat_is_known()
    {
        var source = await MakeAsync("alertmanager");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => OutcomeAsync(source, Alertmanager("firing", $"key{n / 2}", "1"), $"name {n / 2}")));
        Assert.Equal((20, 20), (answers.Count(a => a == "accepted"), answers.Count(a => a == "repeat")));
        Assert.Equal(20, (await AlertsAsync()).Count);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_the_reason_kept_without_its_secrets_and_can_be_taken_later()
    {
        var source = await MakeAsync("alertmanager");
        var refused = await PostAsync(source, """{"version":"4","api_key":"hush","alerts":[{"status":"odd","labels":{"alertname":"Down"}}]}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("“alerts[0].status” is “odd”", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        var id = source.GetProperty("id").GetString();
        var kept = (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{id}/refused", Cancel)).GetProperty("items")[0];
        Assert.DoesNotContain("hush", kept.GetProperty("body").GetString(), StringComparison.Ordinal);
        var replay = $"/api/v1/alert-sources/{id}/refused/{kept.GetProperty("id").GetString()}/replay";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.PostAsync(replay, null, Cancel)).StatusCode);
        await portal.Database.RunAsync("UPDATE incidents.deliveries SET body = replace(body, 'odd', 'firing') WHERE source_id = $1", Guid.Parse(id!));
        Assert.Equal(HttpStatusCode.OK, (await _engineer.PostAsync(replay, null, Cancel)).StatusCode);
        Assert.Single(await AlertsAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await _engineer.PostAsync(replay, null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task PagerDutys_senders_change_only_the_host()
    {
        var source = await MakeAsync("pagerduty");
        var key = source.GetProperty("routingKey").GetString()!;
        Assert.EndsWith("/v2/enqueue", source.GetProperty("url").GetString(), StringComparison.Ordinal);
        var sent = await EnqueueAsync(new { routing_key = key, event_action = "trigger", dedup_key = "db", payload = new { summary = "Database full", source = "monitor", severity = "critical" } });
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var answer = await sent.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("success", "db"), (answer.GetProperty("status").GetString(), answer.GetProperty("dedup_key").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, (await EnqueueAsync(new { routing_key = key, event_action = "acknowledge", dedup_key = "db" })).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await EnqueueAsync(new { routing_key = key, event_action = "resolve", dedup_key = "unknown" })).StatusCode);
        Assert.Equal("firing", (await AlertsAsync()).Single().GetProperty("state").GetString());
        await EnqueueAsync(new { routing_key = key, event_action = "resolve", dedup_key = "db" });
        Assert.Equal("resolved", (await AlertsAsync()).Single().GetProperty("state").GetString());

        foreach (var bad in new object[] { new { routing_key = "0123", event_action = "resolve", dedup_key = "db" }, new { routing_key = key, event_action = "odd" }, new { } })
        {
            var refused = await EnqueueAsync(bad);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("invalid event", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Opsgenies_senders_create_and_close()
    {
        var source = await MakeAsync("opsgenie");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(source, """{"message":"Down","alias":"a b","priority":"P1"}""", path: "/v2/alerts")).StatusCode);
        Assert.Equal("firing", (await AlertsAsync()).Single().GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(source, "{}", path: "/v2/alerts/a%20b/close?identifierType=alias")).StatusCode);
        Assert.Equal("resolved", (await AlertsAsync()).Single().GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_secret_that_is_unknown_old_or_of_another_kind_opens_nothing()
    {
        var source = await MakeAsync("alertmanager");
        var (token, id) = (source.GetProperty("token").GetString(), source.GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("/api/v1/intake/alertmanager/0123", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync($"/api/v1/intake/grafana/{token}", Alertmanager("firing", "a", "1"))).StatusCode);
        var rotated = await (await _engineer.PostAsync($"/api/v1/alert-sources/{id}/rotate", null, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync($"/api/v1/intake/alertmanager/{token}", Alertmanager("firing", "a", "1"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync($"/api/v1/intake/alertmanager/{rotated.GetProperty("token").GetString()}", Alertmanager("firing", "a", "1"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _engineer.DeleteAsync($"/api/v1/alert-sources/{id}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync($"/api/v1/intake/alertmanager/{rotated.GetProperty("token").GetString()}", Alertmanager("firing", "a", "2"))).StatusCode);
        Assert.DoesNotContain(token!, await (await _engineer.GetAsync("/api/v1/alert-sources", Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trying_shows_the_alerts_and_stores_nothing_and_bad_fields_get_sentences()
    {
        var source = await MakeAsync("alertmanager");
        var tried = await _engineer.PostAsJsonAsync($"/api/v1/alert-sources/{source.GetProperty("id").GetString()}/try", new { body = Alertmanager("firing", "a", "1") }, Cancel);
        Assert.Equal("Down", (await tried.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("signals")[0].GetProperty("title").GetString());
        Assert.Empty(await AlertsAsync());
        var bad = await _engineer.PostAsJsonAsync("/api/v1/alert-sources", new { kind = "odd", partner = _partner }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        Assert.Contains("alertmanager, grafana, pagerduty, opsgenie", await bad.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(source, new string(' ', 5 * 1024 * 1024))).StatusCode);
    }

    [Fact]
    public async Task A_signed_link_opens_the_incident_without_signing_in_and_its_button_acknowledges()
    {
        var source = await MakeAsync("alertmanager");
        await PostAsync(source, Alertmanager("firing", "a", "10"));
        await SettleAsync();
        var id = Guid.Parse((await IncidentsAsync()).Single().GetProperty("id").GetString()!);
        var link = $"/i/{portal.Database.Get<IncidentLinks>().Make(id, "tom@example.com", portal.Database.Clock.GetUtcNow().AddHours(1))}";

        var page = await (await _sender.GetAsync(link, Cancel)).Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Acknowledge", page, StringComparison.Ordinal);
        Assert.Equal("open", (await IncidentsAsync()).Single().GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await _sender.GetAsync(link[..^2] + "AA", Cancel)).StatusCode);
        Assert.True(Encoding.UTF8.GetByteCount(page) < 60 * 1024);

        var (token, handler) = (Between(page, "name=\"__RequestVerificationToken\" value=\"", "\""), Between(page, "name=\"_handler\" value=\"", "\""));
        var pressed = await _sender.PostAsync(link, new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["_handler"] = handler, ["act"] = "acknowledge" }), Cancel);
        Assert.True(pressed.StatusCode is HttpStatusCode.OK or HttpStatusCode.Found or HttpStatusCode.SeeOther, pressed.StatusCode.ToString());
        Assert.Equal("tom@example.com", (await IncidentsAsync()).Single().GetProperty("acknowledgedBy").GetString());
    }

    [Fact]
    public async Task A_key_that_is_pressed_during_a_call_takes_the_incident_once()
    {
        var source = await MakeAsync("alertmanager");
        await PostAsync(source, Alertmanager("firing", "a", "10"));
        await SettleAsync();
        var id = Guid.Parse((await IncidentsAsync()).Single().GetProperty("id").GetString()!);
        string Keypad(string who) => $"/i/{portal.Database.Get<IncidentLinks>().Make(id, who, portal.Database.Clock.GetUtcNow().AddHours(1))}/keypad";

        Assert.Contains("Nobody took the incident", await PressAsync(Keypad("tom@example.com"), "9"), StringComparison.Ordinal);
        Assert.Equal("open", (await IncidentsAsync()).Single().GetProperty("state").GetString());
        Assert.Equal("<Response><Say>You have it. Open the message that was sent to you for everything else.</Say></Response>", await PressAsync(Keypad("tom@example.com"), "1"));
        Assert.Equal("tom@example.com", (await IncidentsAsync()).Single().GetProperty("acknowledgedBy").GetString());
        Assert.Contains("tom@example.com already has it", await PressAsync(Keypad("li@example.com"), "1"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _sender.PostAsync("/i/" + new string('A', 80) + "/keypad", Digits("1"), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _sender.PostAsync(Keypad("tom@example.com"), new StringContent("{}"), Cancel)).StatusCode);
    }

    private static FormUrlEncodedContent Digits(string key) => new(new Dictionary<string, string> { ["Digits"] = key, ["CallSid"] = "CA1" });

    private async Task<string> PressAsync(string keypad, string key)
    {
        var answer = await _sender.PostAsync(keypad, Digits(key), Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/xml"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    private static string Between(string text, string before, string after) => text.Split(before)[1].Split(after)[0];

    private static string Alertmanager(string status, string fingerprint, string errors) =>
        $$"""{"version":"4","alerts":[{"status":"{{status}}","fingerprint":"{{fingerprint}}","labels":{"alertname":"Down","severity":"critical"},"annotations":{"summary":"errors at {{errors}}"},"startsAt":"2026-03-02T08:51:00Z","endsAt":"0001-01-01T00:00:00Z"}]}""";

    private async Task<JsonElement> MakeAsync(string kind)
    {
        var made = await _engineer.PostAsJsonAsync("/api/v1/alert-sources", new { kind, partner = _partner }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private Task<HttpResponseMessage> PostAsync(JsonElement source, string body, string? key = null, string path = "") =>
        SendAsync(new Uri(source.GetProperty("url").GetString()!).AbsolutePath + path, body, key);

    private async Task<string?> OutcomeAsync(JsonElement source, string body, string? key = null) =>
        (await (await PostAsync(source, body, key)).Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("status").GetString();

    private Task<HttpResponseMessage> SendAsync(string path, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return _sender.SendAsync(request, Cancel);
    }

    private Task<HttpResponseMessage> EnqueueAsync(object body) => _sender.PostAsJsonAsync("/v2/enqueue", body, Cancel);

    private async Task<IReadOnlyList<JsonElement>> AlertsAsync() => await ItemsAsync($"/api/v1/alerts?partner={_partner}");

    private async Task<IReadOnlyList<JsonElement>> IncidentsAsync() => await ItemsAsync($"/api/v1/incidents?partner={_partner}");

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path) => [.. (await _engineer.GetFromJsonAsync<JsonElement>(path, Cancel)).GetProperty("items").EnumerateArray()];

    private Task SettleAsync() => portal.SettleAsync(Cancel);
}
