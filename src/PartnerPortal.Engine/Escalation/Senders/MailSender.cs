using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>Mail over SMTP (RFC 5321). The Message-ID is made of the message's key, so that a second copy is known as the same mail.</summary>
public sealed class MailSender(MailOptions? options = null) : ISender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Mail;

    /// <inheritdoc/>
    public async Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        if (options is null)
        {
            return new(false, Problem: "Mail is not set up here: Portal__Mail__Host names no server.", Hopeless: true);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
            await client.ConnectAsync(options.Host, options.Port, options.Security, limit.Token);
            if (options is { User: { } user, Token: { } token })
            {
                await client.AuthenticateAsync(new SaslMechanismOAuth2(user, token), limit.Token);
            }
            else if (options is { User: { } name, Password: { } password })
            {
                await client.AuthenticateAsync(name, password, limit.Token);
            }

            var answer = await client.SendAsync(Write(message, options), limit.Token);
            await client.DisconnectAsync(true, CancellationToken.None);
            return new(true, answer);
        }
        catch (SmtpCommandException e)
        {
            // A permanent answer about the recipient stays so; anything else may pass.
            return new(false, Problem: $"The mail server answered {(int)e.StatusCode}: {e.Message}", Hopeless: e.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)e.StatusCode >= 550);
        }
        catch (AuthenticationException)
        {
            return new(false, Problem: "The mail server does not accept our sign-in.");
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolException or SslHandshakeException or NotSupportedException or ServiceNotConnectedException
            or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return new(false, Problem: e is OperationCanceledException ? "The mail server did not answer in time." : $"The mail server cannot be used: {e.Message}");
        }
    }

    /// <summary>The mail of a message.</summary>
    internal static MimeMessage Write(Leased message, MailOptions options)
    {
        var text = message.Text;
        var mail = new MimeMessage { Subject = text.Title, MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Key)))[..40]}@{options.From.Domain}" };
        mail.From.Add(options.From);
        mail.To.Add(new MailboxAddress(message.RecipientName, message.Address));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        if (message.Kind == NotificationKind.Page)
        {
            mail.Importance = MessageImportance.High;
        }

        if (text.IncidentLabel is { } label)
        {
            // Mail programs show everything about one incident together.
            mail.References.Add($"{label.ToLowerInvariant()}@{options.From.Domain}");
        }

        var again = message.PossiblyTwice ? "\n\n(This may have reached you before.)" : "";
        var body = new BodyBuilder
        {
            TextBody = $"{text.Body}{(text.Url is { } url ? $"\n\nOpen and acknowledge: {url}" : "")}{again}\n",
            HtmlBody = $"<p style=\"white-space:pre-line\">{WebUtility.HtmlEncode(text.Body)}</p>"
                + (text.Url is { } link ? $"<p><a href=\"{WebUtility.HtmlEncode(link)}\" style=\"display:inline-block;padding:14px 24px;background:#3F33C4;color:#fff;border-radius:6px;text-decoration:none;font-weight:600\">Open and acknowledge</a></p>" : "")
                + (again.Length > 0 ? "<p>This may have reached you before.</p>" : ""),
        };
        mail.Body = body.ToMessageBody();
        return mail;
    }
}
