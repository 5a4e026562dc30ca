using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData(" up { job = 'a' , instance != \"b\", } # comment", "up{job=\"a\",instance!=\"b\"}")]
    [InlineData("{__name__=\"up\"}", "up")]
    [InlineData("{__name__=~\"a|b\"}", "{__name__=~\"a|b\"}")]
    [InlineData("x{a=`raw\\n`,b=\"line\\n\"}", "x{a=\"raw\\\\n\",b=\"line\\n\"}")]
    [InlineData("rate(http:requests_total{code!~\"5..\"}[1h30m])", "rate(http:requests_total{code!~\"5..\"}[1h30m])")]
    [InlineData("histogram_quantile(.99, rate(latency_bucket[300s]))", "histogram_quantile(0.99, rate(latency_bucket[5m]))")]
    [InlineData("rate[5m]", null)]
    [InlineData("rate", "rate")]
    public void Known_expressions_are_read(string text, string? shown)
    {
        if (shown is null)
            Assert.Throws<ExpressionRefused>(() => Expression.Parse(text));
        else
            Assert.Equal(shown, Expression.Parse(text).ToString());
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("up + 1", 3, "\"+\" cannot follow")]
    [InlineData("sum(up)", 0, "function sum is not known")]
    [InlineData("sum by (job) (up)", 4, "cannot follow")]
    [InlineData("up offset 5m", 3, "cannot follow")]
    [InlineData("up[5m]", 2, "only stand inside rate")]
    [InlineData("rate(up)", 7, "needs a range")]
    [InlineData("rate(up[5])", 8, "not a duration")]
    [InlineData("rate(up[0s])", 8, "not a duration")]
    [InlineData("rate(up[5m]", 11, "missing")]
    [InlineData("rate(sum(up)[5m])", 5, "selector with a range")]
    [InlineData("up{job=~\"(\"}", 8, "cannot be read")]
    [InlineData("up{job=~\"(?=a)\"}", 8, "Look-around")]
    [InlineData("up{job}", 6, "One of")]
    [InlineData("up{job=\"a\"", 10, "missing")]
    [InlineData("up{job=\"a}", 7, "closing quote")]
    [InlineData("up{__name__=\"x\"}", 3, "given twice")]
    [InlineData("{job=~\".*\"}", 0, "at least one condition")]
    [InlineData("{}", 0, "at least one condition")]
    [InlineData("histogram_quantile(0.9, up)", 24, "rate of buckets")]
    [InlineData("histogram_quantile(high, rate(up[5m]))", 19, "not a number")]
    [InlineData("1 + 1", 0, "cannot begin")]
    public void Anything_else_is_refused_at_its_place(string text, int position, string reason)
    {
        var refused = Assert.Throws<ExpressionRefused>(() => Expression.Parse(text));
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Equal(position, refused.Position);
    }

    [Theory]
    [InlineData("x{a=\"1\"}", true)]
    [InlineData("x{a!=\"1\"}", false)]
    [InlineData("x{missing=\"\"}", true)]
    [InlineData("x{missing!=\"\"}", false)]
    [InlineData("x{a=~\"1|2\"}", true)]
    [InlineData("x{a=~\"\"}", false)]
    [InlineData("x{b=~\"va\"}", false)]
    [InlineData("x{b=~\"va.*\"}", true)]
    [InlineData("x{b!~\"va.*\"}", false)]
    [InlineData("{__name__=~\"x|y\"}", true)]
    [InlineData("y", false)]
    public void Matchers_compare_as_Prometheus_does(string selector, bool expected)
    {
        var labels = LabelSet.Of(("__name__", "x"), ("a", "1"), ("b", "value"));
        Assert.Equal(expected, Expression.Parse(selector).Reads.Matches(labels));
    }

    [Fact]
    public void An_expression_made_to_backtrack_for_ever_is_answered_at_once()
    {
        var selector = Expression.Parse("x{a=~\"(a+)+b\"}").Reads;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(selector.Matches(LabelSet.Of(("__name__", "x"), ("a", new string('a', 2000)))));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Label_sets_are_equal_whatever_the_order_and_empty_values_do_not_count()
    {
        var one = LabelSet.Of(("__name__", "x"), ("a", "1"), ("b", "2"), ("c", ""));
        var other = LabelSet.Of(("b", "2"), ("a", "1"), ("__name__", "x"));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal("x{a=\"1\",b=\"2\"}", one.ToString());
        Assert.Equal("", one["c"]);
        Assert.Throws<ArgumentException>(() => LabelSet.Of(("a", "1"), ("a", "2")));
    }
}
