using System.Text;

namespace PartnerPortal.SamplePartner;

/// <summary>Sends what is waiting, one after the other; a listener that does not answer with 2xx is tried three more times.</summary>
internal sealed class WebhookDelivery(Webhooks webhooks, IHttpClientFactory clients, TimeProvider clock, ILogger<WebhookDelivery> log) : BackgroundService
{
    public const string ClientName = "webhooks";

    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var delivery in webhooks.Waiting.ReadAllAsync(stoppingToken))
            {
                _ = DeliverAsync(delivery, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The shop is closing.
        }
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken stop)
    {
        try
        {
            foreach (var pause in Pauses)
            {
                await Task.Delay(pause, clock, stop);
                if (await TryAsync(delivery, stop))
                {
                    return;
                }
            }
            log.LogWarning("Gave up telling {Url} about {Message}", delivery.Webhook.Url, delivery.MessageId);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The shop is closing; what was not delivered is lost, as the reader of this sample may find in real shops too.
        }
    }

    private async Task<bool> TryAsync(Delivery delivery, CancellationToken stop)
    {
        var (webhook, messageId, body) = delivery;
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var message = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        message.Headers.Add("webhook-id", messageId);
        message.Headers.Add("webhook-timestamp", $"{timestamp}");
        message.Headers.Add("webhook-signature", Webhooks.Sign(webhook.Secret, messageId, timestamp, body));
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(message, stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
