using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Engine.Escalation.Channels;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Escalation;

/// <summary>Sends what waits in the outbox. Every portal does it; the leases share the work, and a slow channel holds up no other.</summary>
public sealed class NotificationModule(NotificationStore store, IEnumerable<IChannel> channels, TimeProvider clock, ILogger<NotificationModule> log) : IEngineModule
{
    private const int AtOnce = 8;
    private readonly Dictionary<ChannelKind, IChannel> _channels = channels.ToDictionary(c => c.Kind);

    /// <inheritdoc/>
    public string Name => "send notifications";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(Enum.GetValues<ChannelKind>().Select(kind => SendAllAsync(kind, cancel)));

    private async Task SendAllAsync(ChannelKind kind, CancellationToken cancel)
    {
        while (await store.ClaimAsync(kind, AtOnce, cancel) is { Count: > 0 } taken)
        {
            await Task.WhenAll(taken.Select(message => SendAsync(message, cancel)));
        }
    }

    private async Task SendAsync(Leased message, CancellationToken cancel)
    {
        var handed = _channels.TryGetValue(message.Channel, out var channel)
            ? await TryAsync(channel, message, cancel)
            : new Handed(false, Problem: "This portal knows no such channel.", Hopeless: true);
        if (handed.Accepted)
        {
            // What the next hop has must be written down, even when the portal is about to stop.
            await store.SentAsync(message, handed.ProviderId, CancellationToken.None);
            return;
        }

        var again = handed.Hopeless ? null : Retries.After(message.Attempts, clock.GetUtcNow() - message.CreatedAt);
        log.LogWarning("A {Kind} by {Channel} was not accepted and {Fate}: {Problem}", message.Kind, message.Channel, again is null ? "is given up" : "is tried again", handed.Problem);
        await store.FailedAsync(message, handed.Problem ?? "It was not accepted.", again, CancellationToken.None);
    }

    private static async Task<Handed> TryAsync(IChannel channel, Leased message, CancellationToken cancel)
    {
        try
        {
            return await channel.SendAsync(message, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            return new(false, Problem: e.Message);
        }
    }
}
