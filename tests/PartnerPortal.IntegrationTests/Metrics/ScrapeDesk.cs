using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>What scraping needs, over a test's database and clock, without the engine's own pace: a test scrapes when it says so.</summary>
internal sealed class ScrapeDesk : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly GuardedHttpClient _http = new(AllowedList.Parse("127.0.0.1/32"));
    private ScrapeLog _log;

    private ScrapeDesk(TestDatabase database, string partner, Guid partnerId)
    {
        PartnerId = partnerId;
        Claims = new PartnerClaims(database.Get<LeaseStore>(), database.Clock);
        Heads = new Heads(database.Get<SampleStore>(), Claims);
        (_database, Partner) = (database, partner);
        Cipher = new FieldCipher(KeyFile.ReadOrMake(Path.Combine(Path.GetTempPath(), "portal-key-" + Guid.NewGuid().ToString("N")), null));
        Sources = new MetricSourceStore(database.Get<PortalDatabase>(), Cipher);
        Client = new ScrapeClient(_http);
        _log = NewLog();
    }

    public string Partner { get; }

    public Guid PartnerId { get; }

    public PartnerClaims Claims { get; }

    public Heads Heads { get; }

    public FieldCipher Cipher { get; }

    public MetricSourceStore Sources { get; }

    public ScrapeClient Client { get; }

    public List<IScrapeListener> Listeners { get; } = [];

    public StoredSeries Series => new(
        new SeriesIndex(_database.Get<SeriesStore>(), Retention.Default, _database.Clock), Heads, _database.Get<SampleStore>(),
        new RollupReading(_database.Get<RollupStore>(), _database.Get<MergeStore>(), Retention.Default, _database.Clock), _database.Get<SeriesStore>(), Retention.Default, _database.Clock);

    /// <summary>What a portal that does not scrape the partner reads.</summary>
    public StoredSeries SeriesElsewhere => new(
        new SeriesIndex(_database.Get<SeriesStore>(), Retention.Default, _database.Clock), new Heads(_database.Get<SampleStore>(), new PartnerClaims(_database.Get<LeaseStore>(), _database.Clock)),
        _database.Get<SampleStore>(), new RollupReading(_database.Get<RollupStore>(), _database.Get<MergeStore>(), Retention.Default, _database.Clock),
        _database.Get<SeriesStore>(), Retention.Default, _database.Clock);

    /// <summary>What a portal reads that was started in this moment: nothing is remembered.</summary>
    public StoredSeries SeriesAnew => new(
        new SeriesIndex(_database.Get<SeriesStore>(), Retention.Default, _database.Clock), new Heads(_database.Get<SampleStore>(), new PartnerClaims(_database.Get<LeaseStore>(), _database.Clock)),
        new SampleStore(_database.Get<NpgsqlDataSource>()),
        new RollupReading(new RollupStore(_database.Get<NpgsqlDataSource>()), _database.Get<MergeStore>(), Retention.Default, _database.Clock),
        _database.Get<SeriesStore>(), Retention.Default, _database.Clock);

    public PushedSamples Pushes => new(_database.Get<PushStore>(), _database.Get<SeriesStore>(), _database.Clock);

    public ChartReading Charts => new(Series, Sources);

    public MetricCatalogue Catalogue => new(_database.Get<SeriesStore>(), new SeriesIndex(_database.Get<SeriesStore>(), Retention.Default, _database.Clock), _database.Clock);

    public SourceEntry Entry => new(Sources, new OutboundAddress(AllowedList.Parse("127.0.0.1/32")), Client);

    public static async Task<ScrapeDesk> OpenAsync(TestDatabase database)
    {
        var slug = "p" + Guid.NewGuid().ToString("N")[..12];
        var partner = await database.Get<PartnerStore>().EnterAsync(new PartnerDraft(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        return new ScrapeDesk(database, slug, partner.Id);
    }

    public Task<SourceRow> EnterAsync(string name, Uri url, string interval = "15s", string side = "partner", IReadOnlyDictionary<string, string>? headers = null) =>
        Sources.EnterAsync(Partner, "main", new SourceDraft(name, url.ToString(), side, interval, Headers: headers), TestDatabase.Ana, Cancel);

    public SourceScraper Scraper(MetricSource source) =>
        new(source, Sources, _database.Get<SeriesStore>(), Client, new ScrapeIntake(Heads, _log, Listeners, NullLogger<ScrapeIntake>.Instance), _database.Clock, NullLogger.Instance);

    /// <summary>Scrapes, then moves the clock by the source's interval; the log is written only by <see cref="WrittenAsync"/>.</summary>
    public async Task<ScrapeResult> ScrapeAsync(SourceScraper scraper)
    {
        var claim = await ClaimAsync();
        var result = await scraper.ScrapeAsync(claim, _database.Clock.GetUtcNow(), Cancel);
        await _database.Clock.MoveAsync(scraper.Source.Interval);
        return result;
    }

    /// <summary>The lease on the partner, taken or renewed: the clock of a test moves in leaps.</summary>
    public async Task<PartnerClaim> ClaimAsync()
    {
        await Claims.TakeAsync([PartnerId], TimeSpan.FromHours(1), Cancel);
        return Claims.On(PartnerId)!.Value;
    }

    /// <summary>Seals what can be sealed now, as the portal does each half minute.</summary>
    public async Task SealAsync()
    {
        await ClaimAsync();
        await new SealModule(_database.Get<SealStore>(), Claims, _log, Heads, _database.Clock).RunAsync(Cancel);
        await new SealPushesModule(_database.Get<SealStore>(), _database.Clock).RunAsync(Cancel);
    }

    /// <summary>Merges the days that ended, as the portal does at night.</summary>
    public Task MergeAsync() => new MergeModule(_database.Get<MergeStore>(), _database.Clock).RunAsync(Cancel);

    /// <summary>Makes and drops partitions and forgets what is old, as the portal does now and then.</summary>
    public async Task KeepAsync()
    {
        await new PartitionModule(_database.Get<PartitionStore>(), _database.Clock).RunAsync(Cancel);
        await new ForgetModule(_database.Get<PartitionStore>(), _database.Get<SeriesStore>(), Retention.Default, _database.Clock).RunAsync(Cancel);
    }

    /// <summary>Waits until the log stands in the database.</summary>
    public async Task WrittenAsync()
    {
        await _log.DisposeAsync();
        _log = NewLog();
    }

    public async Task<IReadOnlyList<ChartSeries>> ReadAsync(string query, TimeSpan back, int points = 1000)
    {
        var now = _database.Clock.GetUtcNow();
        return (await Charts.ReadAsync(Partner, Expression.Parse(query), (now - back).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), points, Cancel)).Lines;
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _http.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ScrapeLog NewLog() => new(_database.Get<ScrapeLogStore>(), NullLogger<ScrapeLog>.Instance);
}
