using System.Text.Json;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.UnitTests.Incidents;

/// <summary>What a mail says, once it was taken apart.</summary>
public sealed class MailFormatTests
{
    /// <summary>Subjects as tools write them, first when the problem comes and then when it is over.</summary>
    [Theory]
    [InlineData("** PROBLEM Service Alert: db-1/Disk is CRITICAL **", "** RECOVERY Service Alert: db-1/Disk is OK **")]
    [InlineData("** PROBLEM Host Alert: db-1 is DOWN **", "** RECOVERY Host Alert: db-1 is UP **")]
    [InlineData("[FIRING:1] Down shop (eu page)", "[RESOLVED] Down shop (eu page)")]
    [InlineData("[FIRING:12, RESOLVED:2] Down shop", "[RESOLVED:14] Down shop")]
    [InlineData("[PROBLEM] Ping on db-1 is WARNING!", "[RECOVERY] Ping on db-1 is OK!")]
    [InlineData("Problem: Disk is full", "Resolved in 1h 5m 3s: Disk is full")]
    [InlineData("ALARM: \"Errors\" in EU (Ireland)", "OK: \"Errors\" in EU (Ireland)")]
    [InlineData("[Monitor Alert] Triggered: p95 > 2s", "[Monitor Alert] Recovered: p95 > 2s")]
    [InlineData("[Triggered on {host:db}] Disk", "[Recovered on {host:db}] Disk")]
    [InlineData("Monitor is DOWN: shop.example.com", "Monitor is UP: shop.example.com")]
    [InlineData("DOWN alert: Shop (shop.example.com) is DOWN", "UP alert: Shop (shop.example.com) is UP")]
    [InlineData("DOWN | Nightly export", "UP | Nightly export")]
    [InlineData("CRITICAL: Queue is full", "CLOSED: Queue is full")]
    [InlineData("[Acme Status] Open: Search", "[Acme Status] Resolved: Search")]
    [InlineData("db-1 is DOWN", "db-1 is UP")]
    [InlineData("ALERT: db-1 is DOWN", "ALERT: db-1 is UP")]
    [InlineData("Alert opened: Queue", "Alert closed: Queue")]
    [InlineData("Queue is full", "Re: AW: Fwd: [CLOSED]  queue is  FULL")]
    [InlineData("RE[2]: FIRING:2 Down", "RESOLVED Down")]
    public void What_begins_is_ended_by_the_mail_of_the_same_tool(string there, string over)
    {
        var (begun, ended) = (Read(there), Read(over));
        Assert.Equal((SignalKind.Firing, SignalKind.Resolved), (begun.Kind, ended.Kind));
        Assert.Equal(begun.DedupKey, ended.DedupKey);
    }

    [Theory]
    [InlineData("Up to 20 users cannot buy")]
    [InlineData("OK Computer cannot be bought")]
    [InlineData("Recovery plan failed")]
    [InlineData("The queue is not OK")]
    [InlineData("[FIRING:1] Everything is UP")]
    [InlineData("Resolved host names are wrong")]
    [InlineData("[okay-server] Disk")]
    [InlineData("Scheduled maintenance: catalogue")]
    public void A_subject_that_only_sounds_like_an_end_is_none(string subject) => Assert.Equal(SignalKind.Firing, Read(subject).Kind);

    [Theory]
    [InlineData("[FIRING:1] Down", "down")]
    [InlineData("Re: ** PROBLEM Service Alert: db-1/Disk is CRITICAL **", "service alert: db-1/disk")]
    [InlineData("[PRTG] [P1] Sensor", "[prtg] sensor")]
    [InlineData("[Triggered on {host:db}] Disk", "on {host:db} disk")]
    public void What_is_left_without_the_marks_is_the_key(string subject, string key) => Assert.Equal(key, Read(subject).DedupKey);

    [Theory]
    [InlineData("** ACKNOWLEDGEMENT Service Alert: db-1/Disk is CRITICAL **", SignalKind.Acknowledged)]
    [InlineData("[ACK] Disk", SignalKind.Acknowledged)]
    [InlineData("** DOWNTIMESTART Service Alert: db-1/Disk is OK **", null)]
    [InlineData("** FLAPPINGSTART Service Alert: db-1/Disk is OK **", null)]
    public void What_is_neither_there_nor_over_raises_nothing(string subject, SignalKind? kind) => Assert.Equal(kind, Signals(new { subject }).SingleOrDefault()?.Kind);

    [Theory]
    [InlineData("[FIRING:1] Slow", null, Severity.Warning)]
    [InlineData("db-1/Disk is CRITICAL", null, Severity.Critical)]
    [InlineData("Shop down", "low", Severity.Critical)]
    [InlineData("WARNING: Disk", "high", Severity.Warning)]
    [InlineData("INFO: A build ended", "high", Severity.Info)]
    [InlineData("Info: A build ended", null, Severity.Info)]
    [InlineData("[P1] Shop", null, Severity.Critical)]
    [InlineData("Queue", "high", Severity.Critical)]
    [InlineData("Queue", "low", Severity.Info)]
    [InlineData("Countdown begins", null, Severity.Warning)]
    public void How_bad_it_is_says_the_subject_then_the_mail_then_nobody(string subject, string? importance, Severity expected) =>
        Assert.Equal(expected, Signals(new { subject, importance }).Single().Severity);

