using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>One committed change, as the database announced it.</summary>
/// <param name="Kind">What kind of thing: partner, contact, answer.</param>
/// <param name="Id">Which one.</param>
/// <param name="PartnerId">The partner it belongs to.</param>
/// <param name="Transaction">PostgreSQL's number of the transaction that made it; 0 when it is not known.</param>
public sealed record Change(string Kind, Guid Id, Guid? PartnerId, uint Transaction = 0);

/// <summary>Tells open pages and modules what was committed, by this process or another: PostgreSQL's NOTIFY, raised by a trigger on the audit log.</summary>
/// <remarks>A lost connection loses announcements, never data: after a reconnect everybody is told to look again (<see cref="Everything"/>).</remarks>
public sealed class ChangeFeed(NpgsqlDataSource source, ILogger<ChangeFeed> log, TimeProvider clock) : BackgroundService
{
    /// <summary>The channel that the trigger notifies.</summary>
    public const string Channel = "portal_changes";

    /// <summary>Announced after a gap: look at whatever you show.</summary>
    public static Change Everything { get; } = new("everything", Guid.Empty, null);

    private readonly ConcurrentDictionary<Guid, Action<Change>> _listeners = new();

    /// <summary>Calls back on every change until disposed. The callback must return at once.</summary>
    public IDisposable Subscribe(Action<Change> listener)
    {
        var key = Guid.NewGuid();
        _listeners[key] = listener;
        return new Subscription(() => _listeners.TryRemove(key, out _));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The change feed lost its connection and tries again: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, e) => Announce(Read(e.Payload));
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }

        Announce(Everything);
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    private void Announce(Change change)
    {
        foreach (var listener in _listeners.Values)
        {
            try
            {
                listener(change);
            }
            catch (Exception e)
            {
                log.LogError(e, "A listener of the change feed failed");
            }
        }
    }

    private static Change Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Change>(payload, JsonSerializerOptions.Web) ?? Everything;
        }
        catch (JsonException)
        {
            return Everything;
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
