using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

/// <summary>Expected figures are Prometheus's: its documentation, its promql test files, or worked by hand from its formula.</summary>
public sealed class EvaluationTests
{
    private const long Minute = 60_000;

    [Fact]
    public void A_selector_gives_the_newest_value_for_five_minutes_and_then_nothing()
    {
        var values = At("x", [new(0, 7)], 0, 5 * Minute, 5 * Minute + 1);
        Assert.Equal([7, 7, Samples.Stale], values);
    }

    [Fact]
    public void A_selector_gives_nothing_after_an_end_marker()
    {
        var values = At("x", [new(0, 7), new(15_000, Samples.Stale), new(30_000, 8)], 0, 14_999, 15_000, 29_999, 30_000);
        Assert.Equal([7, 7, Samples.Stale, Samples.Stale, 8], values);
    }

    [Fact]
    public void A_reported_NaN_stays_a_value()
    {
        var value = At("x", [new(0, Samples.OrdinaryNaN)], 10)[0];
        Assert.True(double.IsNaN(value) && !Samples.IsStale(value));
    }

    [Fact]
    public void Rate_of_a_steady_counter_is_its_growth_per_second() =>
        // promql/testdata/functions.test: http_requests 0+10x10 every 5m, rate over 50m = 0.03333
        Assert.Equal(0.0333333333, At("rate(x[50m])", Every(5 * Minute, Enumerable.Range(0, 11).Select(i => i * 10d)), 50 * Minute)[0], 9);

    [Fact]
    public void Rate_adds_what_was_counted_before_a_reset()
    {
        // promql/testdata/functions.test: 0+10x5 0+10x5 every 5m; 50 before the reset, 40 after it within 50m, stretched to the window.
        var values = new double[] { 0, 10, 20, 30, 40, 50, 0, 10, 20, 30, 40, 50 };
        Assert.Equal(90d / 3000, At("rate(x[50m])", Every(5 * Minute, values), 50 * Minute)[0], 12);
    }

    [Fact]
    public void Rate_stretches_by_half_an_interval_when_samples_begin_late()
    {
        // Samples at 60..90 s in a window of 0..100 s: covered 30 s, average 10 s, start farther than 11 s, end at 10 s.
        Sample[] samples = [new(60_000, 100), new(70_000, 110), new(80_000, 120), new(90_000, 130)];
        Assert.Equal(30 * ((30 + 5 + 10) / 30d / 100), At("rate(x[100s])", samples, 100_000)[0], 12);
    }

    [Fact]
    public void Rate_does_not_stretch_a_counter_below_zero()
    {
        // From 2 to 32 in 30 s: zero was 2 s before the first sample, although the window begins 9 s before it.
        Sample[] samples = [new(10_000, 2), new(20_000, 12), new(30_000, 22), new(40_000, 32)];
        Assert.Equal(30 * ((30 + 2 + 0) / 30d / 39), At("rate(x[39s])", samples, 40_000)[0], 12);
    }

    [Fact]
    public void Rate_counts_samples_on_both_edges_of_the_window() =>
        Assert.Equal(1, At("rate(x[10s])", [new(0, 0), new(10_000, 10)], 10_000)[0], 12);

    [Fact]
    public void Rate_needs_two_samples_and_leaves_out_end_markers()
    {
        Assert.Equal(Samples.Stale, At("rate(x[1m])", [new(0, 1)], 1000)[0]);
        Assert.Equal(Samples.Stale, At("rate(x[1m])", [new(0, 1), new(15_000, Samples.Stale)], 20_000)[0]);
        Assert.Equal(At("rate(x[1m])", [new(0, 1), new(30_000, 4)], 40_000), At("rate(x[1m])", [new(0, 1), new(15_000, Samples.Stale), new(30_000, 4)], 40_000));
    }