    [Fact]
    public void A_mail_is_read_with_its_text_its_addresses_and_its_date()
    {
        var signal = Signals(new
        {
            subject = "AW: Queue is full",
            text = "9,000 orders wait.\n\nPlease look.",
            from = "ops@tunes.example",
            to = "alerts@example.com",
            date = "2026-03-02T08:51:00+00:00",
            messageId = "1@tunes",
            returnPath = "<ops@tunes.example>",
            autoSubmitted = "auto-generated",
            precedence = "bulk",
            type = "text/plain",
        }).Single();
        Assert.Equal(("Queue is full", "9,000 orders wait.\n\nPlease look.", "queue is full"), (signal.Title, signal.Summary, signal.DedupKey));
        Assert.Equal(("ops@tunes.example", "alerts@example.com", new DateTimeOffset(2026, 3, 2, 8, 51, 0, TimeSpan.Zero)), (signal.Labels["from"], signal.Labels["to"], signal.StartedAt));
    }

    [Theory]
    [InlineData("{}", "Mail without a subject", "Mail without a subject")]
    [InlineData("""{"text":"Disk is full\non db-1"}""", "Disk is full", "Disk is full")]
    [InlineData("""{"text":"Disk is full","messageId":"1@a"}""", "1@a", "Disk is full")]
    [InlineData("""{"subject":"ALERT","messageId":"2@a","thread":"1@a"}""", "1@a", "ALERT")]
    [InlineData("""{"subject":"[RESOLVED]","messageId":"2@a","thread":"1@a"}""", "1@a", "[RESOLVED]")]
    public void A_subject_that_names_nothing_leaves_it_to_the_thread(string mail, string key, string title) =>
        Assert.Equal((key, title), AlertFormats.Read(AlertSourceKind.Mail, new(System.Text.Encoding.UTF8.GetBytes(mail)), []).Select(s => (s.DedupKey, s.Title)).Single());

    [Theory]
    [InlineData("""{"subject":"Away until May","autoSubmitted":"auto-replied"}""", "Auto-Submitted: auto-replied")]
    [InlineData("""{"subject":"x","autoSubmitted":"Auto-Notified"}""", "Auto-Submitted: auto-notified")]
    [InlineData("""{"subject":"Automatic reply: Nyaan"}""", "away")]
    [InlineData("""{"subject":"Out of Office: Ana","precedence":"bulk"}""", "away")]
    [InlineData("""{"subject":"Abwesenheitsnotiz: Disk"}""", "away")]
    [InlineData("""{"subject":"x","precedence":"auto_reply"}""", "away")]
    [InlineData("""{"subject":"x","returnPath":"<>"}""", "Return-Path: <>")]
    [InlineData("""{"subject":"x","type":"multipart/report"}""", "report of a mail server")]
    [InlineData("""{"subject":"x","from":"mailer-daemon@example.com"}""", "report of a mail server")]
    public void Answers_of_machines_are_refused(string mail, string sentence) => Assert.Contains(
        sentence, Assert.Throws<FieldsRefused>(() => AlertFormats.Read(AlertSourceKind.Mail, new(System.Text.Encoding.UTF8.GetBytes(mail)), [])).Errors["body"].Single(), StringComparison.Ordinal);

    [Fact]
    public void A_mail_wakes_nobody_unless_that_was_chosen()
    {
        var source = AlertSource.Enter(new("mail"), Guid.NewGuid(), Guid.NewGuid(), "secret", DateTimeOffset.UnixEpoch);
        Assert.Equal(Urgency.WorkingHours, source.Urgency);
        source.Change(new(Urgency: "page"));
        Assert.Equal(Urgency.Page, source.Urgency);
        source.Change(new(Urgency: ""));
        Assert.Equal(Urgency.WorkingHours, source.Urgency);
        Assert.Null(AlertSource.Enter(new("slack"), Guid.NewGuid(), Guid.NewGuid(), "secret", DateTimeOffset.UnixEpoch).Urgency);
    }

    [Fact]
    public void Subjects_of_a_hostile_length_are_read_at_once()
    {
        foreach (var piece in new[] { "[a]", "Re: ", "[", "is OK ", "** ", "FIRING ", "[FIRING:1]", "in 1m", " is" })
        {
            Assert.Single(Signals(new { subject = string.Concat(Enumerable.Repeat(piece, 2000)) }));
        }
    }

    private static AlertSignal Read(string subject) => Signals(new { subject }).Single();

    private static IReadOnlyList<AlertSignal> Signals(object mail) => AlertFormats.Read(AlertSourceKind.Mail, new(JsonSerializer.SerializeToUtf8Bytes(mail)), []);
}
