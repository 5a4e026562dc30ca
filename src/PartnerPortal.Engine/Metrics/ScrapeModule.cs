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

    private readonly Dictionary<Guid, Running> _running = [];
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

        var shared = look || now - _renewed >= _lease / 3;
        if (shared)
        {
            await ShareAsync(cancel);
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
    private async Task ShareAsync(CancellationToken cancel)
    {
        var share = await claims.ShareAsync(_partners, cancel);
        var given = _ours.Keys.Where(p => !share.Contains(p)).ToHashSet();
        if (given.Count > 0)
        {
            await StopAsync(given);
            await log.FlushAsync(cancel);
            await claims.ReleaseAsync(given, cancel);
        }

        var taken = await claims.TakeAsync([.. share], _lease, cancel);
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
            _running[source.Id] = new Running(make(source), atOnce, () => claims.On(source.PartnerId));
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

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Running(SourceScraper scraper, bool atOnce, Func<PartnerClaim?> claim)
        {
            Scraper = scraper;
            _task = Task.Run(() => scraper.RunAsync(atOnce, claim, _stop.Token));
        }

        public SourceScraper Scraper { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _task;
            _stop.Dispose();
        }
    }
}
