using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

/// <summary>Functions on instant vectors (prometheus.io/docs/prometheus/2.42/querying/functions).</summary>
public sealed class FunctionTests
{
    private readonly LoadedSeries _series = new("""
        load 1m
        x{l="a"} -2.5
        x{l="b"} 4
        one 1
        none NaN
        t 1136239445
        h_bucket{le="0.1"} 4
        h_bucket{le="0.2"} 9
        h_bucket{le="1.0"} 12
        h_bucket{le="+Inf"} 12
        ab{src="source-value-10",dst="original"} 1
        """);

    [Theory]
    [InlineData("abs(x)", "{l=\"a\"} 2.5; {l=\"b\"} 4")]
    [InlineData("ceil(x)", "{l=\"a\"} -2; {l=\"b\"} 4")]
    [InlineData("floor(x)", "{l=\"a\"} -3; {l=\"b\"} 4")]
    [InlineData("round(x)", "{l=\"a\"} -2; {l=\"b\"} 4")]
    [InlineData("round(x, 3)", "{l=\"a\"} -3; {l=\"b\"} 3")]
    [InlineData("sgn(x)", "{l=\"a\"} -1; {l=\"b\"} 1")]
    [InlineData("sqrt(x)", "{l=\"a\"} NaN; {l=\"b\"} 2")]
    [InlineData("exp(one)", "{} 2.718281828")]
    [InlineData("ln(x)", "{l=\"a\"} NaN; {l=\"b\"} 1.386294361")]
    [InlineData("log2(x)", "{l=\"a\"} NaN; {l=\"b\"} 2")]
    [InlineData("log10(one * 100)", "{} 2")]
    [InlineData("sin(one)", "{} 0.841470985")]
    [InlineData("cos(one)", "{} 0.540302306")]
    [InlineData("tan(one)", "{} 1.557407725")]
    [InlineData("asin(one)", "{} 1.570796327")]
    [InlineData("acos(one)", "{} 0")]
    [InlineData("atan(one)", "{} 0.785398163")]
    [InlineData("sinh(one)", "{} 1.175201194")]
    [InlineData("cosh(one)", "{} 1.543080635")]
    [InlineData("tanh(one)", "{} 0.761594156")]
    [InlineData("asinh(one)", "{} 0.881373587")]
    [InlineData("acosh(one)", "{} 0")]
    [InlineData("atanh(one)", "{} Inf")]
    [InlineData("deg(one)", "{} 57.295779513")]
    [InlineData("rad(one * 180)", "{} 3.141592654")]
    [InlineData("pi()", "{} 3.141592654")]
    [InlineData("clamp(x, -1, 1)", "{l=\"a\"} -1; {l=\"b\"} 1")]
    [InlineData("clamp(x, 1, -1)", "")]
    [InlineData("clamp_min(x, 0)", "{l=\"a\"} 0; {l=\"b\"} 4")]
    [InlineData("clamp_max(x, 0)", "{l=\"a\"} -2.5; {l=\"b\"} 0")]
    [InlineData("clamp_min(none, 0)", "{} NaN")]
    [InlineData("clamp_min(none, Inf)", "{} Inf")]
    [InlineData("scalar(one) + 1", "{} 2")]
    [InlineData("scalar(x)", "{} NaN")]
    [InlineData("vector(7)", "{} 7")]
    [InlineData("absent(one)", "")]
    [InlineData("absent(nothing{a=\"1\",b=~\"x\",c!=\"2\"})", "{a=\"1\"} 1")]
    [InlineData("absent(nothing{a=\"1\",a=\"2\"})", "{} 1")]
    [InlineData("absent(sum(nothing))", "{} 1")]
    [InlineData("year(t)", "{} 2006")]
    [InlineData("month(t)", "{} 1")]
    [InlineData("day_of_month(t)", "{} 2")]
    [InlineData("day_of_week(t)", "{} 1")]
    [InlineData("day_of_year(t)", "{} 2")]
    [InlineData("days_in_month(vector(1454284800))", "{} 29")]
    [InlineData("days_in_month(vector(1485907200))", "{} 28")]
    [InlineData("hour(t)", "{} 22")]
    [InlineData("minute(t)", "{} 4")]
    [InlineData("year()", "{} 1970")]
    [InlineData("day_of_month(vector(951782400))", "{} 29")]
    [InlineData("year(vector(-62135596801))", "{} 0")]
    [InlineData("histogram_quantile(0.5, h_bucket)", "{} 0.14")]
    [InlineData("histogram_quantile(0.5, x)", "")]
    [InlineData("histogram_count(h_bucket)", "")]
    [InlineData("label_replace(ab, \"dst\", \"destination-value-$1\", \"src\", \"source-value-(.*)\")", "ab{dst=\"destination-value-10\",src=\"source-value-10\"} 1")]
    [InlineData("label_replace(ab, \"dst\", \"$1\", \"src\", \"value-(.*)\")", "ab{dst=\"original\",src=\"source-value-10\"} 1")]
    [InlineData("label_replace(ab, \"dst\", \"$${word}${word}$nothing\", \"src\", \"(?P<word>[a-z]+).*\")", "ab{dst=\"${word}source\",src=\"source-value-10\"} 1")]
    [InlineData("label_replace(ab, \"dst\", \"\", \"dst\", \".*\")", "ab{src=\"source-value-10\"} 1")]
    [InlineData("label_replace(ab, \"new\", \"x\", \"nothing\", \"\")", "ab{dst=\"original\",new=\"x\",src=\"source-value-10\"} 1")]
    [InlineData("label_join(ab, \"new\", \"-\", \"dst\", \"src\", \"nothing\")", "ab{dst=\"original\",new=\"original-source-value-10-\",src=\"source-value-10\"} 1")]
    [InlineData("label_join(ab, \"dst\", \"\")", "ab{src=\"source-value-10\"} 1")]
    public void Functions_give_what_the_documentation_says(string query, string expected) => Assert.Equal(expected, _series.Shown(query));

    [Theory]
    [InlineData("time()", "{} 90")]
    [InlineData("timestamp(one)", "{} 0")]
    [InlineData("timestamp(one + 1)", "{} 90")]
    [InlineData("timestamp(one offset 30s)", "{} 0")]
    public void Time_is_that_of_the_computation_or_of_the_sample(string query, string expected) => Assert.Equal(expected, _series.Shown(query, "90s"));

    [Theory]
    [InlineData("label_replace(ab, \"a-b\", \"\", \"src\", \"\")", "invalid destination label name in label_replace(): a-b")]
    [InlineData("label_replace(ab, \"a\", \"\", \"src\", \"(\")", "invalid regular expression in label_replace(): (")]
    [InlineData("label_join(ab, \"a\", \"\", \"b c\")", "invalid source label name in label_join(): b c")]
    public void Labels_that_cannot_be_are_refused(string query, string reason) =>
        Assert.Equal(reason, Assert.Throws<ExpressionRefused>(() => _series.Shown(query)).Reason);
}
