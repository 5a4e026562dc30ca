using System.Text;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class OpenMetricsTests
{
    [Fact]
    public void Types_units_seconds_and_exemplars_are_read()
    {
        var page = Parse("""
            # TYPE latency_seconds histogram
            # UNIT latency_seconds seconds
            # HELP latency_seconds How long it took.
            latency_seconds_bucket{le="0.1"} 8 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.067 1520879606
            latency_seconds_bucket{le="+Inf"} 9 1520879607.789
            latency_seconds_count 9 1520879607.789
            latency_seconds_sum 1.5 1520879607.789
            # TYPE orders counter
            orders_total 5
            orders_created 1520430000.123
            # EOF

            """);
        Assert.Equal(6, page.Samples.Count);
        Assert.Equal(1520879607789, page.Samples[0].Time);
        Assert.Equal(new MetricFamily("latency_seconds", MetricType.Histogram, "How long it took.", "seconds"), page.Families["latency_seconds"]);
        Assert.Equal(MetricType.Counter, page.Families["orders"].Type);
    }

    [Theory]
    [InlineData("# TYPE a_total counter\na_total 1\n# EOF\n")]
    [InlineData("# TYPE a gauge\na 1\n# EOF")]
    [InlineData("# TYPE a gauge\na{b=\"1\"} 1 1\na{b=\"1\"} 1 2\n# EOF\n")]
    [InlineData("# TYPE a summary\na{quantile=\"0.5\"} 1\na_count 3\na_sum 2\na_created 1\n# EOF\n")]
    [InlineData("# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gcount 1\na_gsum 2\n# EOF\n")]
    [InlineData("# TYPE a unknown\n# HELP a \na 1\n# EOF\n")]
    [InlineData("a{b=\" # \"} 1\n# EOF\n")]
    [InlineData("# TYPE a counter\na_total 1 # {} 1\n# EOF\n")]
    public void What_the_specification_allows_is_accepted(string text) => Assert.NotEmpty(Parse(text).Samples);

    [Theory]
    [InlineData("", "# EOF")]
    [InlineData("a 1\n", "# EOF")]
    [InlineData("a 1\n\n# EOF\n", "empty lines")]
    [InlineData("a 1\n# EOF\nblah", "after")]
    [InlineData("a 1\n# EOFblah", "HELP, TYPE")]
    [InlineData("a{a='1'} 1\n# EOF\n", "double quotes")]
    [InlineData("a{a=\"1\",b=\"2\",} 1\n# EOF\n", "comma")]
    [InlineData("a{a=\"1\",,b=\"2\"} 1\n# EOF\n", "label")]
    [InlineData("a{a=\"1\",a=\"1\"} 1\n# EOF\n", "twice")]
    [InlineData("a\n# EOF\n", "value")]
    [InlineData("a  1\n# EOF\n", "value is missing")]
    [InlineData("a 1 \n# EOF\n", "timestamp")]
    [InlineData("a 1 NaN\n# EOF\n", "timestamp")]
    [InlineData("# HELP a\n# EOF\n", "expected")]
    [InlineData("# TYPE a untyped\n# EOF\n", "not a metric type")]
    [InlineData("# TYPE a gauge \n# EOF\n", "not a metric type")]
    [InlineData("# UNIT a seconds\n# EOF\n", "end of the metric's name")]
    [InlineData("# TYPE x_u info\n# UNIT x_u u\n# EOF\n", "unit")]
    [InlineData("# HELP a x\na 1\n# TYPE a gauge\n# EOF\n", "after its samples")]
    [InlineData("# HELP a x\n# HELP a x\n# EOF\n", "twice")]
    [InlineData("# FOO a x\n# EOF\n", "HELP, TYPE")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 #{} 1\n# EOF\n", "timestamp")]
    [InlineData("# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {} 1 \n# EOF\n", "timestamp")]
    [InlineData("# TYPE a gauge\na 1 # {a=\"b\"} 1\n# EOF\n", "exemplar")]
    [InlineData("# TYPE a histogram\na_sum 1 # {a=\"b\"} 0.5\n# EOF\n", "exemplar")]
    [InlineData("# TYPE a info\na_info 2\n# EOF\n", "must be 1")]
    [InlineData("# TYPE a stateset\na{a=\"b\"} 2\n# EOF\n", "0 or 1")]
    [InlineData("# TYPE a stateset\na 0\n# EOF\n", "label a")]
    [InlineData("# TYPE a summary\na{quantile=\"1.01\"} 0\n# EOF\n", "quantile")]
    [InlineData("# TYPE a histogram\na_bucket 0\n# EOF\n", "le")]
    [InlineData("# TYPE a counter\na_total -1\n# EOF\n", "negative")]
    [InlineData("# TYPE a counter\na 1\n# EOF\n", "_total")]
    [InlineData("# TYPE a gauge\na 0 1\na 0 0\n# EOF\n", "backwards")]
    [InlineData("# TYPE a gauge\na 0\na 0 0\n# EOF\n", "twice")]
    [InlineData("# TYPE a_created gauge\n# TYPE a counter\n# EOF\n", "clashes")]
    [InlineData("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na{c=\"d\"} 1\n# EOF\n", "stand together")]
    public void What_the_specification_forbids_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ExpositionRefused>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_page_that_was_read_before_is_checked_as_strictly_again()
    {
        var cache = new SeriesCache();
        var good = "# TYPE a histogram\na_bucket{x=\"1\",le=\"+Inf\"} 0\na_count{x=\"1\"} 0\na_count{x=\"2\"} 0\n# EOF\n"u8;
        ExpositionParser.Parse(good, ExpositionFormat.OpenMetrics, series: cache);
        var refused = Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse("# TYPE a histogram\na_bucket{x=\"1\",le=\"+Inf\"} 0\na_count{x=\"2\"} 0\na_count{x=\"1\"} 0\n# EOF\n"u8, ExpositionFormat.OpenMetrics, series: cache));
        Assert.Equal(4, refused.Line);
        Assert.Equal(3, ExpositionParser.Parse(good, ExpositionFormat.OpenMetrics, series: cache).Samples.Count);
    }

    [Theory]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=0.0.1", ExpositionFormat.OpenMetrics)]
    [InlineData("text/plain", ExpositionFormat.PrometheusText)]
    [InlineData("TEXT/PLAIN; VERSION=0.0.4", ExpositionFormat.PrometheusText)]
    [InlineData(null, ExpositionFormat.PrometheusText)]
    public void The_content_type_decides_the_format(string? type, ExpositionFormat format) => Assert.Equal(format, ContentType.Read(type));

    [Theory]
    [InlineData("text/plain; version=2.0.0", "2.0.0")]
    [InlineData("application/openmetrics-text; version=2.0.0", "2.0.0")]
    [InlineData("image/png", "image/png")]
    public void Other_types_and_versions_are_named(string type, string named) =>
        Assert.Contains(named, Assert.Throws<ExpositionRefused>(() => ContentType.Read(type)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("latency_bucket", MetricType.Histogram)]
    [InlineData("latency_count", MetricType.Counter)]
    [InlineData("orders_total", MetricType.Counter)]
    [InlineData("orders", MetricType.Counter)]
    [InlineData("latency_other", null)]
    public void A_series_finds_its_family_by_its_ending(string name, MetricType? behaves)
    {
        var families = new Dictionary<string, MetricFamily>
        {
            ["latency"] = new("latency", MetricType.Histogram, "", ""),
            ["orders"] = new("orders", MetricType.Counter, "", ""),
        };
        Assert.Equal(behaves, MetricFamily.Of(name, n => families.GetValueOrDefault(n))?.Behaves);
    }

    private static ExpositionPage Parse(string text) => ExpositionParser.Parse(Encoding.UTF8.GetBytes(text), ExpositionFormat.OpenMetrics);
}
