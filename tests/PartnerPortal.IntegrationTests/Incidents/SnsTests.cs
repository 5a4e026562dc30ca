using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>What Amazon SNS delivers: believed by its signature, of the source's topic alone.</summary>
public sealed class SnsTests(SnsPortal portal) : IClassFixture<SnsPortal>, IAsyncLifetime
{
    private const string Topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    private const string Alarm = """{"AlarmName":"Errors","AlarmArn":"arn:aws:cloudwatch:eu-west-1:1:alarm:Errors","NewStateValue":"ALARM","NewStateReason":"above 5","StateChangeTime":"2026-03-02T08:51:00.000+0000","Trigger":{"MetricName":"5xx"}}""";
    private HttpClient _engineer = null!;
    private HttpClient _sender = null!;
    private JsonElement _source;
    private string _partner = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engineer = await portal.App.SignedInAsync(Role.Engineer);
        _sender = portal.App.CreateClient();
        _partner = "shop" + Guid.NewGuid().ToString("N")[..10];
        (await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Shop", slug = _partner, stage = "live" }, Cancel)).EnsureSuccessStatusCode();
        _source = await (await _engineer.PostAsJsonAsync("/api/v1/alert-sources", new { kind = "sns", partner = _partner }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_subscription_is_confirmed_by_the_portal_and_alarms_come_and_go()
    {
        var visit = Visit();
        portal.Amazon[visit] = "<ConfirmSubscriptionResponse/>"u8.ToArray();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(portal.Envelope(SnsEnvelope.Subscription, Topic, "You have chosen to subscribe", subscribe: visit))).StatusCode);
        Assert.Equal(1, portal.Asked.Count(a => a == visit));
        var subscription = await SubscriptionAsync();
        Assert.Equal((Topic, JsonValueKind.Null), (subscription.GetProperty("topic").GetString(), subscription.GetProperty("problem").ValueKind));
        Assert.Equal(portal.Database.Clock.GetUtcNow(), subscription.GetProperty("confirmedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(5));

        var alarm = portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, "ALARM: Errors", "1");
        Assert.Equal("accepted", await OutcomeAsync(alarm));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("repeat", await OutcomeAsync(alarm));
        Assert.Equal(("Errors", "firing"), (await AlertsAsync()).Select(a => (a.GetProperty("title").GetString(), a.GetProperty("state").GetString())).Single());
        Assert.Equal(0, await RepeatsAsync());
        Assert.Equal("accepted", await OutcomeAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm.Replace("\"ALARM\"", "\"OK\"", StringComparison.Ordinal), "OK: Errors")));
        Assert.Equal("resolved", (await AlertsAsync()).Single().GetProperty("state").GetString());

        await portal.Database.Clock.MoveAsync(TimeSpan.FromHours(24));
        Assert.Contains("23 hours", await RefusedAsync(alarm, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        _engineer.Dispose();
        _engineer = await portal.App.SignedInAsync(Role.Engineer);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(portal.Envelope(SnsEnvelope.Unsubscribe, Topic, "You have left", subscribe: Visit()))).StatusCode);
        Assert.Contains("ended", (await SubscriptionAsync()).GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_Amazon_s_is_refused_and_kept_and_asks_nobody()
    {
        var asked = portal.Asked.Count;
        foreach (var address in new[]
        {
            "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem", "https://evil.example@sns.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem",
            "http://sns.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com:444/a.pem", "https://sns.eu-west-1.amazonaws.com/a.txt", SnsPortal.Certificate + "?odd", "",
        })
        {
            Assert.Contains("“SigningCertURL” is not", await RefusedAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, certificate: address), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        }

        Assert.Equal(asked, portal.Asked.Count);
        foreach (var (member, value) in new[] { ("Message", Alarm.Replace("ALARM", "OK", StringComparison.Ordinal)), ("TopicArn", Topic + "2"), ("Subject", "added"), ("MessageId", "other"), ("SignatureVersion", "1") })
        {
            var tampered = portal.Envelope(SnsEnvelope.Notification, Topic, Alarm);
            tampered[member] = value;
            Assert.Contains("is not Amazon's", await RefusedAsync(tampered, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        }

        Assert.Contains("must be 1 or 2", await RefusedAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, version: "3"), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Contains("in the future", await RefusedAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, at: portal.Database.Clock.GetUtcNow().AddHours(1)), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Empty(await AlertsAsync());
        Assert.Equal(JsonValueKind.Null, (await SubscriptionAsync()).ValueKind);
        var kept = (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{_source.GetProperty("id").GetString()}/refused", Cancel)).GetProperty("items");
        Assert.Equal(15, kept.GetArrayLength());
    }

    [Theory]
    [InlineData("expired", "expired")]
    [InlineData("other", "is not for SNS")]
    [InlineData("alone", "vouches")]
    [InlineData("none", "no certificate")]
    [InlineData("text", "no certificate")]
    public async Task A_certificate_that_proves_nothing_is_refused(string name, string sentence) => Assert.Contains(
        sentence, await RefusedAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, certificate: SnsPortal.Of(name)), HttpStatusCode.Forbidden), StringComparison.Ordinal);

    [Fact]
    public async Task A_certificate_is_fetched_once_and_judged_each_time()
    {
        var address = SnsPortal.Of("soon");
        portal.PublishShort(address);
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal("accepted", await OutcomeAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, certificate: address)));
        }

        Assert.Equal(1, portal.Asked.Count(a => a == address));
        await portal.Database.Clock.MoveAsync(TimeSpan.FromHours(3));
        Assert.Contains("expired", await RefusedAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, certificate: address), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal("accepted", await OutcomeAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, certificate: SnsPortal.Of("region"))));
        var away = await SendAsync(portal.Envelope(SnsEnvelope.Notification, Topic, Alarm, certificate: SnsPortal.Of("unreachable")));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (away.StatusCode, away.Headers.RetryAfter?.ToString()));
    }

    [Fact]
    public async Task Another_topic_is_refused_and_a_new_secret_begins_anew()
    {
        Assert.Equal("accepted", await OutcomeAsync(portal.Envelope(SnsEnvelope.Notification, Topic, "Disk is full\non db-1")));
        Assert.Equal("Disk is full", (await AlertsAsync()).Single().GetProperty("title").GetString());
        Assert.Contains("belongs to the topic", await RefusedAsync(portal.Envelope(SnsEnvelope.Notification, Topic + "2", Alarm), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        var visit = Visit();
        Assert.Contains("belongs to the topic", await RefusedAsync(portal.Envelope(SnsEnvelope.Subscription, Topic + "2", "x", subscribe: visit), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.DoesNotContain(visit, portal.Asked);
        Assert.Equal(Topic, (await SubscriptionAsync()).GetProperty("topic").GetString());

        _source = await (await _engineer.PostAsync($"/api/v1/alert-sources/{_source.GetProperty("id").GetString()}/rotate", null, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("accepted", await OutcomeAsync(portal.Envelope(SnsEnvelope.Notification, Topic + "2", Alarm)));
        Assert.Equal(Topic + "2", (await SubscriptionAsync()).GetProperty("topic").GetString());
    }

    [Fact]
    public async Task A_confirmation_that_did_not_work_says_why_and_is_tried_again()
    {
        var evil = "https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription";
        Assert.Contains("“SubscribeURL” is not", await RefusedAsync(portal.Envelope(SnsEnvelope.Subscription, Topic, "x", subscribe: evil), HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.DoesNotContain(evil, portal.Asked);

        var visit = Visit();
        var confirmation = portal.Envelope(SnsEnvelope.Subscription, Topic, "x", subscribe: visit);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(confirmation)).StatusCode);
        Assert.Contains("cannot be reached", (await SubscriptionAsync()).GetProperty("problem").GetString(), StringComparison.Ordinal);
        portal.Amazon[visit] = null;
        Assert.Contains("Amazon refused", await RefusedAsync(confirmation, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await SubscriptionAsync()).GetProperty("confirmedAt").ValueKind);
        portal.Amazon[visit] = [];
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(confirmation)).StatusCode);
        Assert.NotEqual(JsonValueKind.Null, (await SubscriptionAsync()).GetProperty("confirmedAt").ValueKind);
    }

    [Fact]
    public async Task Records_of_Lambda_are_believed_one_by_one_and_what_is_raw_is_refused()
    {
        var two = new[] { Alarm, Alarm.Replace("Errors", "Latency", StringComparison.Ordinal) }.Select(m => portal.Envelope(SnsEnvelope.Notification, Topic, m)).ToList();
        foreach (var one in two)
        {
            (one["SigningCertUrl"], one["Subject"]) = ((string?)one["SigningCertURL"], null);
            one.Remove("SigningCertURL");
        }

        var records = new JsonObject { ["Records"] = new JsonArray([.. two.Select(e => new JsonObject { ["EventSource"] = "aws:sns", ["Sns"] = e })]) };
        var answer = await (await SendAsync(records)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("accepted", 2), (answer.GetProperty("status").GetString(), answer.GetProperty("alerts").GetInt32()));
        Assert.Equal("repeat", await OutcomeAsync(records));
        Assert.Equal(2, (await AlertsAsync()).Count);
        two[1]["Message"] = "forged";
        two[0]["MessageId"] = "new";
        portal.Sign(two[0]);
        Assert.Contains("is not Amazon's", await RefusedAsync(records, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal(0, await RepeatsAsync());
        Assert.Contains("raw message delivery", await RefusedAsync(JsonNode.Parse(Alarm)!.AsObject(), HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_first_messages_at_once_are_all_taken()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => SendAsync(portal.Envelope(SnsEnvelope.Notification, Topic, $"Text {n}"))));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(16, (await AlertsAsync()).Count);
    }

    private static string Visit() => $"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={Topic}&Token={Guid.NewGuid():N}";

    private Task<HttpResponseMessage> SendAsync(JsonObject body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_source.GetProperty("url").GetString()!).AbsolutePath) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "text/plain") };
        request.Headers.Add("x-amz-sns-message-type", (string?)body["Type"] ?? "Notification");
        return _sender.SendAsync(request, Cancel);
    }

    private async Task<string?> OutcomeAsync(JsonObject body) => (await (await SendAsync(body)).Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("status").ToString();

    private async Task<string> RefusedAsync(JsonObject body, HttpStatusCode status)
    {
        var refused = await SendAsync(body);
        var text = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(status, refused.StatusCode);
        return text.TryGetProperty("errors", out var errors) ? errors.GetProperty("body")[0].GetString()! : text.GetProperty("detail").GetString()!;
    }

    private Task<int> RepeatsAsync() => portal.Database.AskAsync<int>("SELECT sum(repeats)::int FROM incidents.alerts WHERE source_id = $1", Guid.Parse(_source.GetProperty("id").GetString()!));

    private async Task<JsonElement> SubscriptionAsync() =>
        (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{_source.GetProperty("id").GetString()}", Cancel)).GetProperty("subscription");

    private async Task<IReadOnlyList<JsonElement>> AlertsAsync() =>
        [.. (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?partner={_partner}", Cancel)).GetProperty("items").EnumerateArray()];
}
