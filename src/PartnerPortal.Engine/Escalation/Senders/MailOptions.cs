using MailKit.Security;
using MimeKit;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>The mail server that takes the portal's mail. Settings <c>Portal__Mail__*</c>.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">587 with STARTTLS, 465 with TLS from the start, 25 without.</param>
/// <param name="Security">How the connection is protected.</param>
/// <param name="User">Who signs in; null for nobody.</param>
/// <param name="Password">Their password; null with a token.</param>
/// <param name="Token">An OAuth 2 access token for XOAUTH2; null with a password.</param>
/// <param name="From">Who writes.</param>
public sealed record MailOptions(string Host, int Port, SecureSocketOptions Security, string? User, string? Password, string? Token, MailboxAddress From)
{
    /// <summary>Reads the settings; null when no host is named: mail is optional.</summary>
    /// <param name="setting">A setting by its name, such as Portal:Mail:Host.</param>
    /// <exception cref="FormatException">A setting cannot be used; the message names it.</exception>
    public static MailOptions? Read(Func<string, string?> setting)
    {
        if (setting("Portal:Mail:Host") is not { Length: > 0 } host)
        {
            return null;
        }

        var (security, usual) = (setting("Portal:Mail:Security") ?? "starttls").Trim().ToLowerInvariant() switch
        {
            "starttls" => (SecureSocketOptions.StartTls, 587),
            "tls" => (SecureSocketOptions.SslOnConnect, 465),
            "none" => (SecureSocketOptions.None, 25),
            var other => throw new FormatException($"Portal__Mail__Security: \"{other}\" is none of starttls, tls and none."),
        };
        var port = setting("Portal:Mail:Port") is not { Length: > 0 } text ? usual : int.TryParse(text, out var number) && number is > 0 and < 65536 ? number
            : throw new FormatException($"Portal__Mail__Port: \"{text}\" is not a port.");
        var from = MailboxAddress.TryParse(setting("Portal:Mail:From"), out var address) ? address
            : throw new FormatException("Portal__Mail__From: write who sends the portal's mail, for example PartnerPortal <portal@example.com>.");
        return new(host.Trim(), port, security, Text(setting("Portal:Mail:User")), Text(setting("Portal:Mail:Password")), Text(setting("Portal:Mail:Token")), from);
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
