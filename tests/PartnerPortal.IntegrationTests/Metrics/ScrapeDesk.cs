using Microsoft.Extensions.Logging.Abstractions;
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

    private ScrapeDesk(TestDatabase database, string partner)
    {
        (_database, Partner) = (database, partner);
        Cipher = new FieldCipher(KeyFile.ReadOrMake(Path.Combine(Path.GetTempPath(), "portal-key-" + Guid.NewGuid().ToString("N")), null));
        Sources = new MetricSourceStore(database.Get<PortalDatabase>(), Cipher);
        Client = new ScrapeClient(_http);
        _log = NewLog();
    }

    public string Partner { get; }

    public FieldCipher Cipher { get; }

    public MetricSourceStore Sources { get; }

    public ScrapeClient Client { get; }

    public List<IScrapeListener> Listeners { get; } = [];

    public ScrapeLogStore LogStore => _database.Get<ScrapeLogStore>();

    public ChartReading Charts => new(new StoredSeries(_database.Get<SeriesStore>(), _database.Get<SampleStore>()), Sources);

    public MetricCatalogue Catalogue => new(_database.Get<SeriesStore>(), _database.Clock);

    public SourceEntry Entry => new(Sources, new OutboundAddress(AllowedList.Parse("127.0.0.1/32")), Client);

    public static async Task<ScrapeDesk> OpenAsync(TestDatabase database)
    {
        var slug = "p" + Guid.NewGuid().ToString("N")[..12];
        await database.Get<PartnerStore>().EnterAsync(new PartnerDraft(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        return new ScrapeDesk(database, slug);
    }

    public Task<SourceRow> EnterAsync(string name, Uri url, string interval = "15s", string side = "partner", IReadOnlyDictionary<string, string>? headers = null) =>
        Sources.EnterAsync(Partner, "main", new SourceDraft(name, url.ToString(), side, interval, Headers: headers), TestDatabase.Ana, Cancel);

    public SourceScraper Scraper(MetricSource source) =>
        new(source, Sources, _database.Get<SeriesStore>(), Client, _log, Listeners, _database.Clock, NullLogger.Instance);

    /// <summary>Scrapes, then moves the clock by the source's interval; the log is written only by <see cref="WrittenAsync"/>.</summary>
    public async Task<ScrapeResult> ScrapeAsync(SourceScraper scraper)
    {
        var result = await scraper.ScrapeAsync(Cancel);
        await _database.Clock.MoveAsync(scraper.Source.Interval);
        return result;
    }

    /// <summary>Waits until the log stands in the database.</summary>
    public async Task WrittenAsync()
    {
        await _log.DisposeAsync();
        _log = NewLog();
    }

    public Task<IReadOnlyList<ChartSeries>> ReadAsync(string query, TimeSpan back, int points = 1000)
    {
        var now = _database.Clock.GetUtcNow();
        return Charts.ReadAsync(Partner, Expression.Parse(query), (now - back).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), points, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _http.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ScrapeLog NewLog() => new(LogStore, NullLogger<ScrapeLog>.Instance);
}
