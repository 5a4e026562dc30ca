using System.Globalization;
using System.Text;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Engine.Incidents;
using PartnerPortal.UnitTests;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>Mails as they come, whole and broken, taken apart and read.</summary>
public sealed class MailReadingTests
{
    private static readonly DateTimeOffset _now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("alertmanager_firing", "firing|partnermetricsdown acme-music (127.0.0.1:28999 down_partner quote\" back\\slash page capture partner-ops)|warning|2026-11-23T19:18:19")]
    [InlineData("alertmanager_resolved", "resolved|partnermetricsdown acme-music (127.0.0.1:28999 down_partner quote\" back\\slash page capture partner-ops)|warning|2026-11-23T19:18:54")]
    [InlineData("cloudwatch_alarm", "firing|\"failedlogins\" in us east (n. virginia)|warning|2025-06-15T12:07:18")]
    [InlineData("datadog_triggered", "firing|[monitor alert] purchase latency p95 > 2s on {service:checkout} 🔥|warning|2020-06-03T20:43:05")]
    [InlineData("statuspage_maintenance_scheduled", "firing|scheduled maintenance: catalogue database upgrade|warning|2026-10-01T12:00:05")]
    [InlineData("nonascii_iso2022jp", "firing|まみむめも|warning|")]
    [InlineData("flanker_bilingual-simple", "firing|simple text. how are you? как ты поживаешь?|warning|2010-02-07T22:02:38")]
    [InlineData("mime_pdf_nonascii_filename", "firing|another pdf with 🎉 unicode chars in it 🍿|warning|2005-05-10T17:26:39")]
    [InlineData("mime_rfc822_attachment", "firing|testing|warning|2005-06-06T20:21:22")]
    [InlineData("broken_8bit_headers", "firing|the original advantage #e13011|warning|2001-12-04T22:10:25")]
    [InlineData("autoreply_01", "This is an automatic answer (Auto-Submitted: auto-replied)")]
    [InlineData("autoreply_02", "Return-Path: <>")]
    [InlineData("bounce_amazonses", "report of a mail server")]
    [InlineData("bounce_report_422", "report of a mail server")]
    [InlineData("mhtml_related", "This is not a mail")]
    public void Recorded_mails_become_the_alert_that_a_person_would_expect(string file, string expected)
    {
        if (RealData.Folder(Path.Combine("alerts", "mail")) is not { } folder)
        {
            Assert.Skip(RealData.Missing);
            return;
        }

        var mail = File.ReadAllBytes(Path.Combine(folder, file + ".eml"));
        if (expected.Split('|') is not [_, _, _, _])
        {
            Assert.Contains(expected, Assert.Throws<FieldsRefused>(() => Read(mail)).Errors["body"].Single(), StringComparison.Ordinal);
            return;
        }

        var signal = Assert.Single(Read(mail));
        Assert.Equal(expected, $"{Words.Of(signal.Kind)}|{signal.DedupKey}|{Words.Of(signal.Severity)}|{signal.StartedAt?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}");
        Assert.DoesNotContain("<td", signal.Summary, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_recorded_mail_of_a_partner_s_maintenance_is_read_or_refused_with_a_sentence()
    {
        if (RealData.Folder("alerts") is not { } folder)
        {
            Assert.Skip(RealData.Missing);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories))
        {
            try
            {
                Assert.All(Read(File.ReadAllBytes(file)), s => Assert.True(s is { Title.Length: > 0 and <= 200, DedupKey.Length: > 0 and <= 255, Summary.Length: > 0 and <= 2000 }, file));
            }
            catch (FieldsRefused refused)
            {
                Assert.NotEmpty(refused.Errors["body"].Single());
            }
        }
    }

    [Theory]
    [InlineData("Subject: =?utf-8?Q?=C3=9Cber?=\n =?utf-8?B?bGFzdA==?=\n\nx", "Überlast", "x")]
    [InlineData("Subject: Überlast\n\nx", "Überlast", "x")]
    [InlineData("From ops@tunes.example Mon Mar  2 08:51:00 2026\nReturn-Path: <ops@tunes.example>\nSubject: Disk\n\n1 % left", "Disk", "1 % left")]
    [InlineData("Subject: Disk\nContent-Type: text/html\n\n<html><head><title>t</title><style>p{}</style></head><body><h1>Disk&nbsp;is &lt;full&gt;</h1><p>on <b>db-1</b><br>now<script>x()</script></table></body>", "Disk", "Disk is <full>\n\non db-1\nnow")]
    [InlineData("Subject: Disk\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>full</p>\n--b--", "Disk", "full")]
    [InlineData("From: a@b.example\n\nDisk is full\nnow", "Disk is full", "Disk is full\nnow")]
    [InlineData("Subject: a\0b\n\nc\0d", "ab", "cd")]
    public void Subject_and_text_are_found(string mail, string title, string summary) =>
        Assert.Equal((title, summary), Read(Encoding.UTF8.GetBytes(mail)).Select(s => (s.Title, s.Summary)).Single());

    [Theory]
    [InlineData("Date: Mon, 02 Mar 2026 08:51:00 +0100", "2026-03-02T07:51:00.0000000+00:00")]
    [InlineData("Date: Mon, 02 Mar 2099 08:51:00 +0100", null)]
    [InlineData("Date: soon", null)]
    [InlineData("X-None: 1", null)]
    public void A_date_that_is_still_to_come_is_no_start(string header, string? started) =>
        Assert.Equal(started, Read(Encoding.UTF8.GetBytes($"{header}\nSubject: Disk\n\nx")).Single().StartedAt?.ToString("O", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("X-Priority: 1 (Highest)", Severity.Critical)]
    [InlineData("Importance: high", Severity.Critical)]
    [InlineData("X-Priority: 5", Severity.Info)]
    [InlineData("Importance: Low", Severity.Info)]
    [InlineData("X-Priority: 3", Severity.Warning)]
    [InlineData("List-Id: <ops.example.com>", Severity.Warning)]
    public void What_the_mail_says_about_itself_is_how_bad_it_is(string header, Severity severity) =>
        Assert.Equal(severity, Read(Encoding.UTF8.GetBytes($"{header}\nSubject: Disk\n\nx")).Single().Severity);

    [Fact]
    public void The_first_of_the_thread_is_the_key_where_the_subject_names_nothing()
    {
        Assert.Equal("1@a", Read("Message-ID: <3@a>\nIn-Reply-To: <2@a>\nReferences: <1@a> <2@a>\nSubject: Re: Alert\n\nx"u8.ToArray()).Single().DedupKey);
        Assert.Equal("2@a", Read("Message-ID: <3@a>\nIn-Reply-To: <2@a>\nSubject: Re: Alert\n\nx"u8.ToArray()).Single().DedupKey);
        Assert.Equal("3@a", MailReading.Read("Message-ID: <3@a>\nSubject: Alert\n\nx"u8.ToArray(), _now).MessageId);
        Assert.Null(MailReading.Read(Encoding.UTF8.GetBytes($"Message-ID: <{new string('3', 300)}@a>\nSubject: Alert\n\nx"), _now).MessageId);
    }

    [Fact]
    public void Whatever_is_posted_is_read_or_refused_with_a_sentence()
    {
        var (random, whole) = (new Random(20260302), Encoding.UTF8.GetBytes(
            "From: =?utf-8?Q?=C3=9C?= <a@b.example>\nSubject: =?iso-2022-jp?B?GyRCJF4=?= [FIRING:1] Disk\nDate: Mon, 02 Mar 2026 08:51:00 +0000\nReferences: <1@a>\n"
            + "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: base64\n\n/////w==\n--b\nContent-Type: text/html\n\n<p &#x110000; <b>x\n--b--\n"));
        List<byte[]> mails =
        [
            [], "\n"u8.ToArray(), "{\"a\":1}"u8.ToArray(), "Subject"u8.ToArray(), [.. Enumerable.Repeat((byte)0xff, 5000)], new byte[5000], Nested(5000), "From "u8.ToArray(), "From x"u8.ToArray(),
            Encoding.UTF8.GetBytes("Subject: x\nContent-Type: text/html\n\n" + string.Concat(Enumerable.Repeat("<div><!--", 100_000))),
            Encoding.UTF8.GetBytes("Subject: " + new string('[', 500_000) + "\n\n" + new string(' ', 1_000_000) + "x"),
            Encoding.UTF8.GetBytes("To: " + string.Concat(Enumerable.Repeat("a:", 50_000)) + "\nReferences: " + string.Concat(Enumerable.Repeat("<a@b> ", 50_000)) + "\nSubject: x\n\nx"),
        ];
        for (var n = 0; n < 1000; n++)
        {
            var broken = whole.ToArray();
            for (var change = random.Next(1, 12); change > 0; change--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            mails.Add(broken[..random.Next(1, broken.Length)]);
        }

        foreach (var mail in mails)
        {
            try
            {
                Assert.All(Read(mail), s => Assert.DoesNotContain('\0', s.Title + s.Summary + s.DedupKey + string.Concat(s.Labels.Values)));
            }
            catch (FieldsRefused refused)
            {
                Assert.NotEmpty(refused.Errors["body"].Single());
            }
        }
    }

    private static byte[] Nested(int deep) => Encoding.UTF8.GetBytes("Subject: Nested\n" + string.Concat(Enumerable.Range(0, deep).Select(n => $"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")) + "\nx");

    private static IReadOnlyList<AlertSignal> Read(byte[] mail) => AlertFormats.Read(AlertSourceKind.Mail, MailReading.Read(mail, _now).Post, []);
}
