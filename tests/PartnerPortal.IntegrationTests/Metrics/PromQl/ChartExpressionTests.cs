using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>Charts of whole expressions, over a source that was scraped for a quarter of an hour.</summary>
public sealed class ChartExpressionTests(ChartExpressionTests.QuarterOfAnHour scraped) : IClassFixture<ChartExpressionTests.QuarterOfAnHour>
{
    private readonly ScrapeDesk _desk = scraped.Desk;

    [Theory]
    [InlineData("sum by (side) (rate(requests_total[1m]))", "{side=\"partner\"}", 3)]
    [InlineData("sum(rate(requests_total{code=\"500\"}[1m])) / sum(rate(requests_total[1m])) * 100", "{}", 100 / 3d)]
    [InlineData("max(max_over_time(depth[5m]))", "{}", 100)]
    [InlineData("avg_over_time(sum(rate(requests_total[1m]))[3m:15s])", "{}", 3)]
    [InlineData("count(depth > 50)", "{}", 1)]
    [InlineData("vector(7)", "{}", 7)]
    [InlineData("1 + 2 * 3", "{}", 7)]
    [InlineData("absent(nothing{job=\"x\"})", "{job=\"x\"}", 1)]
    public async Task Every_expression_can_be_charted(string query, string labels, double value)
    {
        var line = Assert.Single(await _desk.ReadAsync(query, TimeSpan.FromMinutes(5)));
        Assert.Equal(labels, line.Labels.ToString());
        Assert.All(line.Points, p => Assert.Equal(value, p.Value, 9));
        Assert.InRange(line.Points.Count, 15, 1000);
    }

    [Fact]
    public async Task Where_an_expression_has_no_value_there_is_a_gap()
    {
        var line = Assert.Single(await _desk.ReadAsync("sum(depth{queue=\"a\"} > 4)", TimeSpan.FromMinutes(10)));
        Assert.Contains(line.Points, p => Samples.IsStale(p.Value));
        Assert.All(line.Points.Where(p => !Samples.IsStale(p.Value)), p => Assert.InRange(p.Value, 5, 9));
        var shifted = await _desk.ReadAsync("depth{queue=\"a\"} offset 1m", TimeSpan.FromMinutes(5));
        Assert.All(Assert.Single(shifted).Points, p => Assert.InRange(p.Value, 0, 9));
    }

    [Theory]
    [InlineData("depth[5m]", RefusalKind.Unreadable, "one value per instant")]
    [InlineData("'text'", RefusalKind.Unreadable, "one value per instant")]
    [InlineData("depth + on () depth", RefusalKind.Failed, "found duplicate series")]
    public async Task What_has_no_value_per_instant_is_refused(string query, RefusalKind kind, string reason)
    {
        var refused = await Assert.ThrowsAsync<ExpressionRefused>(() => _desk.ReadAsync(query, TimeSpan.FromMinutes(5)));
        Assert.Equal(kind, refused.Kind);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    public sealed class QuarterOfAnHour(TestServer server) : IAsyncLifetime
    {
        private readonly TestDatabase _database = new(server);

        internal ScrapeDesk Desk { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _database.InitializeAsync();
            Desk = await ScrapeDesk.OpenAsync(_database);
            await using var service = await ScriptedMetrics.OpenAsync();
            var scraper = Desk.Scraper((await Desk.EnterAsync("shop", service.Url)).Source);
            for (var n = 1; n <= 60; n++)
            {
                service.Page = $"requests_total{{code=\"200\"}} {n * 30}\nrequests_total{{code=\"500\"}} {n * 15}\ndepth{{queue=\"a\"}} {n % 10}\ndepth{{queue=\"b\"}} 100\n";
                await Desk.ScrapeAsync(scraper);
            }

            await Desk.WrittenAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Desk.DisposeAsync();
            await _database.DisposeAsync();
        }
    }
}
