using System.Text;
using System.Xml.Linq;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>Whoever makes our calls and sends our texts: Twilio, or a provider with the same REST API. Settings <c>Portal__Twilio__*</c>.</summary>
/// <param name="BaseUrl">Where the API is; Twilio's own unless another is named.</param>
/// <param name="AccountSid">The account.</param>
/// <param name="AuthToken">Its secret.</param>
/// <param name="From">The number that calls, in E.164.</param>
public sealed record TwilioOptions(Uri BaseUrl, string AccountSid, string AuthToken, string From)
{
    /// <summary>Reads the settings; null when no account is named: calls and texts are optional.</summary>
    /// <param name="setting">A setting by its name, such as Portal:Twilio:From.</param>
    /// <exception cref="FormatException">A setting cannot be used; the message names it.</exception>
    public static TwilioOptions? Read(Func<string, string?> setting)
    {
        if (setting("Portal:Twilio:AccountSid") is not { Length: > 0 } account)
        {
            return null;
        }

        var token = setting("Portal:Twilio:AuthToken") is { Length: > 0 } secret ? secret : throw new FormatException("Portal__Twilio__AuthToken: enter the account's auth token.");
        var from = setting("Portal:Twilio:From") is { Length: > 0 } number ? number : throw new FormatException("Portal__Twilio__From: enter the number that calls, like +14155550100.");
        var root = setting("Portal:Twilio:BaseUrl") is { Length: > 0 } url ? url : "https://api.twilio.com";
        return Uri.TryCreate(root.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new(address, account.Trim(), token, from.Trim())
            : throw new FormatException($"Portal__Twilio__BaseUrl: \"{root}\" is not a web address.");
    }
}

/// <summary>Text messages by Twilio's REST API (https://www.twilio.com/docs/messaging/api/message-resource).</summary>
public sealed class SmsSender(HttpHandOver http, TwilioOptions? options = null) : ISender
{
    private const int Longest = 480;

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Sms;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var link = message.Text.Url is { } url ? "\n" + url : "";
        var said = $"{message.Text.Title}\n{message.Text.Body}";
        var text = said.Length + link.Length > Longest ? said[..Math.Max(0, Longest - link.Length - 1)] + "…" + link : said + link;
        return TwilioCall.PostAsync(http, options, "Messages.json", message.Address, new("Body", text), cancel);
    }
}

/// <summary>Calls in which a voice reads the message, by Twilio's REST API (https://www.twilio.com/docs/voice/api/call-resource) with the words inside the request.</summary>
public sealed class VoiceSender(HttpHandOver http, TwilioOptions? options = null) : ISender
{
    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Voice;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var lines = message.Text.Body.Split('\n').Where(l => !l.Contains("://", StringComparison.Ordinal)).Take(6);
        var words = $"Partner Portal. {message.Text.Title}. {string.Join(". ", lines)}.";
        var twiml = new XElement("Response", message is { Kind: NotificationKind.Page, Parts.Count: 1, Text.Url: { } link } ? Asked(words, link) : Twice($"{words} Open the message that was sent to you."));
        return TwilioCall.PostAsync(http, options, "Calls.json", message.Address, new("Twiml", twiml.ToString(SaveOptions.DisableFormatting)), cancel);
    }

    // A page of one incident is taken by a key: what is pressed is posted to its signed link. A machine that answers presses nothing.
    private static object[] Asked(string words, string link) =>
    [
        new XElement(
            "Gather", new XAttribute("input", "dtmf"), new XAttribute("numDigits", "1"), new XAttribute("timeout", "10"), new XAttribute("method", "POST"), new XAttribute("action", link + "/keypad"),
            Twice($"{words} Press 1 to take it.")),
        new XElement("Say", "Nothing was pressed. Whoever is next is called, unless somebody takes it."),
    ];

    // Who is woken misses the first words.
    private static object[] Twice(string words) => [new XElement("Say", words), new XElement("Pause", new XAttribute("length", "1")), new XElement("Say", words)];
}

internal static class TwilioCall
{
    public static async Task<Handed> PostAsync(HttpHandOver http, TwilioOptions? options, string resource, string to, KeyValuePair<string, string> content, CancellationToken cancel)
    {
        if (options is null)
        {
            return new(false, Problem: "Calls and texts are not set up here: Portal__Twilio__AccountSid names no account.", Hopeless: true);
        }

        using var form = new FormUrlEncodedContent([new("To", to), new("From", options.From), content]);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AccountSid}:{options.AuthToken}"));
        var url = new Uri(options.BaseUrl, $"2010-04-01/Accounts/{Uri.EscapeDataString(options.AccountSid)}/{resource}").ToString();
        return await http.PostAsync(url, await form.ReadAsByteArrayAsync(cancel), "application/x-www-form-urlencoded", cancel, new KeyValuePair<string, string>("Authorization", $"Basic {credentials}"));
    }
}
