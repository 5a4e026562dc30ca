using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Web.Incidents;

namespace PartnerPortal.ComponentTests.Incidents;

public sealed class IncidentTableTests : BunitContext
{
    private static readonly DateTimeOffset Night = new(2026, 3, 2, 2, 51, 15, TimeSpan.Zero);

    public IncidentTableTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void An_open_incident_says_since_when_and_when_the_next_step_comes()
    {
        var table = Table(Open());
        Assert.Equal("/incidents/0", table.Find("a.row-link").GetAttribute("href"));
        Assert.Contains("before 02:51:15", table.Markup, StringComparison.Ordinal);
        Assert.Contains("Nobody has it · next step in 3 min", table.Markup, StringComparison.Ordinal);
        Assert.Contains("users: cannot buy", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_it_who_snoozed_it_and_who_ended_it_have_words_of_their_own()
    {
        var incident = Open();
        incident.Acknowledge("ana@example.com", Incident.UsualPatience, Night);
        Assert.Contains("ana@example.com has it, pages again 03:21 UTC unless they act", Table(incident).Markup, StringComparison.Ordinal);
        incident.Snooze(Night.AddHours(2), "ana@example.com", Night);
        Assert.Contains("ana@example.com snoozed it until 04:51 UTC", Table(incident).Markup, StringComparison.Ordinal);
        incident.Resolve("li@example.com", Night.AddMinutes(12));
        Assert.Contains("Resolved by li@example.com after 12 min", Table(incident).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_senders_write_is_text_and_nothing_else()
    {
        var table = Table(Open("<script>alert(1)</script>"));
        Assert.Empty(table.FindAll("script"));
        var signals = Render<AlertSignalTable>(p => p.Add(t => t.Signals, [new(SignalKind.Firing, "k", "<b>bold</b>", "<i>", Severity.Critical, null, null, new Dictionary<string, string> { ["<u>"] = "<s>" })]));
        Assert.Empty(signals.FindAll("b, i, u, s"));
    }

    [Fact]
    public void A_message_that_may_have_gone_out_twice_says_so()
    {
        var page = Notification.Write(new("k", NotificationKind.Page, true, "ana@example.com", "Ana", ChannelKind.Mail, "ana@example.com", new("t", "b")), Night);
        Assert.Equal("waits", IncidentWords.Of(page));
    }

    [Theory]
    [InlineData(AlertSourceKind.Alertmanager, "send_resolved: true")]
    [InlineData(AlertSourceKind.Grafana, "Webhook")]
    [InlineData(AlertSourceKind.Pagerduty, "routing_key: secret")]
    [InlineData(AlertSourceKind.Mail, "message/rfc822' --data-binary @- https://portal.example.com/api/v1/intake/mail/secret)")]
    [InlineData(AlertSourceKind.Opsgenie, "api_url: https://portal.example.com/api/v1/intake/opsgenie/secret/")]
    public void Every_sender_gets_lines_to_paste(AlertSourceKind kind, string line)
    {
        var url = AlertSourceSecretAnswer.UrlOf(kind, "secret", "https://portal.example.com");
        var lines = AlertSourceSnippets.Of(new(Guid.Empty, "Mine", kind, "tunes", "main", url, "secret", kind == AlertSourceKind.Pagerduty ? "secret" : null));
        Assert.Contains(line, lines, StringComparison.Ordinal);
        Assert.Contains(url, lines, StringComparison.Ordinal);
    }

    private static Incident Open(string title = "Purchases failing") => Incident.Open(
        new(Guid.NewGuid(), Guid.NewGuid(), "g", title, "cannot buy", Severity.Critical, Urgency.Page, new(null, Night, "rule"), "rule"), Night);

    private IRenderedComponent<IncidentTable> Table(Incident incident) => Render<IncidentTable>(p => p
        .Add(t => t.Rows, [new IncidentRow(incident, "tunes", "Tunes Ltd", "main", Night.AddMinutes(3), 1)]).Add(t => t.Now, Night).Add(t => t.ShowPartner, true));
}
