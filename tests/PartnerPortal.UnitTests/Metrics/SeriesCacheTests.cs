using System.Globalization;
using System.Text;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>What a source's cache remembers between pages, and that nothing is lost when it keeps a thing only once.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class SeriesCacheTests
{
    private const string Page = "# HELP a What it is.\n# TYPE a gauge\na 1\n  a{x=\"y z\\\"}\",} 2\n\n# a comment\na {x=\"2\"} 3\nb 4\n";

    [Theory]
    [InlineData(ExpositionFormat.PrometheusText, Page, "c 5\n" + Page)]
    [InlineData(ExpositionFormat.PrometheusText, Page, "b 4\na{x=\"2\"} 3\na 1\na{x=\"y z\\\"}\"} 2\n")]
    [InlineData(ExpositionFormat.OpenMetrics, "# TYPE a gauge\na 1\na{x=\"y\"} 2\nb 3\n# EOF\n", "# TYPE a gauge\na 1\na{x=\"y\"} 2\nb 3\nc 4\n# EOF\n")]
    public void Series_keep_their_object_when_the_page_changes_after_many_alike(ExpositionFormat format, string page, string changed)
    {
        var cache = new SeriesCache();
        var first = Read(page, format, cache).Series;
        for (var i = 1; i <= first.Length; i++)
            first[i - 1].Id = i;
        var again = Read(page, format, cache);
        Assert.Same(first, again.Series);
        var later = Read(changed, format, cache).Series;
        Assert.Equal(first.ToHashSet(), later.Where(s => s.Id != 0).ToHashSet());
        Assert.Equal(first.ToHashSet(), Read(page, format, cache).Series.ToHashSet());
    }

    [Fact]
    public void A_series_that_comes_and_goes_stays_known()
    {
        var cache = new SeriesCache();
        var coming = Read("a 1\nb 2\n", ExpositionFormat.PrometheusText, cache).Series[1];
        Read("a 1\n", ExpositionFormat.PrometheusText, cache);
        Read("a 2\n", ExpositionFormat.PrometheusText, cache);
        Assert.Same(coming, Read("a 3\nb 2\n", ExpositionFormat.PrometheusText, cache).Series[1]);
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void A_service_with_an_unchanged_page_takes_less_than_half_a_kilobyte_a_series()
    {
        const int series = 20_000;
        var page = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, series).Select(n =>
            string.Create(CultureInfo.InvariantCulture, $"http_server_request_duration_seconds_bucket{{http_route=\"/v1/orders/{n / 15}\",http_request_method=\"GET\",http_response_status_code=\"200\",le=\"{n % 15}\"}} {n}\n"))));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cache = new SeriesCache();
        ExpositionParser.Parse(page, ExpositionFormat.PrometheusText, series: cache);
        ExpositionParser.Parse(page, ExpositionFormat.PrometheusText, series: cache);
        var taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)series;
        GC.KeepAlive(cache);
        Assert.InRange(taken, 100, 500);
    }

    private static ExpositionPage Read(string page, ExpositionFormat format, SeriesCache cache) =>
        ExpositionParser.Parse(Encoding.UTF8.GetBytes(page), format, series: cache);
}
