using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>Slack's incoming webhooks, and those of Mattermost, Rocket.Chat and Discord (/slack) that take the same body: text with a link, one attachment in the colour of the severity.</summary>
public sealed class SlackSender(HttpHandOver http) : ISender
{
    private static readonly string[] _marked = ["text"];

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Slack;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var text = message.Text;
        var open = text.Url is { } url ? $"<{url}|Open and acknowledge>" : null;
        return http.PostAsync(message.Secret ?? message.Address, new
        {
            text = Escape(text.Title),
            attachments = new[]
            {
                new
                {
                    color = Colour(text.Severity, message.Kind),
                    fallback = text.Title,
                    text = string.Join('\n', new[] { Escape(text.Body), open, message.PossiblyTwice ? "_This may have reached you before._" : null }.OfType<string>()),
                    mrkdwn_in = _marked,
                },
            },
        }, cancel);
    }

    // Slack reads these three; https://api.slack.com/reference/surfaces/formatting#escaping
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    internal static string Colour(Severity? severity, NotificationKind kind) => kind == NotificationKind.Resolved ? "#1a7f37" : severity switch
    {
        Severity.Critical => "#c9372c",
        Severity.Warning => "#b35900",
        _ => "#5e6c84",
    };
}

/// <summary>Incoming webhooks of Teams (Workflows): a message with one adaptive card, whose button opens the incident.</summary>
public sealed class TeamsSender(HttpHandOver http) : ISender
{
    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Teams;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var text = message.Text;
        List<object> body =
        [
            new { type = "TextBlock", text = text.Title, weight = "bolder", size = "medium", wrap = true, color = message.Kind == NotificationKind.Page ? "attention" : "default" },
            .. text.Body.Split('\n').Where(l => l.Length > 0).Select(l => new { type = "TextBlock", text = l, wrap = true, spacing = "none" }),
            .. message.PossiblyTwice ? [new { type = "TextBlock", text = "This may have reached you before.", isSubtle = true, wrap = true }] : Array.Empty<object>(),
        ];
        return http.PostAsync(message.Secret ?? message.Address, new
        {
            type = "message",
            attachments = new[]
            {
                new
                {
                    contentType = "application/vnd.microsoft.card.adaptive",
                    content = new
                    {
                        type = "AdaptiveCard",
                        version = "1.4",
                        body,
                        actions = text.Url is { } url ? new[] { new { type = "Action.OpenUrl", title = "Open and acknowledge", url } } : [],
                    },
                },
            },
        }, cancel);
    }
}

/// <summary>ntfy (https://docs.ntfy.sh/publish/): JSON posted to the server's root, with the topic inside.</summary>
public sealed class NtfySender(HttpHandOver http) : ISender
{
    private static readonly string[] _paging = ["rotating_light"];
    private static readonly string[] _over = ["white_check_mark"];

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Ntfy;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var address = message.Address.TrimEnd('/');
        var cut = address.LastIndexOf('/');
        var (root, topic, text) = (address[..cut], address[(cut + 1)..], message.Text);
        return http.PostAsync(root, new
        {
            topic,
            title = text.Title,
            message = message.PossiblyTwice ? $"{text.Body}\n(This may have reached you before.)" : text.Body,
            priority = message.Kind == NotificationKind.Page ? text.Severity == Severity.Critical ? 5 : 4 : 3,
            tags = message.Kind switch { NotificationKind.Page => _paging, NotificationKind.Resolved => _over, _ => [] },
            click = text.Url,
            actions = text.Url is { } url ? new[] { new { action = "view", label = "Open and acknowledge", url } } : null,
        }, cancel, message.Secret is { } token ? [new("Authorization", $"Bearer {token}")] : []);
    }
}