    [Fact]
    public void Rates_of_differently_named_metrics_with_equal_labels_are_refused()
    {
        Sample[] samples = [new(0, 1), new(15_000, 2)];
        ReadSeries[] read = [new(LabelSet.Of(("__name__", "a")), samples), new(LabelSet.Of(("__name__", "b")), samples)];
        var refused = Assert.Throws<ExpressionRefused>(() => Evaluation.Run(Expression.Parse("rate({__name__=~\"a|b\"}[1m])"), read, Steps.At(20_000)));
        Assert.Equal((RefusalKind.Failed, "vector cannot contain metrics with the same labelset"), (refused.Kind, refused.Reason));
    }

    [Theory]
    // Per second: 4 up to 0.1, 9 up to 0.2, 12 up to 1, 12 in all. Half of 12 is 6, the second of five between 0.1 and 0.2.
    [InlineData(-0.1, double.NegativeInfinity)]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.075)]
    [InlineData(0.5, 0.14)]
    [InlineData(0.75, 0.2)]
    [InlineData(1, 1)]
    [InlineData(1.1, double.PositiveInfinity)]
    public void Quantiles_are_interpolated_within_their_bucket(double quantile, double expected)
    {
        var result = Assert.Single(Quantile(quantile, ("0.1", 4), ("0.2", 9), ("1", 12), ("+Inf", 12)));
        Assert.Equal(expected, result.Values[0], 12);
        Assert.Equal(LabelSet.Of(("job", "j")), result.Labels);
    }

    [Fact]
    public void A_quantile_in_the_last_bucket_is_the_highest_finite_bound() =>
        Assert.Equal(0.2, Quantile(0.99, ("0.1", 4), ("0.2", 9), ("+Inf", 100))[0].Values[0]);

    [Fact]
    public void A_quantile_below_a_first_bound_of_zero_or_less_is_that_bound() =>
        Assert.Equal(-1, Quantile(0.1, ("-1", 4), ("1", 9), ("+Inf", 9))[0].Values[0]);

    [Theory]
    [InlineData("0.1", "0.2")]
    [InlineData("+Inf", "nonsense")]
    public void Without_an_infinite_and_a_finite_bucket_there_is_no_quantile(string one, string other) =>
        Assert.True(double.IsNaN(Quantile(0.5, (one, 1), (other, 2))[0].Values[0]));

    [Fact]
    public void Without_observations_there_is_no_quantile() =>
        Assert.True(double.IsNaN(Quantile(0.5, ("1", 0), ("+Inf", 0))[0].Values[0]));

    [Fact]
    public void Buckets_that_sink_count_as_level() =>
        Assert.Equal(Quantile(0.5, ("1", 6), ("2", 6), ("+Inf", 10))[0].Values, Quantile(0.5, ("1", 6), ("2", 5), ("+Inf", 10))[0].Values);

    private static List<ComputedSeries> Quantile(double quantile, params (string Bound, double PerSecond)[] buckets)
    {
        var read = buckets.Select(b => new ReadSeries(
            LabelSet.Of(("__name__", "h_bucket"), ("job", "j"), ("le", b.Bound)),
            [new(0, 0), new(10_000, b.PerSecond * 10), new(20_000, b.PerSecond * 20)]));
        var text = FormattableString.Invariant($"histogram_quantile({quantile}, rate(h_bucket[20s]))");
        return [.. Evaluation.Run(Expression.Parse(text), [.. read], Steps.At(20_000)).Series];
    }

    private static double[] At(string expression, Sample[] samples, params long[] instants) => instants.Select(at =>
    {
        var computed = Evaluation.Run(Expression.Parse(expression), [new ReadSeries(LabelSet.Of(("__name__", "x")), samples)], Steps.At(at)).Series;
        return computed.Count == 0 ? Samples.Stale : computed[0].Values[0];
    }).ToArray();

    private static Sample[] Every(long step, IEnumerable<double> values) => values.Select((v, i) => new Sample(i * step, v)).ToArray();
}
