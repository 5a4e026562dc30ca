using System.Text;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class AlertFormatsTests
{
    [Fact]
    public void Alertmanager_sends_one_signal_an_alert_known_by_its_fingerprint()
    {
        var signals = Read(AlertSourceKind.Alertmanager, """
            {"version":"4","groupKey":"g","status":"firing","alerts":[
              {"status":"firing","fingerprint":"a1","labels":{"alertname":"Down","severity":"warning","job":"shop"},"annotations":{"summary":"Shop is down","description":"no answer","runbook_url":"https://example.com/r"},
               "startsAt":"2026-03-02T02:51:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"https://prom.example.com/g"},
              {"status":"resolved","fingerprint":"a2","labels":{"alertname":"Slow"},"startsAt":"2026-03-02T02:00:00+01:00","endsAt":"2026-03-02T02:55:00Z"}]}
            """);

        Assert.Equal(2, signals.Count);
        var (one, two) = (signals[0], signals[1]);
        Assert.Equal((SignalKind.Firing, "a1", "Down", "Shop is down. no answer", Severity.Warning), (one.Kind, one.DedupKey, one.Title, one.Summary, one.Severity));
        Assert.Equal((new DateTimeOffset(2026, 3, 2, 2, 51, 0, TimeSpan.Zero), (DateTimeOffset?)null, "https://prom.example.com/g", "https://example.com/r"), (one.StartedAt, one.EndedAt, one.Link, one.Runbook));
        Assert.Equal((SignalKind.Resolved, Severity.Critical, new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.Zero)), (two.Kind, two.Severity, two.StartedAt));
    }

    [Fact]
    public void Without_a_fingerprint_the_label_set_is_the_key_in_any_order()
    {
        static string KeyOf(string labels) => Read(AlertSourceKind.Alertmanager, $$"""{"alerts":[{"status":"firing","labels":{{labels}}}]}""")[0].DedupKey;
        Assert.Equal(KeyOf("""{"alertname":"A","job":"x"}"""), KeyOf("""{"job":"x","alertname":"A"}"""));
        Assert.NotEqual(KeyOf("""{"alertname":"A","job":"x"}"""), KeyOf("""{"alertname":"A","job":"y"}"""));
    }

    [Fact]
    public void Grouping_by_labels_makes_one_group_of_equal_values()
    {
        var signals = AlertFormats.Read(AlertSourceKind.Alertmanager, new(Encoding.UTF8.GetBytes(
            """{"alerts":[{"status":"firing","labels":{"alertname":"A","job":"x"}},{"status":"firing","labels":{"alertname":"A","job":"y"}},{"status":"firing","labels":{"alertname":"B","job":"x"}}]}""")), ["alertname"]);
        Assert.Equal(["alertname=A", "alertname=A", "alertname=B"], signals.Select(s => s.Group));
    }

    [Fact]
    public void Grafana_is_read_in_both_its_shapes()
    {
        var unified = Read(AlertSourceKind.Grafana, """
            {"alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"Memory"},"annotations":{"summary":"High"},"startsAt":"2024-03-01T02:09:00Z","values":{"B":22.5},"panelURL":"https://g.example.com/d/1?viewPanel=2"}]}
            """).Single();
        Assert.Equal(("f", "Memory", 22.5, "https://g.example.com/d/1?viewPanel=2"), (unified.DedupKey, unified.Title, unified.Value, unified.Link));
        var legacy = Read(AlertSourceKind.Grafana, """{"ruleId":7,"ruleName":"Load","state":"ok","message":"fine again","tags":{"severity":"info"},"evalMatches":[]}""").Single();
        Assert.Equal((SignalKind.Resolved, "rule 7", "Load", Severity.Info), (legacy.Kind, legacy.DedupKey, legacy.Title, legacy.Severity));
    }

    [Fact]
    public void PagerDuty_triggers_acknowledges_and_resolves_by_its_key()
    {
        var trigger = Read(AlertSourceKind.Pagerduty, """
            {"routing_key":"k","event_action":"trigger","dedup_key":"srv/HTTP","payload":{"summary":"Example failed","source":"monitor","severity":"error","timestamp":"2026-07-17T08:42:58Z","component":"db","custom_details":{"free":"1%"}},"client_url":"https://m.example.com"}
            """).Single();
        Assert.Equal((SignalKind.Firing, "srv/HTTP", "Example failed", Severity.Critical, "https://m.example.com"), (trigger.Kind, trigger.DedupKey, trigger.Title, trigger.Severity, trigger.Link));
        Assert.Equal("1% db monitor", $"{trigger.Labels["free"]} {trigger.Labels["component"]} {trigger.Labels["source"]}");
        Assert.Equal(SignalKind.Acknowledged, Read(AlertSourceKind.Pagerduty, """{"event_action":"acknowledge","dedup_key":"a"}""").Single().Kind);
        Assert.Equal(SignalKind.Resolved, Read(AlertSourceKind.Pagerduty, """{"event_action":"resolve","dedup_key":"a"}""").Single().Kind);

        const string Keyless = """{"event_action":"trigger","payload":{"summary":"Example failed","source":"monitor","severity":"info"}}""";
        Assert.Equal(Read(AlertSourceKind.Pagerduty, Keyless).Single().DedupKey, Read(AlertSourceKind.Pagerduty, Keyless).Single().DedupKey);
    }

    [Fact]
    public void Opsgenie_creates_and_closes_by_alias()
    {
        var create = Read(AlertSourceKind.Opsgenie, """{"message":"Down","alias":"a b","priority":"P1","details":{"job":"x"}}""", "v2/alerts").Single();
        Assert.Equal((SignalKind.Firing, "a b", Severity.Critical), (create.Kind, create.DedupKey, create.Severity));
        Assert.Equal(Severity.Warning, Read(AlertSourceKind.Opsgenie, """{"message":"Down"}""", "v2/alerts").Single().Severity);
        var close = Read(AlertSourceKind.Opsgenie, "{}", "v2/alerts/a%20b/close").Single();
        Assert.Equal((SignalKind.Resolved, "a b"), (close.Kind, close.DedupKey));
        Assert.Equal(SignalKind.Acknowledged, Read(AlertSourceKind.Opsgenie, "{}", "/v2/alerts/x/acknowledge").Single().Kind);
    }

    [Theory]
    [InlineData(AlertSourceKind.Alertmanager, "not json", "line 1, byte 2")]
    [InlineData(AlertSourceKind.Alertmanager, "[]", "must be a JSON object")]
    [InlineData(AlertSourceKind.Alertmanager, "{}", "“alerts” is missing")]
    [InlineData(AlertSourceKind.Alertmanager, """{"version":"3","alerts":[]}""", "version 3")]
    [InlineData(AlertSourceKind.Alertmanager, """{"alerts":[{"status":"firing","labels":{}}]}""", "“alerts[0].labels.alertname” is missing")]
    [InlineData(AlertSourceKind.Alertmanager, """{"alerts":[{"status":"odd","labels":{"alertname":"A"}}]}""", "“alerts[0].status” is “odd”")]
    [InlineData(AlertSourceKind.Grafana, """{"ruleName":"x"}""", "“state” is missing")]
    [InlineData(AlertSourceKind.Pagerduty, """{"event_action":"change"}""", "trigger, acknowledge and resolve")]
    [InlineData(AlertSourceKind.Pagerduty, """{"event_action":"trigger","payload":{"summary":"a","source":"b","severity":"awful"}}""", "payload.severity")]
    [InlineData(AlertSourceKind.Pagerduty, """{"event_action":"resolve"}""", "“dedup_key” is missing")]
    [InlineData(AlertSourceKind.Opsgenie, """{"alias":"x"}""", "“message” is missing")]
    public void What_does_not_fit_is_refused_with_the_place(AlertSourceKind kind, string body, string sentence) => Assert.Contains(
        sentence, Assert.Throws<FieldsRefused>(() => Read(kind, body, "v2/alerts")).Errors["body"].Single(), StringComparison.Ordinal);

    [Fact]
    public void Long_texts_are_cut_and_long_keys_hashed()
    {
        var signal = Read(AlertSourceKind.Opsgenie, $$"""{"message":"{{new string('m', 9000)}}","alias":"{{new string('a', 600)}}"}""", "v2/alerts").Single();
        Assert.Equal((200, 2000, 71), (signal.Title.Length, signal.Summary.Length, signal.DedupKey.Length));
        Assert.Throws<FieldsRefused>(() => Read(AlertSourceKind.Alertmanager, $$"""{"alerts":[{{string.Join(',', Enumerable.Repeat("""{"status":"firing","labels":{"alertname":"A"}}""", 1001))}}]}"""));
    }

    [Fact]
    public void What_JSON_can_write_and_a_text_cannot_hold_is_left_out_or_refused()
    {
        Assert.Equal("Down", Read(AlertSourceKind.Opsgenie, "{\"message\":\"Do\\u0000wn\"}", "v2/alerts").Single().Title);
        Assert.Contains("half a character", Assert.Throws<FieldsRefused>(() => Read(AlertSourceKind.Opsgenie, "{\"message\":\"\\ud800\"}", "v2/alerts")).Errors["body"].Single(), StringComparison.Ordinal);
        Assert.Equal(199, Read(AlertSourceKind.Opsgenie, "{\"message\":\"" + new string('m', 198) + "😀😀\"}", "v2/alerts").Single().Title.Length);
        Assert.Equal(SignalKind.Resolved, Read(AlertSourceKind.Opsgenie, "", "v2/alerts/x/close").Single().Kind);
    }

    /// <summary>Recorded deliveries, and the alert that a person would expect of each.</summary>
    [Theory]
    [InlineData("alertmanager_v4_firing", AlertSourceKind.Alertmanager, "firing|299dc5e2e23063a3|PartnerMetricsDown|critical|2026-11-23T19:18:18")]
    [InlineData("alertmanager_v4_resolved", AlertSourceKind.Alertmanager, "resolved|299dc5e2e23063a3|PartnerMetricsDown|critical|2026-11-23T19:18:18")]
    [InlineData("grafana_unified_v11", AlertSourceKind.Grafana, "firing|e6349a25f5ef0e9e|Memory (copy)|critical|2024-03-01T02:09:00")]
    [InlineData("grafana_legacy", AlertSourceKind.Grafana, "firing|rule 0|Test rule|critical|")]
    [InlineData("pagerduty_events_v2_trigger", AlertSourceKind.Pagerduty, "firing|76e5030da7548b87b463a50fed2d933ea3a2d80390996715794c072fd0ea8eb2|[FIRING:1] PartnerMetricsDown acme-music (127.0.0.1:28999 down_partner quote\" back\\slash page capture partner-ops)|critical|")]
    [InlineData("pagerduty_events_v2_resolve", AlertSourceKind.Pagerduty, "resolved|76e5030da7548b87b463a50fed2d933ea3a2d80390996715794c072fd0ea8eb2|*|critical|")]
    [InlineData("opsgenie_create_alert_request", AlertSourceKind.Opsgenie, "firing|76e5030da7548b87b463a50fed2d933ea3a2d80390996715794c072fd0ea8eb2|[FIRING:1] PartnerMetricsDown acme-music (127.0.0.1:28999 down_partner quote\" back\\slash page capture partner-ops)|critical|")]
    [InlineData("alertmanager_v4_second_alert", AlertSourceKind.Alertmanager, "firing|592f2fd8440a2198|PartnerPurchaseErrorsHigh|warning|2026-11-23T19:19:26")]
    [InlineData("alertmanager_v4_second_alert_repeat", AlertSourceKind.Alertmanager, "firing|592f2fd8440a2198|PartnerPurchaseErrorsHigh|warning|2026-11-23T19:19:26")]
    [InlineData("datadog_webhook_triggered", AlertSourceKind.Datadog, "firing|[TEST] Host Cluster Alert|[TEST] Host Cluster Alert|critical|2020-06-03T20:43:05")]
    [InlineData("statuspage_incident_created", AlertSourceKind.Statuspage, "firing|z3lct0r596n4|Database query delays|info|2017-12-26T07:32:00")]
    [InlineData("statuspage_component_update", AlertSourceKind.Statuspage, "firing|sqm6pl84wzjc|Database component|info|2017-12-26T07:59:09")]
    [InlineData("statuspage_scheduled_maintenance", AlertSourceKind.Statuspage, "firing|z3lct0r596n5|Wartung der Katalog-Datenbank|info|2026-10-25T00:30:00")]
    [InlineData("slack_incoming_webhook", AlertSourceKind.Slack, "firing|PartnerMetricsDown acme-music (127.0.0.1:28999 down_partner quote\" back\\slash page capture partner-ops)|*|critical|")]
    [InlineData("pagerduty_webhook_v3_triggered", AlertSourceKind.Pagerduty, "firing|PFQZPSY|Test Incident 3|critical|2021-06-04T13:35:29")]
    [InlineData("opsgenie_webhook_create", AlertSourceKind.Opsgenie, "firing|alert-alias|another alert|warning|2017-08-14T11:25:56")]
    [InlineData("cloudwatch_alarm_inner", AlertSourceKind.Generic, "firing|Example|Example|critical|2017-01-12T16:30:42")]
    [InlineData("cloudwatch_alarm_inner", AlertSourceKind.Sns, "firing|Example|Example|critical|2017-01-12T16:30:42")]
    [InlineData("sns_cloudwatch_alarm_ok", AlertSourceKind.Sns, "resolved|DBMigrationRequired|DBMigrationRequired|critical|2019-02-12T15:45:24")]
    [InlineData("opsgenie_close_alert_request", AlertSourceKind.Opsgenie, "resolved|76e5030da7548b87b463a50fed2d933ea3a2d80390996715794c072fd0ea8eb2||warning|")]
    public void Recorded_deliveries_become_the_alert_that_a_person_would_expect(string file, AlertSourceKind kind, string expected)
    {
        if (RealData.Folder(Path.Combine("alerts", "webhooks")) is not { } folder)
        {
            Assert.Skip(RealData.Missing);
            return;
        }

        var line = Path.Combine(folder, file + ".headers") is var headers && File.Exists(headers) ? File.ReadLines(headers).First().Split(' ')[1].Split('?')[0] : "";
        var path = line.StartsWith("/opsgenie/", StringComparison.Ordinal) ? line["/opsgenie/".Length..] : "";
        var mapping = kind == AlertSourceKind.Generic && file.StartsWith("cloudwatch", StringComparison.Ordinal) ? ShippedMappings.Cloudwatch : null;
        var signal = Assert.Single(AlertFormats.Read(kind, new(File.ReadAllBytes(Path.Combine(folder, file + ".json")), path), [], mapping));
        var parts = expected.Split('|');
        Assert.Equal(
            [parts[0], parts[1] == "*" ? signal.DedupKey : parts[1], parts[2] == "*" ? signal.Title : parts[2], parts[3], parts[4]],
            [Words.Of(signal.Kind), signal.DedupKey, signal.Title, Words.Of(signal.Severity), signal.StartedAt?.ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) ?? ""]);
    }

    private static IReadOnlyList<AlertSignal> Read(AlertSourceKind kind, string body, string path = "") => AlertFormats.Read(kind, new(Encoding.UTF8.GetBytes(body), path), []);
}
