using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Engine.Escalation.Senders;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Escalation;

/// <summary>Sends what waits in the outbox for one channel. Every portal does it and the leases share the work; each channel has a module of its own, so a slow one holds up no other.</summary>
public sealed class NotificationModule(ISender sender, NotificationStore store, TimeProvider clock, ILogger<NotificationModule> log) : IEngineModule
{
    private const int AtOnce = 8;
    private readonly Breaker _breaker = new(clock);

    // With the time that a channel tries, still within the lease.
    private static readonly TimeSpan _longestOutage = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Name => $"send by {Words.Of(sender.Kind)}";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        List<Task> begun = [];
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var room = AtOnce - begun.Count;
                begun.AddRange((room == 0 ? [] : await store.ClaimAsync(sender.Kind, room, cancel)).Select(SendAsync));
                if (begun.Count == 0)
                {
                    return;
                }

                // One that hangs keeps its own place and nobody else's.
                await Task.WhenAny([.. begun, Task.Delay(Every, CancellationToken.None)]);
                var ended = begun.Where(t => t.IsCompleted).ToList();
                begun.RemoveAll(ended.Contains);
                await Task.WhenAll(ended);
            }
        }
        finally
        {
            await Task.WhenAll(begun);
        }
    }

    // What was begun is brought to its end, within the channel's own time limit, also when this run's time is over or the portal stops:
    // a message that is cut off would count as caught by a crash. What became of it is written down in any case.
    private async Task SendAsync(Leased message)
    {
        var handed = await TryAsync(message);
        if (handed.Accepted)
        {
            await WriteDownAsync(() => store.SentAsync(message, handed.ProviderId, CancellationToken.None));
            return;
        }

        var again = handed.Hopeless ? null : Retries.After(message.Attempts, clock.GetUtcNow() - message.CreatedAt);
        log.LogWarning("A {Kind} by {Channel} was not accepted and {Fate}: {Problem}", message.Kind, message.Channel, again is null ? "is given up" : "is tried again", handed.Problem);
        await WriteDownAsync(() => store.FailedAsync(message, handed.Problem ?? "It was not accepted.", again, CancellationToken.None));
    }

    // A message that was accepted while the database crashed would be sent again by whoever finds it: as long as the lease holds, the database is waited for.
    private static async Task WriteDownAsync(Func<Task> write)
    {
        for (var outage = Stopwatch.StartNew(); ;)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception e) when (DatabaseAway.Is(e) && outage.Elapsed < _longestOutage)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250));
            }
        }
    }

    private async Task<Handed> TryAsync(Leased message)
    {
        if (message.Gone)
        {
            return new(false, Problem: "This channel was removed before it was used.", Hopeless: true);
        }

        var destination = DestinationOf(message);
        if (_breaker.OpenUntil(destination) is { } until)
        {
            return new(false, Problem: FormattableString.Invariant($"{destination} failed three times in a row and is not used until {until.UtcDateTime:HH:mm:ss} UTC."));
        }

        var handed = await HandOverAsync(message);
        // A wrong address says nothing about whoever would have taken it.
        _breaker.Report(destination, handed.Accepted || handed.Hopeless);
        return handed;
    }

    // What fails together: the mail server, the telephone provider, one host.
    private static string DestinationOf(Leased message) =>
        message.Channel is ChannelKind.Mail or ChannelKind.Sms or ChannelKind.Voice || !Uri.TryCreate(message.Secret is { } secret && secret.Contains("://", StringComparison.Ordinal) ? secret : message.Address, UriKind.Absolute, out var url)
            ? Words.Label(message.Channel)
            : url.Authority;

    private async Task<Handed> HandOverAsync(Leased message)
    {
        try
        {
            return await sender.SendAsync(message, CancellationToken.None);
        }
        catch (Exception e)
        {
            return new(false, Problem: e.Message);
        }
    }
}
