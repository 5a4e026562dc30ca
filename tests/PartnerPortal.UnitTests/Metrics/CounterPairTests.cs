using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class CounterPairTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_pair_takes_one_selector_of_counters_per_side()
    {
        var pair = Enter(new("Purchases", "calls_total{operation=\"buy\"}", "purchases_total", TheirTests: " "));
        Assert.Equal(("purchases", "Purchases", null), (pair.Slug, pair.Title, pair.TheirTests));
        pair.Change(new("Buying", "calls_total", "purchases_total", "tests_total"));
        Assert.Equal(("purchases", "Buying", "tests_total"), (pair.Slug, pair.Title, pair.OurTests));
    }

    [Theory]
    [InlineData("rate(calls_total[5m])")]
    [InlineData("calls_total offset 5m")]
    [InlineData("calls_total[5m]")]
    [InlineData("calls_total{")]
    [InlineData("")]
    public void Anything_but_a_counter_with_its_labels_is_refused(string selector)
    {
        Assert.Equal(["ours"], Assert.Throws<FieldsRefused>(() => Enter(new("x", selector, "y"))).Errors.Keys);
        Assert.Equal(["theirs"], Assert.Throws<FieldsRefused>(() => Enter(new("x", "y", selector))).Errors.Keys);
    }

    [Fact]
    public void A_chart_keeps_an_expression_that_has_one_value_per_instant()
    {
        Assert.Equal("sum(up)", Chart("sum(up)").Title);
        Assert.Contains("lines[0].query", Assert.Throws<FieldsRefused>(() => Chart("sum(")).Errors.Keys);
        Assert.Contains("lines[0].query", Assert.Throws<FieldsRefused>(() => Chart("up[5m]")).Errors.Keys);
        Assert.Contains("lines[0].query", Assert.Throws<FieldsRefused>(() => Chart(new string('1', SavedChart.LongestQuery + 1))).Errors.Keys);

        static SavedChart Chart(string query) => SavedChart.Enter(Guid.NewGuid(), Guid.NewGuid(), new ChartDraft(null, [new ChartLine("", Query: query)]), 0, Now);
    }

    [Theory]
    [InlineData(MetricType.Gauge, "sum by (side) (calls)")]
    [InlineData(MetricType.Counter, "sum by (side) (rate(calls[1m]))")]
    [InlineData(MetricType.Histogram, "histogram_quantile(0.95, sum by (side, le) (rate(calls_bucket[1m])))")]
    public void A_comparison_of_the_sides_has_one_line_each(MetricType type, string expected) =>
        Assert.Equal(expected, new ChartLine("calls").Expression(type, TimeSpan.FromSeconds(15), TimeSpan.Zero, bySide: true).ToString());

    private static CounterPair Enter(CounterPairDraft draft) => CounterPair.Enter(Guid.NewGuid(), Guid.NewGuid(), draft, Now);
}
