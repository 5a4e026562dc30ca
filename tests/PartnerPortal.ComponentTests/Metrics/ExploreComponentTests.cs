using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.ComponentTests.Metrics;

public sealed class ExploreComponentTests : BunitContext
{
    private static readonly Dictionary<string, KnownMetric> Metrics = new()
    {
        ["calls_total"] = new("calls_total", MetricType.Counter, "Calls to the shop.", ""),
        ["answer_seconds"] = new("answer_seconds", MetricType.Histogram, "Time to answer.", "seconds"),
        ["heap_bytes"] = new("heap_bytes", MetricType.Gauge, "Memory.", "bytes"),
    };

    [Theory]
    [InlineData("heap_bytes", "bytes")]
    [InlineData("sum by (a) (rate(calls_total[5m]))", "per second")]
    [InlineData("max(rate(heap_bytes[5m]))", "bytes per second")]
    [InlineData("histogram_quantile(0.9, sum by (le) (rate(answer_seconds_bucket[5m])))", "seconds")]
    [InlineData("answer_seconds_sum", "seconds")]
    [InlineData("answer_seconds_count", "")]
    [InlineData("rate(calls_total[5m]) / rate(answer_seconds_count[5m])", "")]
    [InlineData("count(heap_bytes)", "")]
    public void The_unit_of_an_expression_follows_from_its_metrics(string expression, string unit) =>
        Assert.Equal(unit, ChartUnits.Of(Expression.Parse(expression), Metrics));

    [Theory]
    [InlineData("sum(", 4, "sum(", 1, 4)]
    [InlineData("sum(\n  rate(x)\n)", 7, "  rate(x)", 2, 2)]
    [InlineData("", 9, "", 1, 0)]
    public void An_error_stands_under_its_character(string text, int position, string line, int number, int column) =>
        Assert.Equal((line, number, column), PromQlField.Place(text, position));

    [Fact]
    public void A_refused_expression_is_an_invalid_field_that_points_at_its_sentence()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var field = Render<PromQlField>(p => p.Add(f => f.Partner, "tunes").Add(f => f.Value, "rate(x)").Add(f => f.Asked, "rate(x)").Add(f => f.Refused, new ExpressionRefused("expected a range", 5)));
        Assert.Equal("promql-error", field.Find("textarea").GetAttribute("aria-describedby"));
        Assert.Equal("rate(x)\n     ^", field.Find("pre").TextContent.ReplaceLineEndings("\n"));
        Assert.Contains("Character 6: expected a range.", field.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_searched_by_name_help_type_and_unit()
    {
        var list = Render<MetricList>(p => p.Add(l => l.Metrics, Metrics).Add(l => l.LinkTo, m => "?" + m.Name).Add(l => l.Chosen, "heap_bytes"));
        Assert.Equal("?heap_bytes", list.Find("[aria-current=true]").GetAttribute("href"));
        Assert.Equal(["?calls_total"], Found("shop"));
        Assert.Equal(["?answer_seconds"], Found("HISTOGRAM seconds"));
        list.Find("input").Input("nowhere");
        Assert.Contains("No metric has “nowhere”", list.Markup, StringComparison.Ordinal);

        IEnumerable<string?> Found(string text)
        {
            list.Find("input").Input(text);
            return list.FindAll("li a").Select(a => a.GetAttribute("href"));
        }
    }

    [Fact]
    public void A_search_is_told_to_the_page_and_taken_from_its_address()
    {
        List<string> told = [];
        var list = Render<MetricList>(p => p.Add(l => l.Metrics, Metrics).Add(l => l.LinkTo, m => "?" + m.Name).Add(l => l.Search, "shop").Add(l => l.OnSearch, told.Add));
        Assert.Equal("?calls_total", list.Find("li a").GetAttribute("href"));
        list.Find("input").Input("heap ");
        list.Render(p => p.Add(l => l.Search, "heap"));
        Assert.Equal("heap ", list.Find("input").GetAttribute("value"));
        Assert.Equal(["heap"], told);
        list.Render(p => p.Add(l => l.Search, ""));
        Assert.Equal(Metrics.Count, list.FindAll("li a").Count);
    }

    [Fact]
    public void Labels_show_how_many_series_carry_each_value_and_lead_to_them()
    {
        var anatomy = new MetricAnatomy(3, ["shop"], [new("result", [new("ok", 2), new("error", 1)]), new("source", [new("shop", 3)])]);
        var card = Render<AnatomyCard>(p => p.Add(c => c.Metric, Metrics["calls_total"]).Add(c => c.Anatomy, anatomy).Add(c => c.LinkTo, (label, value) => $"?{label}={value}"));
        Assert.Equal(["?result=ok", "?result=error", "?source=shop"], card.FindAll("li a").Select(a => a.GetAttribute("href")));
        Assert.Equal(["ok 2", "error 1", "shop 3"], card.FindAll("li a").Select(a => a.TextContent));
        Assert.True(card.FindAll("details")[0].HasAttribute("open"));
        Assert.False(card.FindAll("details")[1].HasAttribute("open"));
    }

    [Fact]
    public void A_result_is_a_table_with_a_column_per_label()
    {
        var rows = new InstantRow[] { new(LabelSet.Of(("__name__", "up"), ("partner", "tunes"), ("source", "shop")), 1), new(LabelSet.Of(("side", "ours")), 0.25) };
        var table = Render<InstantTable>(p => p.Add(t => t.Rows, rows).Add(t => t.Found, 7));
        Assert.Equal(["__name__", "side", "source", "Value"], table.FindAll("th").Select(h => h.TextContent.Trim()));
        Assert.Equal(["", "ours", "", "0.25"], table.FindAll("tbody tr")[1].QuerySelectorAll("td").Select(d => d.TextContent));
        Assert.Contains("The first 2 of 7 series", table.Markup, StringComparison.Ordinal);
        Assert.Contains("No data", Render<InstantTable>(p => p.Add(t => t.Rows, [])).Markup, StringComparison.Ordinal);
    }
}
