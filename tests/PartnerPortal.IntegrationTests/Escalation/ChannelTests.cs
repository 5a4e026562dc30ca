using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Engine.Escalation;
using PartnerPortal.Engine.Escalation.Senders;
using PartnerPortal.IntegrationTests.Incidents;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Escalation;

/// <summary>Pages take the channels that people and companies entered; each way is spoken as its documentation says, to a stand-in of its service.</summary>
public sealed class ChannelTests : IncidentScene, IClassFixture<TestDatabase>, IDisposable
{
    private readonly RecordingHttp _there = new();
    private readonly GuardedHttpClient _client;
    private readonly HttpHandOver _http;
    private readonly TwilioOptions _twilio;

    public ChannelTests(TestDatabase database)
        : base(database)
    {
        _client = new(AllowedList.Parse("127.0.0.1/32"));
        _http = new(_client);
        _twilio = new(new($"http://{_there.Authority}/"), "AC123", "secret", "+14155550100");
    }

    private ChannelStore Channels => Database.Get<ChannelStore>();

    private ServiceStore Services => Database.Get<ServiceStore>();

    private ServiceReports Reports => new(List, Incidents);

    public void Dispose()
    {
        _there.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task A_page_takes_the_persons_channels_in_order_and_the_resolved_follows_the_same_ways()
    {
        var who = Person("order");
        await Channels.AddAsync(new("ntfy", $"http://{_there.Authority}/ana", "tk_1"), who, Cancel);
        var later = (await Channels.AddAsync(new("sms", "+46 70 123 45 67", After: "5m"), who, Cancel)).Channel;
        var incident = await DeclareAsync();
        await Incidents.AddResponderAsync(incident.Id, who.Name, Ana, Cancel);

        await SendAsync(new NtfySender(_http));
        await SendAsync(new SmsSender(_http, _twilio));
        var push = JsonDocument.Parse(Assert.Single(_there.Calls).Body).RootElement;
        Assert.Equal(("ana", "Bearer tk_1"), (push.GetProperty("topic").GetString(), _there.Calls[0].Headers["Authorization"]));
        Assert.Contains("Nobody can buy", push.GetProperty("title").GetString(), StringComparison.Ordinal);

        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
        await SendAsync(new SmsSender(_http, _twilio));
        var text = _there.Calls[1];
        Assert.Equal("/2010-04-01/Accounts/AC123/Messages.json", text.Path);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("AC123:secret")), text.Headers["Authorization"]);
        Assert.Contains("To=%2B46701234567&From=%2B14155550100&Body=", text.Body, StringComparison.Ordinal);

