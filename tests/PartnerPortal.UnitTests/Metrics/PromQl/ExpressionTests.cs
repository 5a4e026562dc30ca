using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData(" up { job = 'a' , instance != \"b\", } # comment", "up{job=\"a\",instance!=\"b\"}")]
    [InlineData("{__name__=\"up\"}", "up")]
    [InlineData("{__name__=\"bool\"}", "{__name__=\"bool\"}")]
    [InlineData("x{a=`raw\\n`,b=\"line\\n\"}", "x{a=\"raw\\\\n\",b=\"line\\n\"}")]
    [InlineData("rate(http:requests_total{code!~\"5..\"}[1h30m])", "rate(http:requests_total{code!~\"5..\"}[1h30m])")]
    [InlineData("histogram_quantile(.99, rate(latency_bucket[300s]))", "histogram_quantile(0.99, rate(latency_bucket[5m]))")]
    [InlineData("SUM(x)by(a,b,)", "sum by (a, b) (x)")]
    [InlineData("sum without (a) (x)", "sum without (a) (x)")]
    [InlineData("topk(5,x)", "topk(5, x)")]
    [InlineData("x offset -1h30m @ 1600000000.5", "x @ 1600000000.500 offset -1h30m")]
    [InlineData("x[5m] @ end()", "x[5m] @ end()")]
    [InlineData("max_over_time(rate(x[1m])[1h:])", "max_over_time(rate(x[1m])[1h:])")]
    [InlineData("x[1h:30s] offset 1d", "x[1h:30s] offset 1d")]
    [InlineData("a+on(x,y)group_left(z)b", "a + on (x, y) group_left (z) b")]
    [InlineData("a and ignoring(x) b", "a and ignoring (x) b")]
    [InlineData("1>bool 2", "1 > bool 2")]
    [InlineData("- 1", "-1")]
    [InlineData("-x^2", "-x ^ 2")]
    [InlineData("-Inf + nan", "-Inf + NaN")]
    [InlineData("0x1F + 010 + 1e3 + .5", "31 + 8 + 1000 + 0.5")]
    [InlineData("sum + by + offset", "sum + by + offset")]
    [InlineData("rate", "rate")]
    public void Expressions_are_read_and_written(string text, string shown) => Assert.Equal(shown, Expression.Parse(text).ToString());

    [Theory]
    [InlineData("1 + 2 * 3", "1 + (2 * 3)")]
    [InlineData("1 - 2 - 3", "(1 - 2) - 3")]
    [InlineData("2 ^ 3 ^ 2", "2 ^ (3 ^ 2)")]
    [InlineData("2 ^ -1 * 3", "(2 ^ -1) * 3")]
    [InlineData("a or b and c", "a or (b and c)")]
    [InlineData("a and b unless c", "(a and b) unless c")]
    [InlineData("a + b > c", "(a + b) > c")]
    [InlineData("a atan2 b * c", "(a atan2 b) * c")]
    public void Operators_bind_as_in_Prometheus(string text, string same)
    {
        var (one, other) = ((BinaryExpression)Expression.Parse(text), (BinaryExpression)Expression.Parse(same));
        Assert.Equal((one.Operator, Plain(one.Left), Plain(one.Right)), (other.Operator, Plain(other.Left), Plain(other.Right)));
        static string Plain(Expression part) => part.Bare.ToString();
    }

    [Theory]
    [InlineData("", 0, "no expression found")]
    [InlineData("1 +", 3, "unexpected end of input")]
    [InlineData("up up", 3, "unexpected identifier")]
    [InlineData("foo(up)", 0, "unknown function with name \"foo\"")]
    [InlineData("rate(up)", 5, "expected type range vector in call to function \"rate\", got instant vector")]
    [InlineData("rate(up[5])", 8, "expected a duration")]
    [InlineData("rate(up[0s])", 8, "duration must be greater than 0")]
    [InlineData("rate(up[5m]", 11, "unclosed left parenthesis")]
    [InlineData("5x", 0, "bad number or duration syntax: \"5x\"")]
    [InlineData("sum(up[5m])", 4, "expected type instant vector in aggregation expression, got range vector")]
    [InlineData("topk(up)", 0, "wrong number of arguments")]
    [InlineData("(up)[5m]", 4, "ranges only allowed for vector selectors")]
    [InlineData("up offset 5m [5m]", 13, "no offset modifiers allowed before range")]
    [InlineData("up offset 5m offset 5m", 13, "may not be set multiple times")]
    [InlineData("sum(up) offset 5m", 8, "offset modifier must be preceded by")]
    [InlineData("up[5m:1m] + 1", 0, "must contain only scalar and instant vector types")]
    [InlineData("1 == 1", 2, "must use BOOL modifier")]
    [InlineData("up + bool 1", 3, "bool modifier can only be used on comparison operators")]
    [InlineData("up and 1", 3, "set operator \"and\" not allowed in binary scalar expression")]
    [InlineData("up and on (a) group_left () up", 3, "no grouping allowed for \"and\" operation")]
    [InlineData("up + on (a) 1", 3, "vector matching only allowed between instant vectors")]
    [InlineData("up + on (a) group_left (a) up", 3, "label \"a\" must not occur in ON and GROUP clause at once")]
    [InlineData("up{job=~\"(\"}", 8, "error parsing regexp: Not enough )'s.")]
    [InlineData("up[5m", 5, "unclosed left bracket")]
    [InlineData("up{job=~\"(?=a)\"}", 8, "Look-around")]
    [InlineData("up{job}", 6, "expected one of")]
    [InlineData("up{job=\"a\"", 10, "unexpected end of input inside braces")]
    [InlineData("up{job=\"a}", 7, "unterminated quoted string")]
    [InlineData("up{__name__=\"x\"}", 3, "metric name must not be set twice")]
    [InlineData("{job=~\".*\"}", 0, "at least one non-empty matcher")]
    [InlineData("{}", 0, "at least one non-empty matcher")]
    [InlineData("abs(up,)", 7, "trailing commas not allowed")]
    [InlineData("label_join(up, \"a\")", 0, "expected at least 3 argument(s) in call to \"label_join\", got 2")]
    [InlineData("-\"a\"", 0, "unary expression only allowed")]
    [InlineData("1[5m:1m]", 0, "subquery is only allowed on instant vector")]
    [InlineData("up @ Inf", 3, "timestamp out of bounds")]
    public void What_cannot_be_read_is_refused_at_its_place(string text, int position, string reason)
    {
        var refused = Assert.Throws<ExpressionRefused>(() => Expression.Parse(text));
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Equal((position, RefusalKind.Unreadable), (refused.Position, refused.Kind));
    }

    [Fact]
    public void A_hostile_depth_is_refused_before_it_exhausts_the_stack()
    {
        foreach (var (open, close) in new[] { ("(", ")"), ("-", ""), ("abs(", ")"), ("1 + ", ""), ("2 ^ ", "") })
        {
            var text = string.Concat(Enumerable.Repeat(open, 3000)) + "x" + string.Concat(Enumerable.Repeat(close, 3000));
            Assert.Contains("levels", Assert.Throws<ExpressionRefused>(() => Expression.Parse(text)).Reason, StringComparison.Ordinal);
        }
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
    [InlineData("x{a=~\"\\\\d\"}", true)]
    [InlineData("x{b=~\"[[:alpha:]]{5}\"}", true)]
    [InlineData("x{b=~\"(?P<first>v).*\"}", true)]
    [InlineData("x{b=~\"(?i)VALUE$\"}", true)]
    [InlineData("x{b=~\"\\\\Qva.\\\\E.*\"}", false)]
    [InlineData("x{b=~\"\\\\pL+\"}", true)]
    [InlineData("x{b=~\"[]va-u]+e\"}", true)]
    [InlineData("y", false)]
    public void Matchers_compare_as_Prometheus_does(string selector, bool expected)
    {
        var labels = LabelSet.Of(("__name__", "x"), ("a", "1"), ("b", "value"));
        Assert.Equal(expected, Expression.Parse(selector).Selectors().Single().Selector.Matches(labels));
    }

    [Fact]
    public void An_expression_made_to_backtrack_for_ever_is_answered_at_once()
    {
        var selector = Expression.Parse("x{a=~\"(a+)+b\"}").Selectors().Single().Selector;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(selector.Matches(LabelSet.Of(("__name__", "x"), ("a", new string('a', 2000)))));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("(.*){1000}", false)]
    [InlineData("((a{20}){20}){20}", false)]
    [InlineData("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", true)]
    [InlineData("a{2,}b{3,4}c?(d|e)+.*", true)]
    public void Expressions_of_too_many_repetitions_are_refused_since_they_take_seconds(string expression, bool accepted)
    {
        if (accepted)
            _ = Expression.Parse($"x{{a=~\"{expression}\"}}");
        else
            Assert.Contains("repetitions", Assert.Throws<ExpressionRefused>(() => Expression.Parse($"x{{a=~\"{expression}\"}}")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_names_is_no_repetition()
    {
        var selector = Expression.Parse($"x{{a=~\"{string.Join('|', Enumerable.Range(0, 600).Select(i => $"host-{i}"))}\"}}").Selectors().Single().Selector;
        Assert.True(selector.Matches(LabelSet.Of(("__name__", "x"), ("a", "host-599"))));
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
