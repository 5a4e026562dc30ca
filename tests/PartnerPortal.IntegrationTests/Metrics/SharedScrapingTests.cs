using System.Diagnostics;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Several portals on one database share the partners: nothing twice, and nothing forgotten when one goes.</summary>
public sealed class SharedScrapingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    // A lost scrape leaves a gap of two intervals; a busy machine makes one late by less than half of one.
    private static readonly long NoneLost = (long)(1.5 * Interval.TotalMilliseconds);
    private readonly List<ScrapeDesk> _desks = [];
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.UseRealTimeAsync();
        await database.RunAsync("DELETE FROM metrics.sources");
        _service = await ScriptedMetrics.OpenAsync();
        for (var n = 0; n < 4; n++)
        {
            _desks.Add(await ScrapeDesk.OpenAsync(database));
            await _desks[n].EnterAsync("shop", _service.Url, "4s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var desk in _desks)
        {
            await desk.DisposeAsync();
        }

        await _service.DisposeAsync();
    }

    [Fact]
    public async Task When_a_portal_freezes_another_scrapes_its_partners_within_two_intervals_and_late_rows_are_refused()
    {
        await using var first = new ScrapingPortal(database, _desks[0].Sources);
        await using var second = new ScrapingPortal(database, _desks[0].Sources);
        await UntilAsync(() => first.Claims.Held.Count == 2 && second.Claims.Held.Count == 2, "the partners are shared evenly");
        await UntilAsync(async () => await ScrapedSourcesAsync(0) == 4, "every source is scraped");
        var lost = first.Claims.Held.First();
        var late = first.Claims.On(lost)!.Value;
        var source = (await _desks.Single(d => d.PartnerId == lost).Sources.ActiveAsync(Cancel)).Single(s => s.PartnerId == lost);
        await first.FreezeAsync();
        var frozen = await database.AskAsync<long>("SELECT (extract(epoch FROM portal.now()) * 1000)::bigint");
        await UntilAsync(() => second.Claims.Held.Count == 4, "the other portal took over");
        await UntilAsync(async () => await ScrapedSourcesAsync(frozen + 2 * (long)Interval.TotalMilliseconds) == 4, "every source is scraped again");

        var longest = await database.AskAsync<long>(
            "SELECT max(gap) FROM (SELECT at - lag(at) OVER (PARTITION BY source_id ORDER BY at) AS gap FROM metrics.scrapes WHERE at > $1) g", frozen - (long)Interval.TotalMilliseconds - 1000);
        Assert.InRange(longest, 1, 2 * (long)Interval.TotalMilliseconds);
        // One request per row: nobody asked a service twice for the same scrape.
        await second.Log.FlushAsync(Cancel);
        Assert.InRange(_service.Authorizations.Count - await database.AskAsync<long>("SELECT count(*) FROM metrics.scrapes"), 0, 1);

        var row = new ScrapeRow(frozen + 1, [1], [1]);
        Assert.Equal(0, await first.LogStore.AppendAsync([new LoggedScrape(source.Id, late, row, null, false)], Cancel));
        Assert.Equal(1, await second.LogStore.AppendAsync([new LoggedScrape(source.Id, second.Claims.On(lost)!.Value, row, null, false)], Cancel));
        Assert.Equal(0, await second.LogStore.AppendAsync([new LoggedScrape(source.Id, second.Claims.On(lost)!.Value, row, null, false)], Cancel));
        Assert.Null(first.Heads.Find(source.Id));
        Assert.NotNull(second.Heads.Find(source.Id));
    }

    [Fact]
    public async Task A_portal_that_stops_in_good_order_gives_its_partners_away_without_losing_a_scrape()
    {
        await using var second = new ScrapingPortal(database, _desks[0].Sources);
        await using (var first = new ScrapingPortal(database, _desks[0].Sources))
        {
            await UntilAsync(() => first.Claims.Held.Count == 2 && second.Claims.Held.Count == 2, "the partners are shared evenly");
            await UntilAsync(async () => await ScrapedSourcesAsync(0) == 4, "every source is scraped");
            await first.LeaveAsync();
        }

        var left = await database.AskAsync<long>("SELECT (extract(epoch FROM portal.now()) * 1000)::bigint");
        await UntilAsync(async () => await ScrapedSourcesAsync(left + (long)Interval.TotalMilliseconds) == 4, "every source is scraped on");
        Assert.InRange(await LongestGapAsync(), 1, NoneLost);
    }

    [Fact]
    public async Task A_portal_that_joins_gets_its_share_without_losing_a_scrape()
    {
        await using var first = new ScrapingPortal(database, _desks[0].Sources);
        await UntilAsync(async () => await ScrapedSourcesAsync(0) == 4, "every source is scraped");
        await using var second = new ScrapingPortal(database, _desks[0].Sources);
        await UntilAsync(() => first.Claims.Held.Count == 2 && second.Claims.Held.Count == 2, "the partners are shared evenly");
        var shared = await database.AskAsync<long>("SELECT (extract(epoch FROM portal.now()) * 1000)::bigint");
        await UntilAsync(async () => await ScrapedSourcesAsync(shared + (long)Interval.TotalMilliseconds) == 4, "every source is scraped on");
        Assert.InRange(await LongestGapAsync(), 1, NoneLost);
    }

    private Task<long> LongestGapAsync() =>
        database.AskAsync<long>("SELECT max(gap) FROM (SELECT at - lag(at) OVER (PARTITION BY source_id ORDER BY at) AS gap FROM metrics.scrapes) g");

    private Task<long> ScrapedSourcesAsync(long since) => database.AskAsync<long>("SELECT count(DISTINCT source_id) FROM metrics.scrapes WHERE at >= $1", since);

    private static Task UntilAsync(Func<bool> good, string what) => UntilAsync(() => Task.FromResult(good()), what);

    private static async Task UntilAsync(Func<Task<bool>> good, string what)
    {
        for (var patience = Stopwatch.StartNew(); !await good(); await Task.Delay(50, Cancel))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), $"After 30 s it is not so that {what}.");
        }
    }
}
