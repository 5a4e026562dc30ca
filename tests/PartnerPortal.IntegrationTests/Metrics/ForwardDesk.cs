using System.Diagnostics;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Engine.Metrics.Forwarding;
using PartnerPortal.IntegrationTests.Metrics.PromQl;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A scraped source whose samples are forwarded to a real engine, each step when the test says so.</summary>
internal sealed class ForwardDesk : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly GuardedHttpClient _http;
    private readonly PrometheusClient _client;
    private readonly MetricsEngine _settings;
    private ForwardModule _module;

    private ForwardDesk(TestDatabase database, RealEngine engine, ScrapeDesk desk, ScriptedMetrics service, SourceScraper scraper)
    {
        (_database, Engine, Desk, Service, Scraper) = (database, engine, desk, service, scraper);
        _settings = new(engine.Http.BaseAddress!, new(engine.Http.BaseAddress!, "api/v1/write"), null, null, TimeSpan.FromHours(24));
        _http = new GuardedHttpClient(AllowedList.Parse("", [_settings.QueryUrl, _settings.WriteUrl]));
        _client = new PrometheusClient(_http, _settings);
        _module = NewModule();
    }

    public RealEngine Engine { get; }

    public ScrapeDesk Desk { get; }

    public ScriptedMetrics Service { get; }

    public SourceScraper Scraper { get; private set; }

    public ForwardStore Store => _database.Get<ForwardStore>();

    public long Now => _database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public string? Trouble => _module.Trouble;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ForwardedSeries Series => new(Desk.Series, new SeriesIndex(_database.Get<SeriesStore>(), Retention.Default, _database.Clock), Desk.Heads, Store, _client);

    public static async Task<ForwardDesk> OpenAsync(TestDatabase database, string engine)
    {
        var running = await RealEngine.StartAsync(engine);
        var desk = await ScrapeDesk.OpenAsync(database);
        var service = await ScriptedMetrics.OpenAsync();
        await desk.EnterAsync("shop", service.Url);
        return new(database, running, desk, service, desk.Scraper((await desk.Sources.GetAsync(desk.Partner, "shop", Cancel)).Source));
    }

    /// <summary>Scrapes a page, and moves the clock by 15 seconds.</summary>
    public async Task ScrapeAsync(string page)
    {
        Service.Page = page;
        var scraped = await Desk.ScrapeAsync(Scraper);
        Assert.Equal(Service.Status == 200, scraped.Error is null);
    }

    /// <summary>Writes what was scraped into the log and forwards what waits, as the portal does each second.</summary>
    public async Task ForwardAsync()
    {
        await WrittenAsync();
        await Desk.ClaimAsync();
        await _module.RunAsync(Cancel);
        await new ForwardedHeadsModule(Store, Desk.Heads, _database.Clock).RunAsync(Cancel);
    }

    /// <summary>Waits until the log stands in the database.</summary>
    public async Task WrittenAsync()
    {
        await Desk.WrittenAsync();
        Scraper = Desk.Scraper(Scraper.Source);
    }

    /// <summary>Forgets what a killed portal forgets.</summary>
    public void Restart() => _module = NewModule();

    public async Task<IReadOnlyList<ReadSeries>> ReadAsync(string selector, long from, long to, bool whole = false)
    {
        var read = SelectorRead.Of(Expression.Parse(selector), Steps.At(to))[0].Read;
        return (await new PartnerSeries(Series, Desk.Partner).ReadAsync(read with { From = from, To = to, MustBeWhole = whole }, Cancel)).Series;
    }

    /// <summary>What the engine itself says about a series, as soon as it shows at least so many samples.</summary>
    public async Task<IReadOnlyList<(long Time, string Value)>> AtEngineAsync(string selector, long from, long to, int least = 0)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(100, Cancel))
        {
            var answer = await Engine.AskAsync("query", ("query", $"{selector}[{to - from + 1}ms]"), ("time", $"{to / 1000m}"));
            List<(long, string)> found = [.. answer.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(r => r.GetProperty("values").EnumerateArray())
                .Select(v => ((long)Math.Round(v[0].GetDouble() * 1000), v[1].ToString()))];
            if (found.Count >= least || patience.Elapsed > TimeSpan.FromSeconds(20))
            {
                return found;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Service.DisposeAsync();
        await Engine.DisposeAsync();
        _http.Dispose();
    }

    private ForwardModule NewModule() => new(Store, _database.Get<SealStore>(), _database.Get<SeriesStore>(), _client, _settings, _database.Clock);
}
