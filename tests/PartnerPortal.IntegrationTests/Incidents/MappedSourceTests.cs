using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>Senders whose JSON is mapped, and signs of life, over HTTP.</summary>
public sealed class MappedSourceTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
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
    public async Task What_did_not_fit_is_taken_once_the_mapping_is_mended()
    {
        var source = await MakeAsync(new { kind = "generic", partner = _partner });
        var (id, body) = (source.GetProperty("id").GetString(), """{"problem":{"called":"Queue is full","nr":7},"is":"there"}""");
        var refused = await SendAsync(source, body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("finds nothing in this body", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(await AlertsAsync());

        object mapping = new { title = "{$.problem.called}", key = "{$.problem.nr}", state = "{$.is}", resolved = new[] { "gone" } };
        var tried = await _engineer.PostAsJsonAsync($"/api/v1/alert-sources/{id}/try", new { body, mapping }, Cancel);
        Assert.Equal("Queue is full", (await tried.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("signals")[0].GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.PostAsJsonAsync($"/api/v1/alert-sources/{id}/try", new { body, mapping = new { title = "{nowhere}" } }, Cancel)).StatusCode);
        var changed = await _engineer.PatchAsJsonAsync($"/api/v1/alert-sources/{id}", new { mapping }, Cancel);
        Assert.Equal("{$.problem.nr}", (await changed.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("mapping").GetProperty("key").GetString());

        var kept = (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{id}/refused", Cancel)).GetProperty("items").EnumerateArray().Single();
        (await _engineer.PostAsync($"/api/v1/alert-sources/{id}/refused/{kept.GetProperty("id").GetString()}/replay", null, Cancel)).EnsureSuccessStatusCode();
        Assert.Equal(("Queue is full", "firing"), (await AlertsAsync()).Select(a => (a.GetProperty("title").GetString(), a.GetProperty("state").GetString())).Single());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(source, """{"problem":{"called":"Queue is full","nr":7},"is":"gone"}""")).StatusCode);
        Assert.Equal("resolved", (await AlertsAsync()).Single().GetProperty("state").GetString());
        Assert.Contains("cloudwatch", (await _engineer.GetFromJsonAsync<JsonElement>("/api/v1/alert-sources/mappings", Cancel)).EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public async Task Opsgenie_s_senders_change_only_the_host()
    {
        var source = await MakeAsync(new { kind = "opsgenie", partner = _partner });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GenieAsync("/v2/alerts", """{"message":"Down"}""", "nothing")).StatusCode);
        var token = source.GetProperty("token").GetString()!;
        var refused = await GenieAsync("/v2/alerts", """{"alias":"a b"}""", token);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "“message” is missing or is not a text."), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("message").GetString()));
        var accepted = await GenieAsync("/v2/alerts", """{"message":"Down","alias":"a b","priority":"P1"}""", token);
        Assert.Equal((HttpStatusCode.Accepted, "Request will be processed"), (accepted.StatusCode, (await accepted.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("result").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, (await GenieAsync("/v2/alerts/a%20b/close?identifierType=alias", "{}", token)).StatusCode);
        Assert.Equal(("Down", "resolved"), (await AlertsAsync()).Select(a => (a.GetProperty("title").GetString(), a.GetProperty("state").GetString())).Single());
    }

    [Fact]
    public async Task Slack_s_clients_get_Slack_s_answer()
    {
        var source = await MakeAsync(new { kind = "slack", partner = _partner });
        Assert.Equal("ok", await (await SendAsync(source, """{"attachments":[{"title":"[FIRING:1] Down","color":"danger"}]}""")).Content.ReadAsStringAsync(Cancel));
        await SendAsync(source, """{"attachments":[{"title":"[RESOLVED] Down","color":"good"}]}""");
        Assert.Equal(("Down", "resolved"), (await AlertsAsync()).Select(a => (a.GetProperty("title").GetString(), a.GetProperty("state").GetString())).Single());
    }

    [Fact]
    public async Task The_silence_of_a_heartbeat_is_raised_once_and_ends_with_the_next_beat()
    {
        var source = await MakeAsync(new { kind = "heartbeat", partner = _partner, silentAfter = "5m" });
        var (heartbeats, path) = (portal.Database.Get<HeartbeatStore>(), new Uri(source.GetProperty("url").GetString()!).AbsolutePath);
        var listening = portal.Database.Clock.GetUtcNow();
        await portal.Database.Clock.MoveAsync(TimeSpan.FromHours(2));
        await heartbeats.RaiseSilentAsync(listening, Cancel);
        Assert.Empty(await AlertsAsync());

        Assert.Equal("""{"status":"heard","silentAfter":"5m"}""", await _sender.GetStringAsync(path, Cancel));
        var beat = portal.Database.Clock.GetUtcNow();
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(6));
        await heartbeats.RaiseSilentAsync(portal.Database.Clock.GetUtcNow().AddMinutes(-4), Cancel);
        Assert.Empty(await AlertsAsync());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => heartbeats.RaiseSilentAsync(listening, Cancel)));
        var alert = (await AlertsAsync()).Single();
        Assert.Equal("Heartbeat is silent", alert.GetProperty("title").GetString());
        Assert.Equal(beat.AddMinutes(5), alert.GetProperty("startedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.Contains("every 5 min at least", alert.GetProperty("summary").GetString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await _sender.PostAsync(path, null, Cancel)).StatusCode);
        Assert.Equal("resolved", (await AlertsAsync()).Single().GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await _sender.GetAsync(path + "0", Cancel)).StatusCode);
        await _engineer.DeleteAsync($"/api/v1/alert-sources/{source.GetProperty("id").GetString()}", Cancel);
        await portal.Database.Clock.MoveAsync(TimeSpan.FromHours(1));
        await heartbeats.RaiseSilentAsync(listening, Cancel);
        Assert.Single(await AlertsAsync());
    }

    private async Task<JsonElement> MakeAsync(object draft)
    {
        var made = await _engineer.PostAsJsonAsync("/api/v1/alert-sources", draft, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private Task<HttpResponseMessage> SendAsync(JsonElement source, string body) =>
        _sender.PostAsync(new Uri(source.GetProperty("url").GetString()!).AbsolutePath, new StringContent(body, Encoding.UTF8, "application/json"), Cancel);

    private Task<HttpResponseMessage> GenieAsync(string path, string body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "GenieKey " + key);
        return _sender.SendAsync(request, Cancel);
    }

    private async Task<IReadOnlyList<JsonElement>> AlertsAsync() =>
        [.. (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?partner={_partner}", Cancel)).GetProperty("items").EnumerateArray()];
}
