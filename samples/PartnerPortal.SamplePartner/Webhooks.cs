using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace PartnerPortal.SamplePartner;

internal sealed record WebhookRequest(string? Url, string[]? Events);

internal sealed record Webhook(string Id, string Url, IReadOnlyList<string> Events, string Secret);

internal sealed record Delivery(Webhook Webhook, string MessageId, string Body);

/// <summary>Who wants to be told, and what is waiting to be told. Signed as https://www.standardwebhooks.com describes.</summary>
internal sealed class Webhooks(TimeProvider clock)
{
    public static readonly IReadOnlyList<string> Kinds = ["purchase.completed", "refund.completed"];

    private readonly ConcurrentDictionary<string, Webhook> _registered = new();
    private readonly Channel<Delivery> _waiting = Channel.CreateBounded<Delivery>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<Delivery> Waiting => _waiting.Reader;

    public int Depth => _waiting.Reader.Count;

    public Webhook Register(string url, IReadOnlyList<string> events)
    {
        var secret = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        var webhook = new Webhook("whk_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), url, events, secret);
        return _registered[webhook.Id] = webhook;
    }

    public IEnumerable<Webhook> List() => _registered.Values.OrderBy(webhook => webhook.Id, StringComparer.Ordinal);

    public bool Remove(string id) => _registered.TryRemove(id, out _);

    public void Announce(string kind, Purchase purchase)
    {
        foreach (var webhook in _registered.Values.Where(webhook => webhook.Events.Contains(kind)))
        {
            var body = JsonSerializer.Serialize(new { type = kind, timestamp = clock.GetUtcNow(), data = purchase }, JsonSerializerOptions.Web);
            _waiting.Writer.TryWrite(new Delivery(webhook, "msg_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), body));
        }
    }

    /// <summary>HMAC-SHA256 over "id.timestamp.body", keyed by the decoded secret.</summary>
    public static string Sign(string secret, string messageId, long timestamp, string body)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{messageId}.{timestamp}.{body}")));
    }
}

internal static class WebhooksEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/webhooks");
        group.MapPost("", (Webhooks webhooks, WebhookRequest request) =>
        {
            var events = request.Events is { Length: > 0 } chosen ? chosen : [.. Webhooks.Kinds];
            if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                return Results.Problem("url must be an absolute http or https address.", statusCode: 422, title: "Bad address");
            }
            if (events.Except(Webhooks.Kinds).FirstOrDefault() is { } unknown)
            {
                return Results.Problem($"{unknown} is no event; there are {string.Join(", ", Webhooks.Kinds)}.", statusCode: 422, title: "Unknown event");
            }
            var webhook = webhooks.Register(url.ToString(), events);
            return Results.Created($"/v1/webhooks/{webhook.Id}", webhook);
        }).WithName("createWebhook").RequireToken();

        group.MapGet("", (Webhooks webhooks) => Results.Ok(new { items = webhooks.List().Select(hook => new { hook.Id, hook.Url, hook.Events }) }))
            .WithName("listWebhooks").RequireToken();

        group.MapDelete("/{id}", (Webhooks webhooks, string id) => webhooks.Remove(id)
            ? Results.NoContent()
            : Results.Problem($"There is no webhook {id}.", statusCode: 404, title: "Unknown webhook")).WithName("deleteWebhook").RequireToken();
    }
}
