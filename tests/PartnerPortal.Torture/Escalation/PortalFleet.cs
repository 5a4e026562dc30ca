using System.Collections.Concurrent;

namespace PartnerPortal.Torture.Escalation;

/// <summary>Several portals on one database. They are killed at random moments, come back, and so does their PostgreSQL.</summary>
internal sealed class PortalFleet(DataDirectory data, int size, Random random, (string Name, string Value)[] settings) : IAsyncDisposable
{
    private readonly PortalProcess?[] _portals = new PortalProcess?[size];
    private readonly ConcurrentDictionary<int, Task> _starting = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _outages = [];
    private DateTimeOffset? _deadSince;

    /// <summary>What was killed so far.</summary>
    public ConcurrentQueue<Kill> Kills { get; } = [];

    /// <summary>When no portal lived: from the kill of the last one until another was ready.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Outages
    {
        get
        {
            lock (_outages)
            {
                return [.. _outages, .. _deadSince is { } since ? [(since, Now)] : Array.Empty<(DateTimeOffset, DateTimeOffset)>()];
            }
        }
    }

    /// <summary>Starts that failed and were tried again, and why: a portal may meet a database that is away.</summary>
    public ConcurrentQueue<string> FailedStarts { get; } = [];

    /// <summary>How long starts took, in seconds.</summary>
    public ConcurrentQueue<double> Starts { get; } = [];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Starts all portals and waits until they are ready.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        await StartAsync(0, cancel);
        await Task.WhenAll(Enumerable.Range(1, size - 1).Select(n => StartAsync(n, cancel)));
    }

    /// <summary>Speaks to any portal that lives; null while none does.</summary>
    public HttpClient? Any(Random chance)
    {
        var living = _portals.OfType<PortalProcess>().ToList();
        return living.Count == 0 ? null : living[chance.Next(living.Count)].Http;
    }

    /// <summary>Kills for a while: mostly a portal, now and then PostgreSQL.</summary>
    public async Task KillAsync(TimeSpan length, CancellationToken cancel)
    {
        var until = Now + length;
        while (true)
        {
            await Task.Delay(random.Next(500, 4000), cancel);
            if (Now >= until)
            {
                return;
            }

            var living = Enumerable.Range(0, size).Where(n => _portals[n] is not null).ToList();
            if (random.Next(6) == 0 && living.Count > 0 && data.ServerRuns)
            {
                Kills.Enqueue(new(Now, Database: true));
                await data.CrashServerAsync();
            }
            else if (living.Count > 1 || (living.Count == 1 && random.Next(3) == 0))
            {
                // Now and then all of them, else there would be nobody to page for most of the time on a slow machine.
                var victim = living[random.Next(living.Count)];
                var portal = _portals[victim]!;
                Place(victim, null);
                Kills.Enqueue(new(Now, Database: false));
                await portal.KillAsync();
                await portal.DisposeAsync();
                _starting[victim] = StartAsync(victim, cancel);
            }
        }
    }

    /// <summary>Waits until all portals are ready again.</summary>
    public Task UntilAllLiveAsync() => Task.WhenAll(_starting.Values);

    public async ValueTask DisposeAsync()
    {
        await UntilAllLiveAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var portal in _portals.OfType<PortalProcess>())
        {
            await portal.DisposeAsync();
        }
    }

    private void Place(int place, PortalProcess? portal)
    {
        lock (_outages)
        {
            _portals[place] = portal;
            if (portal is null)
            {
                _deadSince = Array.TrueForAll(_portals, p => p is null) ? Now : null;
            }
            else if (_deadSince is { } since)
            {
                _outages.Add((since, Now));
                _deadSince = null;
            }
        }
    }

    // A portal that starts in the moment in which PostgreSQL dies may say so and end, and on a busy machine it may take long; an operator's service manager
    // starts it again.
    private async Task StartAsync(int place, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var portal = await PortalProcess.StartAsync(data.Path, cancel, settings);
                Starts.Enqueue(portal.StartedIn.TotalSeconds);
                Place(place, portal);
                return;
            }
            catch (Exception e) when (tries < 5 && (e is InvalidOperationException or TimeoutException))
            {
                FailedStarts.Enqueue(e.Message);
            }
        }
    }
}
