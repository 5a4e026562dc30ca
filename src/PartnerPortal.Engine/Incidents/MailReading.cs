using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MimeKit;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Engine.Incidents;

/// <summary>
/// Takes a mail apart (RFC 5322, MIME), as a mail server hands it over: what an alert is made of stays, as JSON that the formats read and people can
/// read where it did not fit. Attachments are left out.
/// </summary>
public static partial class MailReading
{
    private const int LongestLine = 1000;
    private const int LongestText = 20_000;

    // A mail that nests deeper has nothing to say; the rest of it counts as an attachment.
    private static readonly ParserOptions _parser = new() { MaxMimeDepth = 20 };
    private static readonly JsonSerializerOptions _json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a mail.</summary>
    /// <param name="raw">The mail, with or without the line “From …” of a mailbox before it.</param>
    /// <param name="at">Now: a Date that is still to come is left out.</param>
    /// <exception cref="FieldsRefused">It is none.</exception>
    public static ReadMail Read(ReadOnlyMemory<byte> raw, DateTimeOffset at)
    {
        var mail = Load(raw);
        if (mail.From.Count == 0 && mail.MessageId is null && mail.Subject is null && !mail.Headers.Contains(HeaderId.Date))
        {
            throw new FieldsRefused("body", "This is not a mail: it has no From, no Subject, no Date and no Message-ID. Post the whole mail with its headers, as message/rfc822.");
        }

        var (from, key) = (Address(mail.From), Id(mail.MessageId));
        var facts = new
        {
            From = from,
            To = Address(mail.To),
            Subject = Line(mail.Subject),
            Date = mail.Date.Year > 1970 && mail.Date <= at ? mail.Date.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) : null,
            MessageId = key,
            Thread = Id(mail.References.FirstOrDefault() ?? mail.InReplyTo),
            Importance = Importance(mail),
            ReturnPath = Line(mail.Headers[HeaderId.ReturnPath]),
            AutoSubmitted = Automatic(mail.Headers),
            Precedence = Line(mail.Headers[HeaderId.Precedence]),
            Type = mail.Body?.ContentType.MimeType.ToLowerInvariant(),
            Text = Text(mail),
        };
        return new(new(JsonSerializer.SerializeToUtf8Bytes(facts, _json)), key);
    }

    private static MimeMessage Load(ReadOnlyMemory<byte> raw)
    {
        var line = raw.Span.StartsWith("From "u8) ? raw.Span.IndexOf((byte)'\n') + 1 : 0;
        try
        {
            return MimeMessage.Load(_parser, new MemoryStream(raw[line..].ToArray(), writable: false), persistent: true);
        }
        catch (FormatException e)
        {
            throw new FieldsRefused("body", $"This is not a mail: {e.Message}");
        }
    }

    private static string Text(MimeMessage mail)
    {
        var text = mail.TextBody is { } plain && !string.IsNullOrWhiteSpace(plain) ? plain : mail.HtmlBody is { } html ? HtmlText.Read(html) : "";
        var lines = Shorten(Clean(text), LongestText).ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim());
        return Gaps().Replace(string.Join('\n', lines), "\n\n").Trim();
    }

    private static string? Importance(MimeMessage mail) => mail.XPriority is XMessagePriority.Highest or XMessagePriority.High || mail.Importance == MessageImportance.High ? "high"
        : mail.XPriority is XMessagePriority.Low or XMessagePriority.Lowest || mail.Importance == MessageImportance.Low ? "low" : null;

    // The keyword of RFC 3834 without its comment; what others wrote before there was one.
    private static string? Automatic(HeaderList headers) => Line(headers[HeaderId.AutoSubmitted])?.Split([' ', ';', '('], 2)[0]
        ?? (headers.Contains("X-Autoreply") || headers.Contains("X-Autorespond") ? "auto-replied" : null);

    private static string? Address(InternetAddressList list) => Line(list.Mailboxes.FirstOrDefault()?.Address?.ToLowerInvariant());

    // It is the delivery's key as well, so one that is too long for that is none.
    private static string? Id(string? id) => id is { Length: > 0 and <= 250 } && Line(id) is { } clean ? clean : null;

    private static string? Line(string? text) => text is null ? null : Shorten(Clean(text).ReplaceLineEndings(" ").Trim(), LongestLine) is { Length: > 0 } line ? line : null;

    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static string Shorten(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex Gaps();
}

/// <summary>A mail that was taken apart.</summary>
/// <param name="Post">What the formats read.</param>
/// <param name="MessageId">Its Message-ID; null when it has none.</param>
public sealed record ReadMail(AlertPost Post, string? MessageId);
