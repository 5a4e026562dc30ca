namespace PartnerPortal.UnitTests.Metrics.PromQl;

/// <summary>Functions on range vectors, subqueries, offset and @.</summary>
public sealed class RangeFunctionTests
{
    private readonly LoadedSeries _series = new("""
        load 10s
        c 0+10x100
        r 0+10x5 0+10x5
        g 1 5 2 8 3 3 7
        n 1 NaN 3 NaN NaN
        i 1 Inf -Inf
        gone 1 2 3 stale _ _ 7 8
        line 5+2x20
        """);

    [Theory]
    [InlineData("rate(c[1m])", "1m", "{} 1")]
    [InlineData("increase(c[1m])", "1m", "{} 60")]
    [InlineData("increase(r[110s])", "110s", "{} 100")]
    [InlineData("delta(g[1m])", "1m", "{} 6")]
    [InlineData("delta(r[20s])", "1m", "{} -40")]
    [InlineData("irate(r[1m])", "1m", "{} 0")]
    [InlineData("irate(c[1m])", "1m", "{} 1")]
    [InlineData("idelta(g[1m])", "1m", "{} 4")]
    [InlineData("idelta(g[5s])", "1m", "")]
    [InlineData("resets(r[2m])", "2m", "{} 1")]
    [InlineData("changes(g[1m])", "1m", "{} 5")]
    [InlineData("changes(n[1m])", "40s", "{} 3")]
    [InlineData("avg_over_time(g[1m])", "1m", "{} 4.142857143")]
    [InlineData("min_over_time(g[1m])", "1m", "{} 1")]
    [InlineData("max_over_time(n[1m])", "40s", "{} 3")]
    [InlineData("sum_over_time(g[1m])", "1m", "{} 29")]
    [InlineData("sum_over_time(i[1m])", "20s", "{} NaN")]
    [InlineData("avg_over_time(i[10s])", "10s", "{} Inf")]
    [InlineData("count_over_time(gone[1m])", "1m", "{} 4")]
    [InlineData("count_over_time(gone[10s])", "40s", "")]
    [InlineData("last_over_time(gone[1m])", "50s", "gone 3")]
    [InlineData("present_over_time(gone[1m])", "50s", "{} 1")]
    [InlineData("absent_over_time(gone[10s])", "50s", "{} 1")]
    [InlineData("absent_over_time(gone[1m])", "50s", "")]
    [InlineData("quantile_over_time(0.5, g[1m])", "1m", "{} 3")]
    [InlineData("stddev_over_time(g[1m])", "1m", "{} 2.415933504")]
    [InlineData("stdvar_over_time(g[1m])", "1m", "{} 5.836734694")]
    [InlineData("deriv(line[1m])", "1m", "{} 0.2")]
    [InlineData("predict_linear(line[1m], 60)", "1m", "{} 29")]
    [InlineData("holt_winters(line[1m], 0.5, 0.5)", "1m", "{} 17")]
    [InlineData("gone", "20s", "gone 3")]
    [InlineData("gone", "30s", "")]
    [InlineData("gone", "6m10s", "gone 8")]
    [InlineData("gone", "6m11s", "")]
    [InlineData("c offset 30s", "1m", "c 30")]
    [InlineData("c offset -30s", "1m", "c 90")]
    [InlineData("c @ 20", "1m", "c 20")]
    [InlineData("c @ 50 offset 20s", "1m", "c 30")]
    [InlineData("rate(c[30s] @ 40)", "10m", "{} 1")]
    [InlineData("max_over_time(g[1m:20s])", "1m", "{} 7")]
    [InlineData("count_over_time(c[1m:7s])", "1m", "{} 9")]
    [InlineData("sum_over_time(c[20s:10s] offset 10s)", "1m", "{} 120")]
    [InlineData("max_over_time(rate(c[30s])[2m:])", "5m", "{} 1")]
    public void Windows_hold_both_edges_and_no_markers(string query, string at, string expected) =>
        Assert.Equal(expected, _series.Shown(query, at));

    [Fact]
    public void A_range_is_computed_at_every_step_with_start_and_end_as_asked()
    {
        Assert.Equal([0, 20, 40, 60], Assert.Single(_series.Over("c", "0s", "1m", "20s").Series).Values);
        Assert.Equal([0, 0, 0, 0], Assert.Single(_series.Over("c @ start()", "0s", "1m", "20s").Series).Values);
        Assert.Equal([65, 65, 65], Assert.Single(_series.Over("c @ end() + 5", "5s", "1m", "20s").Series).Values);
        Assert.Equal([60, 60, 60], Assert.Single(_series.Over("sum_over_time(c[20s] @ end() offset 40s)", "0s", "1m10s", "30s").Series).Values);
    }

    [Fact]
    public void A_window_as_a_result_holds_its_samples()
    {
        var window = Assert.Single(_series.At("gone[1m]", "1m").Ranges);
        Assert.Equal([1, 2, 3, 7], window.Samples.Select(s => s.Value));
        Assert.Equal([0, 10_000, 20_000, 60_000], window.Samples.Select(s => s.Time));
    }
}
