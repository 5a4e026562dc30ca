using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Keeps one scraper running per source. Each scraper has its own pace and its own line to its partner, so a slow one delays
/// nobody. The lease of this module decides which portal scrapes; without it the scrapers rest.
/// </summary>
public sealed class ScrapeModule : IEngineModule, IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    // Shorter than the lease (a run's longest time and the pause): rest before another portal may begin.
    private static readonly TimeSpan LeaseIsGood = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Guid, Running> _running = [];
    private readonly MetricSourceStore _sources;
    private readonly Func<MetricSource, SourceScraper> _make;
    private readonly TimeProvider _clock;
    private readonly IDisposable _changes;
    private DateTimeOffset _looked;
    private long _ranAt;
    private volatile bool _changed = true;

    /// <summary>Prepares scraping; nothing runs before the first <see cref="RunAsync"/>.</summary>
    public ScrapeModule(
        MetricSourceStore sources, SeriesStore series, ScrapeClient client, ScrapeLog log, ChangeFeed changes, IEnumerable<IScrapeListener> listeners,
        TimeProvider clock, ILogger<ScrapeModule> logger)
    {
        (_sources, _clock) = (sources, clock);
        IScrapeListener[] told = [.. listeners];
        _make = source => new SourceScraper(source, sources, series, client, log, told, clock, logger);
        _changes = changes.Subscribe(change => _changed |= change == ChangeFeed.Everything || change.Kind is "metric source" or "partner");
    }

    /// <inheritdoc/>
    public string Name => "scrape";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        var first = _looked == default;
        Interlocked.Exchange(ref _ranAt, now.UtcTicks);
        if (!_changed && now - _looked < LookAgain)
        {
            return;
        }

        _changed = false;
        var active = (await _sources.ActiveAsync(cancel)).ToDictionary(s => s.Id);
        _looked = now;
        foreach (var (id, running) in _running.Where(r => !active.TryGetValue(r.Key, out var source) || source.Version != r.Value.Scraper.Source.Version).ToList())
        {
            _running.Remove(id);
            await running.DisposeAsync();
            if (!active.ContainsKey(id))
            {
                running.Scraper.End();
            }
        }

        foreach (var source in active.Values.Where(s => !_running.ContainsKey(s.Id)))
        {
            // At the start of the portal all sources keep their place; one that a person just entered is asked at once.
            _running[source.Id] = new Running(_make(source), atOnce: !first, MayScrape);
        }
    }

    /// <summary>Ends all scrapers.</summary>
    public async ValueTask DisposeAsync()
    {
        _changes.Dispose();
        await Task.WhenAll(_running.Values.Select(r => r.DisposeAsync().AsTask()));
        _running.Clear();
    }

    private bool MayScrape() => _clock.GetUtcNow().UtcTicks - Interlocked.Read(ref _ranAt) < LeaseIsGood.Ticks;

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Running(SourceScraper scraper, bool atOnce, Func<bool> mayScrape)
        {
            Scraper = scraper;
            _task = Task.Run(() => scraper.RunAsync(atOnce, mayScrape, _stop.Token));
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
