using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>What one portal process does to scrape, on real time; several of them share a test's database.</summary>
internal sealed class ScrapingPortal : IAsyncDisposable
{
    private readonly GuardedHttpClient _http = new(AllowedList.Parse("127.0.0.1/32"));
    private readonly CancellationTokenSource _stop = new();
    private readonly ChangeFeed _changes;
    private readonly ScrapeModule _module;
    private readonly Task _running;

    public ScrapingPortal(TestDatabase database, MetricSourceStore sources)
    {
        var source = database.Get<NpgsqlDataSource>();
        Leases = new LeaseStore(source);
        LogStore = new ScrapeLogStore(source, Leases);
        Claims = new PartnerClaims(Leases, TimeProvider.System);
        Heads = new Heads(database.Get<SampleStore>(), Claims);
        Log = new ScrapeLog(LogStore, NullLogger<ScrapeLog>.Instance);
        var intake = new ScrapeIntake(Heads, Log, [], NullLogger<ScrapeIntake>.Instance);
        var client = new ScrapeClient(_http);
        _changes = new ChangeFeed(source, NullLogger<ChangeFeed>.Instance, TimeProvider.System);
        _module = new ScrapeModule(
            sources, Claims, Log, Heads, s => new SourceScraper(s, sources, database.Get<SeriesStore>(), client, intake, TimeProvider.System, NullLogger.Instance),
            _changes, TimeProvider.System, NullLogger<ScrapeModule>.Instance);
        _running = Task.Run(RunAsync);
    }

    public LeaseStore Leases { get; }

    public ScrapeLogStore LogStore { get; }

    public PartnerClaims Claims { get; }

    public Heads Heads { get; }

    public ScrapeLog Log { get; }

    /// <summary>What a frozen machine does: nothing any more, and nobody is told. Its scrapers find out by themselves.</summary>
    public async Task FreezeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>What a stop in good order does.</summary>
    public async Task LeaveAsync()
    {
        await FreezeAsync();
        await _module.StopAsync(CancellationToken.None);
        await Leases.ReleaseAllAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await FreezeAsync();
        await _module.DisposeAsync();
        await Log.DisposeAsync();
        _changes.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _module.RunAsync(CancellationToken.None);
            await Task.Delay(_module.Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
