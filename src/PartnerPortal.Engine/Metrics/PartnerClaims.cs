using System.Collections.Concurrent;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// The partners that this portal scrapes, by lease. A claim ends a little before its lease does, so that two portals never
/// believe in it together; even if they did, the fencing number keeps the older one's rows out of the log.
/// </summary>
public sealed class PartnerClaims(LeaseStore leases, TimeProvider clock)
{
    private const string Member = "portal:";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<Guid, long> _held = new();
    private long _goodUntil;

    /// <summary>The partners claimed now.</summary>
    public ICollection<Guid> Held => IsGood ? _held.Keys : [];

    private bool IsGood => clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _goodUntil);

    /// <summary>
    /// How long a lease holds: short enough that others, which look twice a second, miss one scrape of a dead portal's partners
    /// when the interval is 4 s or more; long enough that a busy moment costs nobody the lease, so no shorter for a shorter interval.
    /// </summary>
    public static TimeSpan LengthFor(TimeSpan interval) => TimeSpan.FromSeconds(Math.Clamp(interval.TotalSeconds * 0.6, Shortest.TotalSeconds, Longest.TotalSeconds));

    /// <summary>The claim on a partner, or null when another portal has it or the lease is about to end.</summary>
    public PartnerClaim? On(Guid partner) => IsGood && _held.TryGetValue(partner, out var fence) ? new PartnerClaim(partner, fence) : null;

    /// <summary>Which of the partners fall to this portal, by the portals that live.</summary>
    public async Task<IReadOnlySet<Guid>> ShareAsync(IReadOnlyCollection<Guid> partners, CancellationToken cancel)
    {
        var living = (await leases.HeldAsync(Member, cancel)).Select(name => Guid.Parse(name.AsSpan(Member.Length)));
        return PartnerShare.Of(partners, living, leases.Owner);
    }

    /// <summary>Takes or renews the leases on partners and returns those that were got, with their fencing numbers; claims on others end.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> TakeAsync(IReadOnlyCollection<Guid> partners, TimeSpan length, CancellationToken cancel)
    {
        // Counted from before the question, so that ours ends before the database's.
        var asked = clock.GetUtcNow();
        var names = partners.Select(PartnerClaim.LeaseOf).Append(Member + leases.Owner).ToList();
        var taken = (await leases.TakeAsync(names, length, cancel))
            .Where(t => t.Key.StartsWith(PartnerClaim.Prefix, StringComparison.Ordinal))
            .ToDictionary(t => Guid.Parse(t.Key.AsSpan(PartnerClaim.Prefix.Length)), t => t.Value);
        foreach (var gone in _held.Keys.Where(p => !taken.ContainsKey(p)))
        {
            _held.TryRemove(gone, out _);
        }

        foreach (var (partner, fence) in taken)
        {
            _held[partner] = fence;
        }

        Interlocked.Exchange(ref _goodUntil, (asked + length - Margin).UtcTicks);
        return taken;
    }

    /// <summary>Says that this portal stops, keeping the claims for a last time, and answers whether another one is there to take over.</summary>
    public async Task<bool> LeaveAsync(IReadOnlyCollection<Guid> partners, TimeSpan length, CancellationToken cancel)
    {
        await TakeAsync(partners, length, cancel);
        await leases.ReleaseAsync([Member + leases.Owner], cancel);
        return (await leases.HeldAsync(Member, cancel)).Count > 0;
    }

    /// <summary>Ends claims, so that another portal need not wait.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<Guid> partners, CancellationToken cancel)
    {
        foreach (var partner in partners)
        {
            _held.TryRemove(partner, out _);
        }

        await leases.ReleaseAsync([.. partners.Select(PartnerClaim.LeaseOf)], cancel);
    }
}
