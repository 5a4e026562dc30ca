using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>The expressions that are compared: every operator and function by a rule, then those that somebody thought up to break it.</summary>
internal static class QueryList
{
    public static IReadOnlyList<string> All { get; } = [.. Plain(), .. OverTime(), .. Aggregated(), .. Operated(), .. HandWritten()];

    private static IEnumerable<string> Plain()
    {
        foreach (var function in Function.All.Where(f => f.Returns == ExpressionType.InstantVector && f.Takes is [ExpressionType.InstantVector]))
        {
            foreach (var argument in new[] { "g", "odd", "at", "stale", "vector(0.5)" })
            {
                yield return $"{function.Name}({argument})";
            }
        }
    }

    private static IEnumerable<string> OverTime()
    {
        foreach (var function in Function.All.Where(f => f.Takes is [ExpressionType.RangeVector]))
        {
            foreach (var range in new[] { "c_total[5m]", "g[1m]", "odd[97s]", "late[10m]", "jitter[2m]", "stale[4m]", "gone[6m]", "sparse[25m]", "c_total[30s] offset 7m", "c_total[5m:45s]", "g[10m:]" })
            {
                yield return $"{function.Name}({range})";
            }
        }
    }

    private static IEnumerable<string> Aggregated()
    {
        foreach (var kind in new[] { "sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "quantile(0.3,", "topk(2,", "bottomk(1,", "count_values(\"v\"," })
        {
            var open = kind.Contains('(', StringComparison.Ordinal) ? kind : kind + "(";
            yield return $"{open} g)";
            yield return $"{open} odd)";
            yield return $"{open} c_total) by (job)";
            yield return $"{open} left) without (a)";
            yield return $"{open} stale)";
        }
    }

    private static IEnumerable<string> Operated()
    {
        foreach (var op in new[] { "+", "-", "*", "/", "%", "^", "atan2", "==", "!=", ">", "<", ">=", "<=" })
        {
            yield return $"g {op} c_total";
            yield return $"g {op} 2";
            yield return $"2 {op} odd";
            yield return $"left {op} on (a) group_left () right";
            yield return $"right {op} ignoring (b, n) group_right () left";
            if (op is "==" or "!=" or ">" or "<" or ">=" or "<=")
            {
                yield return $"c_total {op} bool g";
                yield return $"1 {op} bool 2";
            }
        }

        foreach (var op in new[] { "and", "or", "unless" })
        {
            yield return $"left {op} on (a) right";
            yield return $"c_total {op} (g > 0)";
            yield return $"stale {op} gone";
        }
    }

    private static IEnumerable<string> HandWritten() =>
    [
        // literals, precedence, comments
        "1", "-1", "0x1F", "010", "08", "1e3", ".5", "5.", "Inf", "-Inf", "NaN", "1 + 2 * 3 ^ 2 ^ 0.5", "-2 ^ 2", "2 ^ -1", "2 ^ -1 * 3", "-one ^ 2", "10 % 4 % 3", "2 - 1 - 1", "\"text\"", "'a\\x41\\u00e9\\101'", "`raw\\n`",
        "one # comment", "one +\n# comment\n 1", "1 / 0", "0 / 0", "-1 % 0", "1 == bool 1 != bool 0", "(1 + 2) * 3", "+one", "--one", "- - 3",
        // selectors
        "g{job=\"a\"}", "g{job!=\"a\"}", "g{job=~\"a|b\", inst!~\"2\"}", "g{job=~\"\"}", "g{nothing=\"\"}", "g{nothing!=\"\"}", "{__name__=~\"g|one\"}", "{__name__=\"one\"}", "g{job=~\"(?i)A\"}", "g{inst=~\"\\\\d\"}", "g{inst=~\"[[:digit:]]+\"}", "nothing", "g{job=\"a\",}",
        // time
        "g offset 5m", "g offset -5m", "g @ 1700001000", "g @ 1700001000.5 offset 1m", "g offset 1m @ 1700001000", "g @ start()", "g @ end()", "rate(c_total[5m] @ end())", "sum_over_time(g[5m] @ 1700002000 offset 100s)", "time()", "time() - at", "timestamp(late)", "timestamp(late offset 1m)", "timestamp(late @ 1700001000)", "timestamp(g + 1)", "timestamp((late))",
        "stale offset 15s", "gone offset 5m", "count_over_time(stale[1m] offset 1m)", "last_over_time(g[1m]) - g", "one offset 2h",
        // subqueries
        "max_over_time(g[10m:1m])", "max_over_time(rate(c_total[1m])[10m:30s])", "avg_over_time(sum(g)[5m:15s])", "rate(c_total[5m:1m] offset 3m)", "sum_over_time(one[1h:7m])", "min_over_time(max_over_time(g[2m:10s])[5m:40s] offset 1m)", "max_over_time(time()[5m:1m])", "sum_over_time(vector(1)[5m:1m])", "last_over_time(timestamp(late)[5m:20s])", "count_over_time(g[5m:1m] @ 1700001000)", "rate(c_total[3m:] @ end())", "avg_over_time((g > 0)[10m:])", "quantile_over_time(0.5, g[5m:15s])", "max_over_time((g @ 1700001000)[5m:1m])", "absent_over_time(nothing{a=\"1\"}[5m:1m])", "present_over_time(stale[5m:15s])", "sum_over_time((time() - time() @ start())[5m:1m])", "max_over_time(stale[10m:3s])",
        // functions with parameters
        "clamp(g, -1, 1)", "clamp(g, 1, -1)", "clamp_min(odd, 10)", "clamp_max(odd, 10)", "clamp(odd, -Inf, NaN)", "clamp_max(odd, NaN)", "clamp_min(odd, NaN)", "round(g)", "round(g, 0.1)", "round(g, 5)", "round(odd, 0)", "round(g, scalar(one))",
        "quantile_over_time(0, g[5m])", "quantile_over_time(1, g[5m])", "quantile_over_time(0.37, odd[5m])", "quantile_over_time(-1, g[5m])", "quantile_over_time(2, g[5m])", "quantile_over_time(NaN, g[5m])", "quantile_over_time(scalar(one) / 4, g[5m])",
        "predict_linear(g[5m], 600)", "predict_linear(jitter[10m], time() - 1700000000)", "predict_linear(odd[5m], 60)", "predict_linear(g[5m] offset 3m, 60)", "holt_winters(g[5m], 0.3, 0.7)", "holt_winters(g[5m], 0, 0.7)", "holt_winters(g[5m], 0.5, 1.5)", "holt_winters(odd[5m], 0.1, 0.9)",
        "histogram_quantile(0.9, h_bucket)", "histogram_quantile(0.5, rate(h_bucket[5m]))", "histogram_quantile(0.99, sum by (le) (rate(h_bucket[5m])))", "histogram_quantile(0.3, h2_bucket)", "histogram_quantile(0, h2_bucket)", "histogram_quantile(1, h2_bucket)", "histogram_quantile(-1, h_bucket)", "histogram_quantile(2, h_bucket)", "histogram_quantile(NaN, h_bucket)", "histogram_quantile(0.5, weird_bucket)", "histogram_quantile(0.5, {__name__=~\"h2?_bucket\", job=\"a\"})", "histogram_quantile(scalar(one) / 2, h_bucket)", "histogram_quantile(0.5, g)", "histogram_fraction(0, 1, h_bucket)",
        "label_replace(g, \"dst\", \"$1-$2\", \"inst\", \"(.)(.*)\")", "label_replace(g, \"dst\", \"${n}x\", \"job\", \"(?P<n>.*)\")", "label_replace(g, \"job\", \"\", \"job\", \".*\")", "label_replace(g, \"dst\", \"x\", \"inst\", \"nomatch\")", "label_replace(g, \"inst\", \"same\", \"inst\", \".*\")", "label_replace(g, \"__name__\", \"h\", \"inst\", \"1\")", "label_replace(g, \"bad-name\", \"x\", \"inst\", \".*\")", "label_replace(g, \"dst\", \"x\", \"inst\", \"(\")", "label_replace(g, \"dst\", \"$$1 $x $\", \"inst\", \"(.*)\")",
        "label_join(g, \"dst\", \"-\", \"job\", \"inst\")", "label_join(g, \"dst\", \"-\", \"nothing\")", "label_join(g, \"dst\", \", \")", "label_join(g, \"inst\", \"\", \"job\")", "label_join(g, \"bad name\", \"\", \"job\")", "label_join(g, \"dst\", \"\", \"bad name\")",
        "absent(nothing{a=\"1\", b=~\"x\", c=\"2\", c=\"3\"})", "absent(g)", "absent(sum(nothing))", "absent((nothing{a=\"1\"}))", "absent_over_time(nothing{a=\"1\"}[5m])", "absent_over_time(stale[1m])", "absent_over_time(gone{job=\"a\"}[2m])", "absent(stale{job=\"a\"})",
        "scalar(g)", "scalar(one)", "scalar(nothing)", "vector(3)", "vector(time())", "hour()", "day_of_week()", "month(vector(1e20))", "year(vector(NaN))", "year(vector(-1e18))", "day_of_year(vector(951782400))", "days_in_month(vector(951782400))", "minute(vector(-61))", "pi()", "pi() * one", "sort(g)", "sort_desc(g)", "sort(odd)", "sort_desc(odd)", "sgn(-odd)",
        // aggregations
        "sum(g) by (job, inst,)", "sum by () (g)", "sum without () (g)", "sum by (nothing) (g)", "count by (__name__) ({__name__=~\"g|one\"})", "topk(0, g)", "topk(-1, g)", "topk(100, g)", "topk(NaN, g)", "topk(1e30, g)", "topk(2.9, g)", "topk(1, odd)", "bottomk(3, odd)", "topk by (job) (1, c_total)", "topk(2, one or g * 1.5)", "quantile(-0.1, g)", "quantile(1.1, g)", "quantile(NaN, g)", "quantile by (job) (0.5, c_total)", "quantile(0.9, odd)", "count_values(\"job\", c_total % 3) by (job)", "count_values(\"bad-label\", g)", "count_values without (inst) (\"v\", round(g))", "count_values(\"v\", odd)", "count_values(\"v\", g * 1e22)", "count_values(\"v\", g / 1e12)", "SUM(g)", "avg(odd * 1e308)", "stddev(c_total{inst=\"1\"})", "stdvar(odd{x=\"infs\"})", "sum(sum by (job) (rate(c_total[1m])))", "topk(1, g) + 1", "sum(topk by (job) (1, g))", "max(sort(g))",
        // matching
        "left + right", "left + on (a) right", "left * on (a) group_left (version) info", "info * on (a) group_right (version) left", "left - ignoring (b, n) group_left () right", "left == on (a, b) left", "left / on (a) group_left (n) right", "left + on () right", "right + on (a) left", "left + on (a) group_right () right", "g + on (job) g", "sum by (job) (g) / on (job) group_left () sum(g)", "g > bool on (job, inst) c_total", "left > on (a) group_left () right", "left > bool on (a) group_left () right", "g == g", "odd == odd", "odd != odd", "odd >= bool odd", "left and right", "left and on () right", "left or right", "left unless on (a) right", "left or on (a) right", "one or g", "g and g > 0", "nothing or vector(0)", "sum(nothing) or vector(0)", "g unless g{job=\"a\"}", "flip + flop", "flip or flop", "flip and flop", "flip unless flop", "flip + on (v) flop", "left + on (a) (right > 100)", "nothing + on (x) left", "one + on () group_left () one", "{__name__=~\"flip|flop\"} + 1", "rate({__name__=~\"flip|flop\"}[1m])", "-{__name__=~\"flip|flop\"}", "abs({__name__=~\"left|right\"})", "abs({__name__=~\"left|right\", a=\"1\"})", "sum_over_time({__name__=~\"g|c_total\"}[1m])", "last_over_time({__name__=~\"g|c_total\"}[1m])", "label_replace({__name__=~\"flip|flop\"}, \"__name__\", \"f\", \"v\", \".*\")", "g - on (job, inst) c_total > 5", "3 > g", "3 > bool g", "g atan2 2", "left * on (a) group_left (b) right",
        "g ^ 0.5", "odd ^ 0", "0 ^ odd", "odd % 7", "7 % odd", "g % -3.5", "odd / 0", "odd - odd", "(one or g)[5m:1m]", "c_total[1m]", "stale[10m] offset 5m", "g[1m] @ 1700001000", "odd[45s]",
        // errors
        "1 +", "g{", "g{job=}", "g{job=\"a\"", "sum(g", "sum g", "rate(g)", "rate(g[0s])", "g[5m] + 1", "sum(g[5m])", "foo(g)", "g offset 0s", "g offset", "g[5m][5m]", "(g)[5m]", "1 == 1", "g bool + 1", "g == bool", "1 and 2", "g and 1", "g + on (a) group_left 1", "g and on (a) group_left () g", "-\"a\"", "-g[5m]", "{}", "{job=\"\"}", "{job=~\".*\"}", "g{__name__=\"x\"}", "sum by (job (g)", "topk(g)", "topk(\"a\", g)", "count_values(1, g)", "quantile(g, g)", "label_replace(g)", "label_join(g, \"a\")", "time(1)", "round(g, 1, 2)", "vector(g)", "scalar(1)", "g @ g", "g @ Inf", "1 @ 5", "sum(g) offset 5m", "g offset 5m offset 5m", "g @ 5 @ 5", "1[5m:1m]", "\"a\" + 1", "g[5m:1m] + 1", "'unterminated", "\"bad \\q escape\"", "g{job=~\"*\"}", "5x", "1..2", "g $ g", "bool", "on", "left + on (a) group_left (a) right", "abs()", "abs(g,)", "g[5m] @ 5 @ 6", "",
        // names that are also words
        "sum", "by", "offset", "count offset 5m", "start", "max{a=\"1\"}", "rate", "g{on=\"\"}", "sum(by)", ":x:y",
    ];
}
