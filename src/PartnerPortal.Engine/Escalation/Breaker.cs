using System.Collections.Concurrent;

namespace PartnerPortal.Engine.Escalation;

/// <summary>
/// Keeps a portal from waiting for a destination that does not answer: after three failures in a row nothing is handed to it for half a minute,
/// so that a page goes to the next channel at once instead of after a time-out. Then one message tries. Kept in memory: each portal finds out for itself.
/// </summary>
internal sealed class Breaker(TimeProvider clock)
{
    /// <summary>How long nothing is handed over.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private const int Failures = 3;
    private readonly ConcurrentDictionary<string, (int Failed, DateTimeOffset? OpenUntil)> _destinations = new(StringComparer.Ordinal);

    /// <summary>Until when nothing is handed to a destination; null when it may be tried. The one who asks after the rest tries, the others still wait.</summary>
    public DateTimeOffset? OpenUntil(string destination)
    {
        var now = clock.GetUtcNow();
        if (!_destinations.TryGetValue(destination, out var state) || state.OpenUntil is not { } until)
        {
            return null;
        }

        if (until > now)
        {
            return until;
        }

        return _destinations.TryUpdate(destination, state with { OpenUntil = now + Rest }, state) ? null : now + Rest;
    }

    /// <summary>A hand-over ended.</summary>
    public void Report(string destination, bool good)
    {
        if (good)
        {
            _destinations.TryRemove(destination, out _);
            return;
        }

        _destinations.AddOrUpdate(
            destination, (1, null), (_, state) => state.Failed + 1 >= Failures ? (state.Failed + 1, clock.GetUtcNow() + Rest) : (state.Failed + 1, state.OpenUntil));
    }
}
