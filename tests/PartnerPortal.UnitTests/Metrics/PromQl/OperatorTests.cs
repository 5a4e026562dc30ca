using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

/// <summary>Operators and matching. The data is that of prometheus.io/docs/prometheus/2.42/querying/operators.</summary>
public sealed class OperatorTests
{
    private readonly LoadedSeries _series = new("""
        load 1m
        errors{method="get",code="500"} 24
        errors{method="get",code="404"} 30
        errors{method="put",code="501"} 3
        errors{method="post",code="500"} 6
        errors{method="post",code="404"} 21
        requests{method="get"} 600
        requests{method="del"} 34
        requests{method="post"} 120
        g{l="a"} -7
        g{l="b"} 2.5
        n{x="nan"} NaN
        n{x="inf"} Inf
        """);

    [Theory]
    [InlineData("errors{code=\"500\"} / ignoring(code) requests", "{method=\"get\"} 0.04; {method=\"post\"} 0.05")]
    [InlineData("errors / ignoring(code) group_left requests",
        "{code=\"404\",method=\"get\"} 0.05; {code=\"404\",method=\"post\"} 0.175; {code=\"500\",method=\"get\"} 0.04; {code=\"500\",method=\"post\"} 0.05")]
    [InlineData("requests * on(method) group_right errors{code=\"500\"}", "{code=\"500\",method=\"get\"} 14400; {code=\"500\",method=\"post\"} 720")]
    [InlineData("errors{code=\"501\"} + on() group_left(l) g{l=\"a\"}", "{code=\"501\",l=\"a\",method=\"put\"} -4")]
    [InlineData("requests and on(method) errors", "requests{method=\"get\"} 600; requests{method=\"post\"} 120")]
    [InlineData("requests unless on(method) errors", "requests{method=\"del\"} 34")]
    [InlineData("g or requests{method=\"del\"}", "g{l=\"a\"} -7; g{l=\"b\"} 2.5; requests{method=\"del\"} 34")]
    [InlineData("g or on() requests", "g{l=\"a\"} -7; g{l=\"b\"} 2.5")]
    [InlineData("g + 1", "{l=\"a\"} -6; {l=\"b\"} 3.5")]
    [InlineData("1 - g", "{l=\"a\"} 8; {l=\"b\"} -1.5")]
    [InlineData("g * 2", "{l=\"a\"} -14; {l=\"b\"} 5")]
    [InlineData("g / 0", "{l=\"a\"} -Inf; {l=\"b\"} Inf")]
    [InlineData("g % 3", "{l=\"a\"} -1; {l=\"b\"} 2.5")]
    [InlineData("g ^ 2", "{l=\"a\"} 49; {l=\"b\"} 6.25")]
    [InlineData("g atan2 g", "g{l=\"a\"} -2.35619449; g{l=\"b\"} 0.785398163")]
    [InlineData("-g", "{l=\"a\"} 7; {l=\"b\"} -2.5")]
    [InlineData("g > 0", "g{l=\"b\"} 2.5")]
    [InlineData("0 > g", "g{l=\"a\"} -7")]
    [InlineData("g > bool 0", "{l=\"a\"} 0; {l=\"b\"} 1")]
    [InlineData("g >= 2.5", "g{l=\"b\"} 2.5")]
    [InlineData("g <= bool 2.5", "{l=\"a\"} 1; {l=\"b\"} 1")]
    [InlineData("g != 2.5", "g{l=\"a\"} -7")]
    [InlineData("g == on(l) g", "{l=\"a\"} -7; {l=\"b\"} 2.5")]
    [InlineData("g == g", "g{l=\"a\"} -7; g{l=\"b\"} 2.5")]
    [InlineData("n == n", "n{x=\"inf\"} Inf")]
    [InlineData("n != bool n", "{x=\"inf\"} 0; {x=\"nan\"} 1")]
    [InlineData("n - n", "{x=\"inf\"} NaN; {x=\"nan\"} NaN")]
    [InlineData("1 + 2 * 3 ^ 2", "{} 19")]
    [InlineData("7 == bool 7", "{} 1")]
    [InlineData("nothing + g", "")]
    public void Series_are_matched_and_calculated(string query, string expected) => Assert.Equal(expected, _series.Shown(query));

    [Theory]
    [InlineData("errors / requests", "")]
    [InlineData("errors + on(method) requests", "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")]
    [InlineData("requests + on(method) errors",
        "found duplicate series for the match group {method=\"get\"} on the right hand-side of the operation: "
        + "[{__name__=\"errors\", code=\"500\", method=\"get\"}, {__name__=\"errors\", code=\"404\", method=\"get\"}];many-to-many matching not allowed: matching labels must be unique on one side")]
    [InlineData("errors + on(method) group_right requests", "found duplicate series for the match group {method=\"get\"} on the left hand-side")]
    [InlineData("errors * on(method) group_left(code) requests", "multiple matches for labels: grouping labels must ensure unique matches")]
    [InlineData("abs({__name__=~\"errors|requests\",method=\"del\"})", "")]
    [InlineData("-{__name__=~\"g|n\"} + 1", "")]
    [InlineData("sum_over_time({method=\"put\"}[5m]) or holt_winters(g[5m], 2, 0.5)", "invalid smoothing factor. Expected: 0 < sf < 1, got: 2.000000")]
    public void What_does_not_match_uniquely_is_refused(string query, string reason)
    {
        if (reason.Length == 0)
        {
            _ = _series.Shown(query);
            return;
        }

        var refused = Assert.Throws<ExpressionRefused>(() => _series.Shown(query));
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Failed, refused.Kind);
    }

    [Fact]
    public void Sides_that_have_values_at_different_instants_are_no_duplicates()
    {
        var changing = new LoadedSeries("""
            load 1m
            a{v="1"} 1 1 stale _ _
            a{v="2"} _ _ 2 2 2
            b 10x4
            """);
        var answer = Assert.Single(changing.Over("b + on() a", "0s", "4m", "1m").Series);
        Assert.Equal([11, 11, 12, 12, 12], answer.Values);
        var merged = Assert.Single(changing.Over("label_replace(a, \"v\", \"\", \"v\", \".*\")", "0s", "4m", "1m").Series);
        Assert.Equal([1, 1, 2, 2, 2], merged.Values);
    }
}