        await Incidents.ResolveAsync(incident.Id, null, Ana, Cancel);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(3));
        await SendAsync(new NtfySender(_http));
        await SendAsync(new SmsSender(_http, _twilio));
        Assert.Equal(2, _there.Calls.Count(c => c.Body.Contains("is+over", StringComparison.Ordinal) || c.Body.Contains("is over", StringComparison.Ordinal)));
        Assert.Equal("+46701234567", later.Address);
    }

    [Fact]
    public async Task A_voice_reads_the_message_and_what_the_provider_answers_is_the_proof()
    {
        var who = Person("voice");
        _there.Answer = (201, "{\"sid\":\"CA1\",\"status\":\"queued\"}");
        await Channels.AddAsync(new("voice", "+46701234567"), who, Cancel);
        await Channels.TestAsync(null, who, Cancel);
        await SendAsync(new VoiceSender(_http, _twilio));
        var call = Assert.Single(_there.Calls);
        Assert.Equal("/2010-04-01/Accounts/AC123/Calls.json", call.Path);
        Assert.Contains("<Say>Partner Portal. PartnerPortal test:", Uri.UnescapeDataString(call.Body.Replace('+', ' ')), StringComparison.Ordinal);
        Assert.Contains("CA1", (await Channels.MineAsync(who, Cancel))[0].Last!.ProviderId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_about_one_incident_asks_for_a_key_and_one_about_several_does_not()
    {
        Leased Page(int parts, string? link) => new(
            [.. Enumerable.Range(0, parts).Select(_ => new LeasedPart(Guid.NewGuid(), 1))], "k", NotificationKind.Page, ChannelKind.Voice, "+46701234567", null, "Ana",
            new("INC-1 Shop: calls fail", "Calls fail & worse\nhttps://portal.example.com/i/abc", link, "INC-1", Severity.Critical), Guid.NewGuid(), 1, Database.Clock.GetUtcNow(), false);
        async Task<System.Xml.Linq.XElement> CallAsync(Leased page)
        {
            await new VoiceSender(_http, _twilio).SendAsync(page, Cancel);
            return System.Xml.Linq.XElement.Parse(System.Web.HttpUtility.ParseQueryString(_there.Calls[^1].Body)["Twiml"]!);
        }

        var gather = (await CallAsync(Page(1, "https://portal.example.com/i/abc"))).Element("Gather")!;
        Assert.Equal(("dtmf", "POST", "https://portal.example.com/i/abc/keypad"), (gather.Attribute("input")!.Value, gather.Attribute("method")!.Value, gather.Attribute("action")!.Value));
        Assert.Equal("Partner Portal. INC-1 Shop: calls fail. Calls fail & worse. Press 1 to take it.", gather.Element("Say")!.Value);
        Assert.Null((await CallAsync(Page(2, "https://portal.example.com/i/abc"))).Element("Gather"));
        Assert.Null((await CallAsync(Page(1, null))).Element("Gather"));
    }

    [Fact]
    public async Task A_test_is_proven_by_the_figures_of_its_message_with_one_guess()
    {
        var who = Person("proof");
        var slack = (await Channels.AddAsync(new("slack", $"http://{_there.Authority}/services/T0/B0/abcdefghijklmnopqrstuvwx"), who, Cancel)).Channel;
        Assert.Equal($"http://{_there.Authority}/…uvwx", slack.Address);
        await Channels.TestAsync(slack.Id, who, Cancel);
        await Assert.ThrowsAsync<RuleBroken>(() => Channels.TestAsync(slack.Id, who, Cancel));
        await SendAsync(new SlackSender(_http));
        var code = JsonDocument.Parse(Assert.Single(_there.Calls).Body).RootElement.GetProperty("text").GetString()![^4..];

        await Assert.ThrowsAsync<FieldsRefused>(() => Channels.ProveAsync(slack.Id, code == "0000" ? "0001" : "0000", who, Cancel));
        await Assert.ThrowsAsync<FieldsRefused>(() => Channels.ProveAsync(slack.Id, code, who, Cancel));

        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await Channels.TestAsync(slack.Id, who, Cancel);
        await SendAsync(new SlackSender(_http));
        var second = JsonDocument.Parse(_there.Calls[1].Body).RootElement.GetProperty("text").GetString()![^4..];
        Assert.NotNull((await Channels.ProveAsync(slack.Id, second, who, Cancel)).ProvenAt);
        // The address is a secret: it stands nowhere in clear.
        Assert.Equal(0L, await Database.AskAsync<long>("SELECT count(*) FROM escalation.channels c, escalation.notifications n WHERE c::text LIKE '%abcdefghijkl%' OR n::text LIKE '%abcdefghijkl%'"));
    }

    [Fact]
    public async Task Nobody_sees_or_changes_somebody_elses_channels()
    {
        var (who, other) = (Person("mine"), Person("other"));
        var channel = (await Channels.AddAsync(new("mail", "a@example.com"), who, Cancel)).Channel;
        Assert.Empty(await Channels.MineAsync(other, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Channels.RemoveAsync(channel.Id, other, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Channels.TestAsync(channel.Id, other, Cancel));
    }

    [Fact]
    public async Task A_channel_that_fails_three_times_rests_and_a_critical_page_takes_the_next_way_at_once()
    {
        var who = Person("breaker");
        _there.Answer = (500, "out of order");
        await Channels.AddAsync(new("ntfy", $"http://{_there.Authority}/broken"), who, Cancel);
        await Channels.AddAsync(new("slack", $"http://{_there.Authority}/slack", After: "10m"), who, Cancel);
        var module = new NotificationModule(new NtfySender(_http), Database.Get<NotificationStore>(), Database.Clock, NullLogger<NotificationModule>.Instance);
        for (var n = 0; n < 3; n++)
        {
            await Incidents.AddResponderAsync((await DeclareAsync()).Id, who.Name, Ana, Cancel);
            await module.RunAsync(Cancel);
            await Database.Clock.MoveAsync(TimeSpan.FromSeconds(11));
        }

        var before = _there.Calls.Count;
        var incident = await DeclareAsync();
        await Incidents.AddResponderAsync(incident.Id, who.Name, Ana, Cancel);
        await module.RunAsync(Cancel);
        Assert.Equal(before, _there.Calls.Count);
        _there.Answer = (200, "ok");
        await SendAsync(new SlackSender(_http));
        Assert.Contains(_there.Calls, c => c.Path == "/slack");
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        await module.RunAsync(Cancel);
        Assert.Contains(_there.Calls.Skip(before), c => c.Path == "/");
    }

    [Fact]
    public async Task Quiet_hours_and_the_digest_hold_news_but_never_a_page()
    {
        var who = Person("quiet");
        var clock = Database.Clock.GetUtcNow();
        string At(int hours) => clock.AddHours(hours).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await Channels.SaveHabitsAsync(new(At(-2), At(2), null, "Etc/UTC"), who, Cancel);
        var incident = await DeclareAsync();
        await Incidents.AddResponderAsync(incident.Id, who.Name, Ana, Cancel);
        await MarkSentAsync(incident.Id);
        await Incidents.AcknowledgeAsync(incident.Id, Ana, Cancel);
        await Incidents.ResolveAsync(incident.Id, null, Ana, Cancel);
        var mine = (await SheetAsync(incident.Id)).Notifications.Where(n => n.Recipient == who.Name).ToDictionary(n => n.Kind);
        Assert.True(mine[NotificationKind.Page].DueAt <= clock.AddMinutes(1));
        Assert.True(mine[NotificationKind.Acknowledged].DueAt > clock.AddMinutes(100));
        Assert.True(mine[NotificationKind.Resolved].DueAt <= clock.AddMinutes(1));
    }

    [Fact]
    public async Task A_policy_calls_a_PagerDuty_service_and_whoever_takes_it_there_takes_it_here()
    {
        var slug = "pd" + Guid.NewGuid().ToString("N")[..8];
        await Services.SaveAsync(slug, new("pagerduty", $"http://{_there.Authority}", "R0UTING", Name: "Payments on PagerDuty"), Ana, Cancel);
        var shop = await LivePartnerAsync();
        await Database.Get<PolicyStore>().SaveAsync(shop.Policy, new("Night", Steps: [new("0s", [new(Service: slug)]), new("15m", [new(Person: "li@example.com")])], Repeat: 1), null, Ana, Cancel);
        await RaiseAsync(shop, "a", "a");
        await SettleAsync();
        await GoOnAsync();
        await SendAsync(new PagerDutySender(_http, new PortalAddress(null)));
        var incident = Assert.Single(await List.AfterAsync(new(Partner: shop.Slug), null, 10, Ana, Cancel)).Incident;
        var call = Assert.Single(_there.Calls);
        var sent = JsonDocument.Parse(call.Body).RootElement;
        var key = sent.GetProperty("dedup_key").GetString()!;
        Assert.Equal(("/v2/enqueue", "R0UTING", "trigger", $"partnerportal-{incident.Id:N}"), (call.Path, sent.GetProperty("routing_key").GetString(), sent.GetProperty("event_action").GetString(), key));

        var service = await Services.ListeningAsync(await Services.ListenAsync(slug, Ana, Cancel), Cancel);
        var report = """{"event":{"id":"1","event_type":"incident.acknowledged","agent":{"summary":"Bo Lind","type":"user_reference"},"data":{"type":"incident","incident_key":"KEY"}}}""".Replace("KEY", key, StringComparison.Ordinal);
        Assert.Equal("acknowledged", await Reports.TakeAsync(service!, Encoding.UTF8.GetBytes(report), Cancel));
        var sheet = await SheetAsync(incident.Id);
        Assert.Equal((IncidentState.Acknowledged, "Bo Lind (Payments on PagerDuty)"), (sheet.Row.Incident.State, sheet.Row.Incident.AcknowledgedBy));
        Assert.Equal("ignored", await Reports.TakeAsync(service!, Encoding.UTF8.GetBytes(report), Cancel));

        await Incidents.ResolveAsync(incident.Id, null, Ana, Cancel);
        await SendAsync(new PagerDutySender(_http, new PortalAddress(null)));
        Assert.Equal(["acknowledge", "resolve", "trigger"], _there.Calls.Select(c => JsonDocument.Parse(c.Body).RootElement.GetProperty("event_action").GetString()).Order());
        await Assert.ThrowsAsync<RuleBroken>(() => Services.RemoveAsync(slug, Ana, Cancel));
    }

    [Fact]
    public async Task An_Opsgenie_service_gets_create_and_close_and_reports_back()
    {
        var slug = "og" + Guid.NewGuid().ToString("N")[..8];
        await Services.SaveAsync(slug, new("opsgenie", $"http://{_there.Authority}", "key-1", Name: "Ops"), Ana, Cancel);
        var incident = await PagedAsync(slug);
        await SendAsync(new OpsgenieSender(_http));
        var sent = JsonDocument.Parse(_there.Calls[0].Body).RootElement;
        Assert.Equal(("/v2/alerts", "GenieKey key-1", "P1"), (_there.Calls[0].Path, _there.Calls[0].Headers["Authorization"], sent.GetProperty("priority").GetString()));
        var service = await Services.ListeningAsync(await Services.ListenAsync(slug, Ana, Cancel), Cancel);
        var report = """{"action":"Close","alert":{"alias":"ALIAS","username":"bo@example.com"}}""".Replace("ALIAS", sent.GetProperty("alias").GetString(), StringComparison.Ordinal);
        Assert.Equal("resolved", await Reports.TakeAsync(service!, Encoding.UTF8.GetBytes(report), Cancel));
        Assert.Equal(IncidentState.Resolved, (await SheetAsync(incident)).Row.Incident.State);
        await SendAsync(new OpsgenieSender(_http));
        Assert.EndsWith("/close?identifierType=alias", _there.Calls[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_signed_and_Teams_gets_a_card_whose_button_opens_the_incident()
    {
        var (hook, teams) = ("hook" + Guid.NewGuid().ToString("N")[..8], "teams" + Guid.NewGuid().ToString("N")[..8]);
        var made = (await Services.SaveAsync(hook, new("webhook", $"http://{_there.Authority}/hook", Name: "Our tool"), Ana, Cancel)).Entered.Secret!;
        await Services.SaveAsync(teams, new("teams", $"http://{_there.Authority}/teams", Name: "Ops room"), Ana, Cancel);
        await PagedAsync(hook, teams);
        await SendAsync(new WebhookSender(_http, Database.Clock));
        await SendAsync(new TeamsSender(_http));
        var call = _there.Calls.Single(c => c.Path == "/hook");
        var expected = Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(
            Convert.FromBase64String(made["whsec_".Length..]), Encoding.UTF8.GetBytes($"{call.Headers["webhook-id"]}.{call.Headers["webhook-timestamp"]}.{call.Body}")));
        Assert.Equal("v1," + expected, call.Headers["webhook-signature"]);
        var card = JsonDocument.Parse(_there.Calls.Single(c => c.Path == "/teams").Body).RootElement.GetProperty("attachments")[0].GetProperty("content");
        Assert.Contains("Purchases failing", card.GetProperty("body")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_was_removed_is_said_to_be_gone()
    {
        var who = Person("gone");
        var channel = (await Channels.AddAsync(new("ntfy", $"http://{_there.Authority}/t"), who, Cancel)).Channel;
        await Incidents.AddResponderAsync((await DeclareAsync()).Id, who.Name, Ana, Cancel);
        await Channels.RemoveAsync(channel.Id, who, Cancel);
        await SendAsync(new NtfySender(_http));
        Assert.Empty(_there.Calls);
        Assert.Contains("removed", await Database.AskAsync<string>("SELECT problem FROM escalation.notifications WHERE channel_id = $1", channel.Id), StringComparison.Ordinal);
    }

    private async Task<Guid> PagedAsync(params string[] services)
    {
        var shop = await LivePartnerAsync();
        await Database.Get<PolicyStore>().SaveAsync(shop.Policy, new("Night", Steps: [new("0s", [.. services.Select(s => new TargetDraft(Service: s))])], Repeat: 1), null, Ana, Cancel);
        await RaiseAsync(shop, "a", "a");
        await SettleAsync();
        await GoOnAsync();
        return Assert.Single(await List.AfterAsync(new(Partner: shop.Slug), null, 10, Ana, Cancel)).Incident.Id;
    }

    private Task SendAsync(ISender sender) =>
        new NotificationModule(sender, Database.Get<NotificationStore>(), Database.Clock, NullLogger<NotificationModule>.Instance).RunAsync(Cancel);

    private static Actor Person(string name) => new(Guid.NewGuid(), $"{name}-{Guid.NewGuid():N}@example.com", Role.Operator);
}
