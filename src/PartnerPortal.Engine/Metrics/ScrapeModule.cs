using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Keeps one scraper running per source of the partners that fall to this portal. Each scraper has its own pace and its own
/// line to its partner, so a slow one delays nobody. Runs in every portal; leases on partners decide who scrapes what.
/// </summary>
public sealed class ScrapeModule(
    MetricSourceStore sources, PartnerClaims claims, ScrapeLog log, Heads heads, Func<MetricSource, SourceScraper> make, ChangeFeed changes, TimeProvider clock,
    ILogger<ScrapeModule> logger) : IEngineModule, IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookForAMoment = TimeSpan.FromMilliseconds(50);

    // Two looks of whoever takes over.
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(1);

    // Less than the shortest lease: nobody waits for ever for a moment that does not come.
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(2.4);

    private readonly Dictionary<Guid, RunningScraper> _running = [];
    private readonly Dictionary<Guid, DateTimeOffset> _leaving = [];
    private IReadOnlyDictionary<Guid, long> _ours = new Dictionary<Guid, long>();
    private IReadOnlyDictionary<Guid, MetricSource> _active = new Dictionary<Guid, MetricSource>();
    private IReadOnlyList<Guid> _partners = [];
    private HashSet<Guid> _takenOver = [];
    private TimeSpan _lease;
    private DateTimeOffset _looked;
    private DateTimeOffset _renewed;
    private IDisposable? _listening;
    private Task _replaying = Task.CompletedTask;
    private volatile bool _changed = true;

    /// <inheritdoc/>
    public string Name => "scrape";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        _listening ??= changes.Subscribe(change => _changed |= change == ChangeFeed.Everything || change.Kind is "metric source" or "partner");
        var now = clock.GetUtcNow();
        var known = _looked != default;
        var look = _changed || now - _looked >= LookAgain;
        if (look)
        {
            _changed = false;
            (_active, _partners) = ((await sources.ActiveAsync(cancel)).ToDictionary(s => s.Id), await sources.PartnersAsync(cancel));
            _lease = PartnerClaims.LengthFor(_active.Values.Select(s => s.Interval).DefaultIfEmpty(TimeSpan.FromMinutes(1)).Min());
            _looked = now;
        }

        // Looked at each time, so that what a stopped portal leaves is taken within a moment; renewed only now and then.
        var share = await claims.ShareAsync(_partners, cancel);
        var shared = look || now - _renewed >= _lease / 3 || !share.SetEquals(_ours.Keys);
        if (shared)
        {
            await ShareAsync(share, cancel);
            _renewed = now;
        }

        if (look || shared)
        {
            await ReconcileAsync(known);
            _takenOver = [];
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (_running.Count > 0 && await claims.LeaveAsync(_ours.Keys.ToList(), _lease, cancel))
        {
            for (var until = clock.GetUtcNow() + MostPatience; _ours.Count > 0 && clock.GetUtcNow() < until; await Task.Delay(LookForAMoment, clock, cancel))
            {
                var given = _ours.Keys.Where(HasAMoment).ToHashSet();
                await GiveAsync(given, cancel);
                _ours = _ours.Where(o => !given.Contains(o.Key)).ToDictionary();
            }
        }

        await Task.WhenAll(_running.Values.Select(r => r.DisposeAsync().AsTask()));
        _running.Clear();
        await log.FlushAsync(cancel);
    }

    /// <summary>Ends all scrapers.</summary>
    public async ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        await Task.WhenAll(_running.Values.Select(r => r.DisposeAsync().AsTask()));
        _running.Clear();
        await _replaying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Renews what is ours, gives away what falls to others, takes what is free and falls to us.</summary>
    private async Task ShareAsync(IReadOnlySet<Guid> share, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var leaving = _ours.Keys.Where(p => !share.Contains(p)).ToDictionary(p => p, p => _leaving.GetValueOrDefault(p, now));
        var given = leaving.Where(l => HasAMoment(l.Key) || now - l.Value >= MostPatience).Select(l => l.Key).ToHashSet();
        await GiveAsync(given, cancel);
        _leaving.Clear();
        foreach (var (partner, since) in leaving.Where(l => !given.Contains(l.Key)))
        {
            _leaving[partner] = since;
        }

        var taken = await claims.TakeAsync([.. share, .. _leaving.Keys], _lease, cancel);
        // Lost, or lost and got again while we were busy: somebody else may have scraped meanwhile.
        var lost = _ours.Where(o => !given.Contains(o.Key) && taken.GetValueOrDefault(o.Key) != o.Value).Select(o => o.Key).ToHashSet();
        if (lost.Count > 0)
        {
            logger.LogWarning("{Count} partners are scraped by another portal now", lost.Count);
            await StopAsync(lost);
        }

        var gained = taken.Where(t => !_ours.ContainsKey(t.Key) || lost.Contains(t.Key)).ToDictionary(t => t.Key, t => new PartnerClaim(t.Key, t.Value));
        _ours = taken;
        // The first lease on a partner is nobody's before us: it was just entered.
        _takenOver = [.. gained.Values.Where(c => c.Fence > 1).Select(c => c.PartnerId)];
        if (gained.Count > 0)
        {
            var replayed = _active.Values.Where(s => gained.ContainsKey(s.PartnerId)).Select(s => (s.Id, gained[s.PartnerId])).ToList();
            _replaying = _replaying.ContinueWith(_ => ReplayAsync(replayed), TaskScheduler.Default).Unwrap();
        }
    }

    /// <summary>Whether another portal can take a partner over now without losing a scrape: none is under way and none is due in a moment.</summary>
    private bool HasAMoment(Guid partner)
    {
        var until = clock.GetUtcNow() + HandOver;
        return _running.Values.Where(r => r.Scraper.Source.PartnerId == partner).All(r => r.Scraper.RestsUntil > until);
    }

    private async Task GiveAsync(HashSet<Guid> given, CancellationToken cancel)
    {
        if (given.Count > 0)
        {
            await StopAsync(given);
            await log.FlushAsync(cancel);
            await claims.ReleaseAsync(given, cancel);
        }
    }

    /// <summary>Stops the scrapers of some partners without ending their series: another portal goes on.</summary>
    private async Task StopAsync(HashSet<Guid> partners)
    {
        var stopped = _running.Where(r => partners.Contains(r.Value.Scraper.Source.PartnerId)).ToList();
        await Task.WhenAll(stopped.Select(r => r.Value.DisposeAsync().AsTask()));
        foreach (var (id, _) in stopped)
        {
            _running.Remove(id);
        }

        heads.Drop(partners);
    }

    private async Task ReconcileAsync(bool known)
    {
        foreach (var (id, running) in _running.Where(r => !_active.TryGetValue(r.Key, out var source) || source.Version != r.Value.Scraper.Source.Version).ToList())
        {
            _running.Remove(id);
            await running.DisposeAsync();
            if (!_active.ContainsKey(id))
            {
                running.Scraper.End(claims.On(running.Scraper.Source.PartnerId));
            }
        }

        foreach (var source in _active.Values.Where(s => _ours.ContainsKey(s.PartnerId) && !_running.ContainsKey(s.Id)))
        {
            // At the start of a portal, and when it takes over, sources keep their place; one that a person just entered or changed is asked at once.
            var atOnce = known && !_takenOver.Contains(source.PartnerId);
            _running[source.Id] = new RunningScraper(make(source), atOnce, () => claims.On(source.PartnerId));
        }
    }

    private async Task ReplayAsync(List<(Guid Source, PartnerClaim Claim)> replayed)
    {
        foreach (var (source, claim) in replayed)
        {
            try
            {
                await heads.ReplayAsync(source, claim, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Readers find these scrapes in the log all the same.
                logger.LogWarning("The newest scrapes of a source could not be read into memory: {Reason}", e.Message);
                return;
            }
        }
    }
}
