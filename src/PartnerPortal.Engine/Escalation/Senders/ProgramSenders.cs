using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>A webhook signed as Standard Webhooks 1.0.0 (https://www.standardwebhooks.com) asks for: id, timestamp and HMAC-SHA256 over both and the body. The id stays the same when it is sent again.</summary>
public sealed class WebhookSender(HttpHandOver http, TimeProvider clock) : ISender
{
    private const string Mark = "whsec_";

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Webhook;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var text = message.Text;
        var at = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            type = $"incident.{Words.Of(message.Kind)}",
            timestamp = at,
            data = new { incident = text.IncidentLabel, incidentId = message.IncidentId, severity = text.Severity is { } severity ? Words.Of(severity) : null, title = text.Title, text = text.Body, url = text.Url, possiblyTwice = message.PossiblyTwice },
        }, HttpHandOver.Json);
        var (id, seconds) = ("msg_" + message.Parts[0].Id.ToString("N"), at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return http.PostAsync(message.Address, body, "application/json", cancel, new("webhook-id", id), new("webhook-timestamp", seconds), new("webhook-signature", Sign(message.Secret ?? "", id, seconds, body)));
    }

    /// <summary>The signature of a body.</summary>
    /// <param name="secret"><c>whsec_</c> and Base64, or any text, whose bytes are the key then.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="seconds">Seconds since 1970.</param>
    /// <param name="body">The body as it is sent.</param>
    internal static string Sign(string secret, string id, string seconds, byte[] body)
    {
        var key = new byte[secret.Length];
        var bytes = secret.StartsWith(Mark, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Mark.Length..], key, out var length) ? key[..length] : Encoding.UTF8.GetBytes(secret);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(bytes, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body]));
    }
}

/// <summary>A PagerDuty service, by Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview): one incident there for each of ours, acknowledged and resolved with it.</summary>
public sealed class PagerDutySender(HttpHandOver http, PortalAddress portal) : ISender
{
    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Pagerduty;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var text = message.Text;
        var action = message.Kind switch { NotificationKind.Acknowledged => "acknowledge", NotificationKind.Resolved => "resolve", _ => "trigger" };
        return http.PostAsync($"{message.Address}/v2/enqueue", new
        {
            routing_key = message.Secret,
            event_action = action,
            dedup_key = ServiceKey.Of(message),
            client = "PartnerPortal",
            client_url = text.Url,
            links = text.Url is { } url ? new[] { new { href = url, text = "Open in PartnerPortal" } } : null,
            payload = action != "trigger" ? null : new
            {
                summary = text.Title,
                source = portal.Public?.Host ?? "partnerportal",
                severity = message.Kind == NotificationKind.Test ? "info" : text.Severity switch { Severity.Critical => "critical", Severity.Warning => "warning", _ => "info" },
                custom_details = new { text = text.Body },
            },
        }, cancel);
    }
}

/// <summary>An Opsgenie service, by its alert API (https://docs.opsgenie.com/docs/alert-api): one alert there for each incident here, acknowledged and closed with it.</summary>
public sealed class OpsgenieSender(HttpHandOver http) : ISender
{
    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Opsgenie;

    /// <inheritdoc/>
    public Task<Handed> SendAsync(Leased message, CancellationToken cancel)
    {
        var (text, alias) = (message.Text, ServiceKey.Of(message));
        var key = new KeyValuePair<string, string>("Authorization", $"GenieKey {message.Secret}");
        return message.Kind switch
        {
            NotificationKind.Acknowledged => http.PostAsync($"{message.Address}/v2/alerts/{alias}/acknowledge?identifierType=alias", new { source = "PartnerPortal", note = text.Body }, cancel, key),
            NotificationKind.Resolved => http.PostAsync($"{message.Address}/v2/alerts/{alias}/close?identifierType=alias", new { source = "PartnerPortal", note = text.Body }, cancel, key),
            _ => http.PostAsync($"{message.Address}/v2/alerts", new
            {
                message = text.Title.Length > 130 ? text.Title[..130] : text.Title,
                alias,
                description = text.Url is { } url ? $"{text.Body}\n{url}" : text.Body,
                source = "PartnerPortal",
                priority = message.Kind == NotificationKind.Test ? "P5" : text.Severity switch { Severity.Critical => "P1", Severity.Warning => "P3", _ => "P4" },
            }, cancel, key),
        };
    }
}

/// <summary>What other pagers call our incident. Their reports name it, too.</summary>
public static class ServiceKey
{
    private const string Mark = "partnerportal-";

    /// <summary>The key of a message: that of its incident, or its own when it is about none.</summary>
    public static string Of(Leased message) => Mark + (message.IncidentId ?? message.Parts[0].Id).ToString("N");

    /// <summary>The incident of a key; null when it is not one of ours.</summary>
    public static Guid? Incident(string? key) => key is not null && key.StartsWith(Mark, StringComparison.Ordinal) && Guid.TryParseExact(key[Mark.Length..], "N", out var id) ? id : null;
}
