using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

public sealed class AggregationTests
{
    private readonly LoadedSeries _series = new("""
        load 1m
        m{job="a",i="1"} 10
        m{job="a",i="2"} 20
        m{job="b",i="1"} 30
        m{job="b",i="2"} 70
        n{x="1"} NaN
        n{x="2"} 5
        n{x="3"} -Inf
        v{x="1"} 6
        v{x="2"} 6
        v{x="3"} 8
        """);

    [Theory]
    [InlineData("sum(m)", "{} 130")]
    [InlineData("sum by (job) (m)", "{job=\"a\"} 30; {job=\"b\"} 100")]
    [InlineData("sum(m) by (job)", "{job=\"a\"} 30; {job=\"b\"} 100")]
    [InlineData("sum without (job) (m)", "{i=\"1\"} 40; {i=\"2\"} 90")]
    [InlineData("sum by (nothing) (m)", "{} 130")]
    [InlineData("sum by (__name__) (m)", "m 130")]
    [InlineData("min(m)", "{} 10")]
    [InlineData("max(m)", "{} 70")]
    [InlineData("avg(m)", "{} 32.5")]
    [InlineData("group(m)", "{} 1")]
    [InlineData("count by (job) (m)", "{job=\"a\"} 2; {job=\"b\"} 2")]
    [InlineData("stddev(m)", "{} 22.776083948")]
    [InlineData("stdvar(m)", "{} 518.75")]
    [InlineData("stdvar(n{x=\"1\"})", "{} 0")]
    [InlineData("quantile(0.5, m)", "{} 25")]
    [InlineData("quantile(0.25, m)", "{} 17.5")]
    [InlineData("quantile(-1, m)", "{} -Inf")]
    [InlineData("quantile(1.1, m)", "{} Inf")]
    [InlineData("quantile(0.5, n)", "{} -Inf")]
    [InlineData("max(n)", "{} 5")]
    [InlineData("min(n)", "{} -Inf")]
    [InlineData("sum(n)", "{} NaN")]
    [InlineData("avg(n{x!=\"1\"})", "{} -Inf")]
    [InlineData("count_values(\"value\", v)", "{value=\"6\"} 2; {value=\"8\"} 1")]
    [InlineData("count_values by (x) (\"value\", v)", "{value=\"6\",x=\"1\"} 1; {value=\"6\",x=\"2\"} 1; {value=\"8\",x=\"3\"} 1")]
    [InlineData("count_values(\"value\", v * 1e21)", "{value=\"6000000000000000000000\"} 2; {value=\"8000000000000000000000\"} 1")]
    [InlineData("count_values(\"value\", v / 8e6)", "{value=\"0.00000075\"} 2; {value=\"0.000001\"} 1")]
    [InlineData("sum(nothing)", "")]
    public void Groups_are_aggregated(string query, string expected) => Assert.Equal(expected, _series.Shown(query));

    [Theory]
    [InlineData("topk(2, m)", "m{i=\"2\",job=\"b\"} 70; m{i=\"1\",job=\"b\"} 30")]
    [InlineData("bottomk(2, m)", "m{i=\"1\",job=\"a\"} 10; m{i=\"2\",job=\"a\"} 20")]
    [InlineData("topk by (job) (1, m)", "m{i=\"2\",job=\"a\"} 20; m{i=\"2\",job=\"b\"} 70")]
    [InlineData("topk(3, n)", "n{x=\"2\"} 5; n{x=\"3\"} -Inf; n{x=\"1\"} NaN")]
    [InlineData("bottomk(3, n)", "n{x=\"3\"} -Inf; n{x=\"2\"} 5; n{x=\"1\"} NaN")]
    [InlineData("topk(1, v{x!=\"3\"})", "v{x=\"1\"} 6")]
    [InlineData("topk(0, m)", "")]
    [InlineData("sort(n)", "n{x=\"3\"} -Inf; n{x=\"2\"} 5; n{x=\"1\"} NaN")]
    [InlineData("sort_desc(n)", "n{x=\"2\"} 5; n{x=\"3\"} -Inf; n{x=\"1\"} NaN")]
    public void Ranks_come_in_their_order(string query, string expected) => Assert.Equal(expected, _series.Shown(query, ordered: true));

    [Theory]
    [InlineData("topk(NaN, m)", "Scalar value NaN overflows int64")]
    [InlineData("count_values(\"a-b\", m)", "invalid label name \"a-b\"")]
    public void Parameters_that_make_no_sense_are_refused(string query, string reason) =>
        Assert.Equal(reason, Assert.Throws<ExpressionRefused>(() => _series.Shown(query)).Reason);
}
