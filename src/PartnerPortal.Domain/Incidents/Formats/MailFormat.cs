using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>
/// A mail is an alert (docs/decisions/0041): its subject names the problem and says how it stands, its text is the summary. It comes here as JSON, with
/// the members below; taking MIME apart is done before.
/// </summary>
internal static partial class MailFormat
{
    private static readonly string[] _labels = ["from", "to"];

    public static IReadOnlyList<AlertSignal> Read(PostedJson mail)
    {
        if (Refusal(mail) is { } why)
        {
            throw new FieldsRefused("body", why);
        }

        var (subject, text) = (MailSubject.Read(mail["subject"].Text ?? ""), (mail["text"].Text ?? "").Trim());
        if (subject.Kind is not { } kind)
        {
            return [];
        }

        var title = subject.Title.Length > 0 ? subject.Title : text.Split('\n')[0].Trim() is { Length: > 0 } line ? line : "Mail without a subject";
        return
        [
            new(kind, PostedJson.Key(subject.About.Length > 0 ? subject.About : Thread(mail) ?? title), PostedJson.Cut(title, 200), PostedJson.Cut(text.Length > 0 ? text : title, 2000),
                subject.Severity ?? SeverityOf(mail["importance"].Text), mail["date"].Moment, null, Labels(mail)),
        ];
    }

    // Where the subject says nothing, the mail that began the thread is the problem.
    private static string? Thread(PostedJson mail) => mail["thread"].Text ?? mail["messageId"].Text;

    private static Severity SeverityOf(string? importance) => importance switch { "high" => Severity.Critical, "low" => Severity.Info, _ => Severity.Warning };

    private static Dictionary<string, string> Labels(PostedJson mail) => _labels
        .Select(name => (Name: name, Address: mail[name].Text)).Where(l => l.Address is not null).ToDictionary(l => l.Name, l => PostedJson.Cut(l.Address!, 1000));

    // RFC 3834: monitoring honestly calls its mails auto-generated; what is auto-replied answers a mail of ours, and is no alert.
    private static string? Refusal(PostedJson mail)
    {
        var (automatic, precedence) = (mail["autoSubmitted"].Text?.ToLowerInvariant() ?? "no", mail["precedence"].Text?.ToLowerInvariant());
        return mail["type"].Text is "multipart/report" || Daemons().IsMatch(mail["from"].Text ?? "") ? "This is a report of a mail server about another mail, not an alert."
            : mail["returnPath"].Text == "<>" ? "This mail has no sender to return it to (Return-Path: <>), so it is a bounce or an automatic answer, not an alert."
            : automatic is not ("no" or "auto-generated") ? $"This is an automatic answer (Auto-Submitted: {PostedJson.Cut(automatic, 40)}), not an alert."
            : precedence is "auto_reply" || Away().IsMatch(mail["subject"].Text ?? "") ? "This is an automatic answer of somebody who is away, not an alert."
            : null;
    }

    [GeneratedRegex(@"^(?:mailer-daemon|postmaster)@", RegexOptions.IgnoreCase)]
    private static partial Regex Daemons();

    [GeneratedRegex(@"^(?:auto(?:matic|mated|matische)?[- ]?(?:reply|response|antwort|svar)|out of (?:the )?office|abwesenheit\w*|réponse automatique|respuesta automática)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Away();
}
