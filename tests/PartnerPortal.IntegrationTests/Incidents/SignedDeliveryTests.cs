using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>Signing secrets of alert sources and the limits of intakes, over HTTP.</summary>
public sealed class SignedDeliveryTests(SignedDeliveryTests.SlowPortal portal) : IClassFixture<SignedDeliveryTests.SlowPortal>, IAsyncLifetime
{
    private HttpClient _engineer = null!;
    private HttpClient _sender = null!;
    private string _partner = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engineer = await portal.App.SignedInAsync(Role.Engineer);
        _sender = portal.App.CreateClient();
        _partner = "shop" + Guid.NewGuid().ToString("N")[..10];
        (await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Shop", slug = _partner, stage = "live" }, Cancel)).EnsureSuccessStatusCode();
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
    }

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_a_good_signature_nothing_becomes_an_alert()
    {
        var source = await MakeAsync("generic");
        var secret = await SecretAsync(source);
        Assert.True((await SourceAsync(source)).GetProperty("signaturesRequired").GetBoolean());
        Assert.Contains("Send webhook-id", await RefusedAsync(await SendAsync(source, Body("a"))), StringComparison.Ordinal);
        Assert.Contains("not that of", await RefusedAsync(await SendAsync(source, Body("a"), DeliverySignature.MakeSecret())), StringComparison.Ordinal);
        Assert.Contains("not that of", await RefusedAsync(await SendAsync(source, Body("a") + " ", secret, signedBody: Body("a"))), StringComparison.Ordinal);
        Assert.Contains("5 minutes", await RefusedAsync(await SendAsync(source, Body("a"), secret, off: -301)), StringComparison.Ordinal);
        Assert.Empty(await AlertsAsync());
        var kept = (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{source.GetProperty("id").GetString()}/refused", Cancel)).GetProperty("items");
        Assert.Equal(4, kept.GetArrayLength());

        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Body("a"), secret, id: "msg_1")));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("repeat", await OutcomeAsync(await SendAsync(source, Body("b"), secret, id: "msg_1")));
        Assert.Equal("repeat", await OutcomeAsync(await SendAsync(source, Body("b"), secret, id: "msg_1", key: "another name")));
        Assert.Single(await AlertsAsync());

        (await _engineer.DeleteAsync($"/api/v1/alert-sources/{source.GetProperty("id").GetString()}/signing-secret", Cancel)).EnsureSuccessStatusCode();
        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Body("c"))));
        Assert.Equal(0, await portal.Database.AskAsync<int>("SELECT count(*)::int FROM audit.entries e WHERE to_jsonb(e)::text LIKE '%' || $1 || '%'", secret["whsec_".Length..]));
    }

    [Fact]
    public async Task The_secret_before_works_for_a_day_more()
    {
        var source = await MakeAsync("alertmanager");
        var (one, two) = (await SecretAsync(source), await SecretAsync(source));
        const string Alert = """{"alerts":[{"status":"firing","labels":{"alertname":"Down"}}]}""";
        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Alert, one)));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Alert, two)));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromHours(24));
        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Alert, two)));
        await RefusedAsync(await SendAsync(source, Alert, one));
        _engineer.Dispose();
        _engineer = await portal.App.SignedInAsync(Role.Engineer);
        var three = await SecretAsync(source);
        await RefusedAsync(await SendAsync(source, Alert, one));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Alert, two)));
        Assert.Equal("accepted", await OutcomeAsync(await SendAsync(source, Alert + " ", three)));
    }

    [Fact]
    public async Task Every_way_in_asks_for_the_signature()
    {
        var beat = await MakeAsync("heartbeat");
        var secret = await SecretAsync(beat);
        await RefusedAsync(await _sender.GetAsync(PathOf(beat), Cancel));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(beat, "", secret)).StatusCode);

        var pager = await MakeAsync("pagerduty");
        var body = $$"""{"routing_key":"{{pager.GetProperty("routingKey").GetString()}}","payload":{"summary":"Down","source":"x","severity":"error"},"event_action":"trigger"}""";
        secret = await SecretAsync(pager);
        await RefusedAsync(await SendAsync(pager, body));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(pager, body, secret)).StatusCode);

        var genie = await MakeAsync("opsgenie");
        secret = await SecretAsync(genie);
        _sender.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "GenieKey " + genie.GetProperty("token").GetString());
        await RefusedAsync(await SendAsync(genie, """{"message":"Down"}""", path: "/v2/alerts"));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(genie, """{"message":"Down"}""", secret, path: "/v2/alerts")).StatusCode);

        var amazon = await MakeAsync("sns");
        var refused = await _engineer.PostAsync($"/api/v1/alert-sources/{amazon.GetProperty("id").GetString()}/signing-secret", null, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task A_source_that_posts_too_much_is_told_to_come_again()
    {
        var (source, other) = (await MakeAsync("generic"), await MakeAsync("generic"));
        for (var n = 0; n < 20; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(source, Body($"a{n}"))).StatusCode);
        }

        var refused = await SendAsync(source, Body("late"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.Equal(20, (await AlertsAsync()).Count);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(other, Body("other"))).StatusCode);
        await portal.Database.Clock.MoveAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(source, Body("late"))).StatusCode);
        Assert.Equal(22, (await AlertsAsync()).Count);
    }

    [Fact]
    public async Task Who_guesses_secrets_is_stopped_and_who_knows_one_is_not()
    {
        var source = await MakeAsync("generic");
        for (var n = 0; n < 20; n++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _sender.PostAsync($"/api/v1/intake/generic/{Guid.NewGuid():N}", JsonContent.Create(new { title = "x" }), Cancel)).StatusCode);
        }

        var refused = await _sender.PostAsync($"/api/v1/intake/generic/{Guid.NewGuid():N}", JsonContent.Create(new { title = "x" }), Cancel);
        Assert.Equal((HttpStatusCode.TooManyRequests, "3"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _sender.PostAsJsonAsync("/v2/enqueue", new { routing_key = "guessed", event_action = "trigger" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(source, Body("a"))).StatusCode);
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.NotFound, (await _sender.GetAsync($"/api/v1/intake/heartbeat/{Guid.NewGuid():N}", Cancel)).StatusCode);
    }

    private static string Body(string key) => $$"""{"title":"Queue is full","key":"{{key}}"}""";

    private static string PathOf(JsonElement source) => new Uri(source.GetProperty("url").GetString()!).AbsolutePath;

    private async Task<JsonElement> MakeAsync(string kind)
    {
        var made = await _engineer.PostAsJsonAsync("/api/v1/alert-sources", new { kind, partner = _partner }, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await made.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<string> SecretAsync(JsonElement source)
    {
        var made = await _engineer.PostAsync($"/api/v1/alert-sources/{source.GetProperty("id").GetString()}/signing-secret", null, Cancel);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("signingSecret").GetString()!;
    }

    private Task<JsonElement> SourceAsync(JsonElement source) => _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{source.GetProperty("id").GetString()}", Cancel)!;

    private Task<HttpResponseMessage> SendAsync(JsonElement source, string body, string? secret = null, string? id = null, int off = 0, string? key = null, string? signedBody = null, string? path = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path ?? PathOf(source)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null)
        {
            var (name, at) = (id ?? $"msg_{Guid.NewGuid():N}", portal.Database.Clock.GetUtcNow().AddSeconds(off).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-id", name);
            request.Headers.Add("webhook-timestamp", at);
            request.Headers.Add("webhook-signature", DeliverySignature.Of(secret, name, at, Encoding.UTF8.GetBytes(signedBody ?? body)));
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return _sender.SendAsync(request, Cancel);
    }

    private static async Task<string> RefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("detail").GetString()!;
    }

    private static async Task<string?> OutcomeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("status").ToString();

    private async Task<IReadOnlyList<JsonElement>> AlertsAsync() =>
        [.. (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?partner={_partner}", Cancel)).GetProperty("items").EnumerateArray()];

    /// <summary>Takes two requests a second of a source, and twenty at once.</summary>
    public sealed class SlowPortal(TestServer server) : SharedPortal(server)
    {
        protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["Portal:Incidents:IntakePerSecond"] = "2" };
    }
}
