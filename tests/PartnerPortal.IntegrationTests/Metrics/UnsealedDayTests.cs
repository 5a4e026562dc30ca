using PartnerPortal.Data.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A portal that was killed, or stood still, comes back with days of which only the morning is sealed. Alone in its database: up to where days are merged counts for all sources.</summary>
public sealed class UnsealedDayTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ScrapeDesk _desk = null!;
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_desk, _service) = (await ScrapeDesk.OpenAsync(database), await ScriptedMetrics.OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_chart_of_days_shows_what_stands_only_in_the_log_when_the_rest_of_its_day_is_merged_already()
    {
        await database.Clock.MoveAsync(new DateTimeOffset(database.Clock.GetUtcNow().Date.AddDays(1).AddHours(6), TimeSpan.Zero) - database.Clock.GetUtcNow());
        await _desk.KeepAsync();
        var source = (await _desk.EnterAsync("shop", _service.Url, "1m")).Source;
        var scraper = _desk.Scraper(source);
        var from = database.Clock.GetUtcNow();
        for (var n = 0; n < 240; n++)
        {
            _service.Page = FormattableString.Invariant($"steps_total {n}\n");
            await _desk.ScrapeAsync(scraper);
        }

        await _desk.WrittenAsync();
        await database.Get<SealStore>().SealScrapesAsync(source.Id, from.AddHours(2).ToUnixTimeMilliseconds(), Cancel);
        await database.Clock.MoveAsync(TimeSpan.FromDays(2));
        await _desk.MergeAsync();
        Assert.Equal(1, await database.AskAsync<long>("SELECT count(*) FROM metrics.blocks WHERE merged"));

        var read = new SeriesRead(((SelectorExpression)Expression.Parse("steps_total")).Selector, from.ToUnixTimeMilliseconds(), from.AddDays(2).ToUnixTimeMilliseconds());
        var shown = Assert.Single((await _desk.SeriesAnew.ReadReducedAsync(read, Cancel)).Series).Samples;
        Assert.Equal(Enumerable.Range(0, 240).Select(n => (double)n), shown.Select(s => s.Value));
    }
}
