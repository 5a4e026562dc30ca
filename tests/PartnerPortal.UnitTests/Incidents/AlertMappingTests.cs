using System.Text;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class AlertMappingTests
{
    [Fact]
    public void A_mapping_names_places_falls_back_and_gives_words_a_meaning()
    {
        var mapping = new AlertMapping(
            "{@.service}: {@.what | $.title}", "{@.id}", "{$.note}", "{@.state}", null, ["back*"], ["seen"], "{@.level}", new Dictionary<string, string> { ["bad"] = "critical", ["odd"] = "warning" },
            "{@.since}", "{$.page}", "$.problems[*]", new Dictionary<string, string> { ["tags"] = "{@.tags[*]}", ["none"] = "{@.nothing}" });
        var signals = Read(mapping, """
            {"title":"Trouble","note":"three at once","page":"https://status.example.com/1","problems":[
              {"id":"a","service":"pay","what":"slow","state":"there","level":"Odd","since":"1773000000","tags":["eu","card"]},
              {"id":"b","service":"pay","state":"back again","since":"1773000000123"},
              {"id":"c","service":"mail","state":"SEEN","since":"2026-03-08T20:00:00.000+0000"}]}
            """);
        Assert.Equal(["pay: slow", "pay: Trouble", "mail: Trouble"], signals.Select(s => s.Title));
        Assert.Equal(["a", "b", "c"], signals.Select(s => s.DedupKey));
        Assert.Equal([SignalKind.Firing, SignalKind.Resolved, SignalKind.Acknowledged], signals.Select(s => s.Kind));
        Assert.Equal([Severity.Warning, Severity.Critical, Severity.Critical], signals.Select(s => s.Severity));
        Assert.Equal(["2026-03-08 20:00:00.000", "2026-03-08 20:00:00.123", "2026-03-08 20:00:00.000"], signals.Select(s => FormattableString.Invariant($"{s.StartedAt:yyyy-MM-dd HH:mm:ss.fff}")));
        Assert.Equal("tags=eu, card", string.Join(' ', signals[0].Labels.Select(l => $"{l.Key}={l.Value}")));
        Assert.All(signals, s => Assert.Equal(("three at once", "https://status.example.com/1"), (s.Summary, s.Link)));
    }

    [Fact]
    public void With_a_list_of_firing_states_others_say_nothing()
    {
        Assert.Equal(SignalKind.Resolved, Read(ShippedMappings.OpsgenieWebhook, """{"action":"Close","alert":{"alias":"a","message":"m"}}""").Single().Kind);
        Assert.Empty(Read(ShippedMappings.OpsgenieWebhook, """{"action":"AddNote","alert":{"alias":"a","message":"m"}}"""));
        Assert.Empty(Read(ShippedMappings.Cloudwatch, """{"AlarmName":"a","NewStateValue":"INSUFFICIENT_DATA"}"""));
        Assert.Equal(SignalKind.Acknowledged, Read(ShippedMappings.PagerdutyWebhook, """{"event":{"event_type":"incident.acknowledged","data":{"id":"P1","title":"t","urgency":"low"}}}""").Single().Kind);
    }

    [Fact]
    public void What_fires_and_what_recovers_have_the_same_key()
    {
        Assert.Equal(
            [("Disk is full", SignalKind.Firing), ("Disk is full", SignalKind.Resolved)],
            new[] { "[Triggered] Disk is full", "[Recovered] Disk is full" }.Select(t => Read(ShippedMappings.Datadog, $$"""{"title":"{{t}}","id":"{{t.Length}}"}""").Single()).Select(s => (s.DedupKey, s.Kind)));
        Assert.Equal(
            [("A (x)", SignalKind.Firing), ("A (x)", SignalKind.Resolved), ("disk full on db1", SignalKind.Firing)],
            new[] { """{"attachments":[{"title":"[FIRING:1] A (x)","color":"danger"}]}""", """{"attachments":[{"title":"[RESOLVED] A (x)","color":"good"}]}""", """{"text":"disk full on db1"}""" }
                .Select(b => Read(ShippedMappings.Slack, b).Single()).Select(s => (s.DedupKey, s.Kind)));
        Assert.Equal(SignalKind.Resolved, Read(ShippedMappings.Statuspage, """{"component":{"id":"c","name":"API","status":"operational"}}""").Single().Kind);
        Assert.Equal(Severity.Critical, Read(ShippedMappings.Statuspage, """{"component":{"id":"c","name":"API","status":"major_outage"}}""").Single().Severity);
    }

    [Fact]
    public void A_body_without_a_title_is_refused_with_the_place()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Read(new("{$.name}"), """{"title":"x"}"""));
        Assert.Equal("The mapping's title, {$.name}, finds nothing in this body.", refused.Errors["body"].Single());
        Assert.Equal(("queue", Severity.Warning), Read(ShippedMappings.Guess, """{"title":"Queue is full","key":"queue","severity":"warning"}""").Select(s => (s.DedupKey, s.Severity)).Single());
    }

    [Fact]
    public void A_mapping_that_cannot_be_read_gets_sentences()
    {
        var refused = Assert.Throws<FieldsRefused>(() => new AlertMapping(" ", "{$.a", "{a}", Severities: new Dictionary<string, string> { ["x"] = "horrible" }, Each: "alerts", Labels: new Dictionary<string, string> { ["l"] = "{$..}" })
            .MakeSureItCanBeRead());
        Assert.Equal(["mapping.each", "mapping.key", "mapping.labels.l", "mapping.severities", "mapping.summary", "mapping.title"], refused.Errors.Keys.Order(StringComparer.Ordinal));
        var source = Assert.Throws<FieldsRefused>(() => AlertSource.Enter(new("datadog", Mapping: new("{$.t}"), SilentAfter: "5m"), Guid.NewGuid(), Guid.NewGuid(), "s", DateTimeOffset.UnixEpoch));
        Assert.Equal(["mapping", "silentAfter"], source.Errors.Keys.Order());
        var beat = AlertSource.Enter(new("heartbeat"), Guid.NewGuid(), Guid.NewGuid(), "s", DateTimeOffset.UnixEpoch);
        Assert.Equal(TimeSpan.FromMinutes(10), beat.SilentAfter);
        beat.Change(new(SilentAfter: "25h"));
        Assert.Equal(TimeSpan.FromHours(25), beat.SilentAfter);
        Assert.Throws<FieldsRefused>(() => beat.Change(new(SilentAfter: "1s")));
    }

    private static IReadOnlyList<AlertSignal> Read(AlertMapping mapping, string body) => AlertFormats.Read(AlertSourceKind.Generic, new(Encoding.UTF8.GetBytes(body)), [], mapping);
}
