using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.ComponentTests.Metrics;

public sealed class ChartComponentTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly KnownMetric Calls = new("calls_total", MetricType.Counter, "Calls.", "");
    private static readonly KnownMetric Latency = new("latency_seconds", MetricType.Histogram, "Time.", "seconds");
    private static readonly Dictionary<string, KnownMetric> Metrics = new() { [Calls.Name] = Calls, [Latency.Name] = Latency };

    [Theory]
    [InlineData("calls_total", "rate(calls_total{integration=\"main\"}[1m])", "per second", "per second")]
    [InlineData("latency_seconds", "histogram_quantile(0.95, rate(latency_seconds_bucket{integration=\"main\"}[1m]))", "seconds", "95th percentile")]
    [InlineData("nothing_known", "nothing_known{integration=\"main\"}", "", "")]
    public void A_plan_asks_as_the_type_of_the_metric_wants_it(string metric, string query, string unit, string how)
    {
        var plan = Plan(new ChartLine(metric));
        Assert.Equal(query, plan.Queries[0].Query);
        Assert.Equal((unit, how), (plan.Unit, plan.How));
    }

    [Fact]
    public void The_browser_is_told_what_to_ask_and_never_given_points()
    {
        var module = JSInterop.SetupModule("./js/chart.js");
        var drawn = module.SetupModule(i => i.Identifier == "create");
        drawn.Mode = JSRuntimeMode.Loose;
        var chart = Show(new ChartRange("now-1h", "now", TimeRange.Read("now-1h", "now", Now)));
        var settings = JsonSerializer.SerializeToElement(Assert.Single(module.Invocations, i => i.Identifier == "create").Arguments[1]);
        Assert.Equal("tunes", settings.GetProperty("partner").GetString());
        Assert.Equal("now-1h", settings.GetProperty("from").GetString());
        Assert.True(settings.GetProperty("refreshSeconds").GetDouble() > 0);
        Assert.False(settings.TryGetProperty("points", out _));

        chart.Render(p => p.Add(c => c.Range, new ChartRange("1000", "2000", TimeRange.Read("1000", "2000", Now))));
        var shown = JsonSerializer.SerializeToElement(Assert.Single(drawn.Invocations, i => i.Identifier == "show").Arguments[0]);
        Assert.Equal(0, shown.GetProperty("refreshSeconds").GetDouble());
        chart.Render();
        Assert.Single(drawn.Invocations, i => i.Identifier == "show");
    }

    [Fact]
    public async Task A_line_that_is_hidden_is_told_to_the_page_that_keeps_it_in_its_address()
    {
        var module = JSInterop.SetupModule("./js/chart.js");
        module.SetupModule(i => i.Identifier == "create").Mode = JSRuntimeMode.Loose;
        IReadOnlyList<string> told = [];
        var chart = Render<MetricChart>(p => p.Add(c => c.Partner, "tunes").Add(c => c.Title, "x").Add(c => c.Plan, new ChartPlan([new("x", "x")], "", ""))
            .Add(c => c.Range, new ChartRange("now-1h", "now", TimeRange.Read("now-1h", "now", Now))).Add(c => c.Hidden, ["ours"]).Add(c => c.OnHide, lines => told = lines));
        var settings = JsonSerializer.SerializeToElement(Assert.Single(module.Invocations, i => i.Identifier == "create").Arguments[1]);
        Assert.Equal("ours", settings.GetProperty("hidden")[0].GetString());
        await chart.InvokeAsync(() => chart.Instance.HideAsync(["theirs"]));
        Assert.Equal(["theirs"], told);
    }

    [Fact]
    public async Task Dragging_over_a_chart_asks_for_that_stretch_of_time()
    {
        var module = JSInterop.SetupModule("./js/chart.js");
        module.SetupModule(i => i.Identifier == "create").Mode = JSRuntimeMode.Loose;
        (DateTimeOffset From, DateTimeOffset To)? zoomed = null;
        var chart = Show(new ChartRange("now-1h", "now", TimeRange.Read("now-1h", "now", Now)), to => zoomed = to);
        await chart.InvokeAsync(() => chart.Instance.ZoomAsync(5000, 9000));
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(5), DateTimeOffset.FromUnixTimeSeconds(9)), zoomed);
        zoomed = null;
        await chart.InvokeAsync(() => chart.Instance.ZoomAsync(9000, 5000));
        Assert.Null(zoomed);
    }

    [Fact]
    public void Labels_are_chosen_out_of_what_exists_and_a_histogram_asks_for_its_percentile()
    {
        var pick = new LinePick { Metric = "latency_seconds" };
        var changes = 0;
        var picker = Render<LinePicker>(p => p
            .Add(l => l.Pick, pick).Add(l => l.Metrics, Metrics).Add(l => l.OnChange, () => changes++)
            .Add(l => l.LabelsOf, _ => Task.FromResult<IReadOnlyList<KnownLabel>>([new("operation", ["buy", "search"]), new("instance", ["a:1"])])));
        Assert.Equal(["quantile-1", "label-1-operation"], picker.FindAll("select").Select(s => s.Id));
        picker.Find("#label-1-operation").Change("buy");
        picker.Find("#quantile-1").Change("0.99");
        Assert.Equal(2, changes);
        Assert.Equal("buy", pick.Line().Labels!["operation"]);
        Assert.Equal(0.99, pick.Line().Quantile);
        picker.Find("#label-1-operation").Change("");
        Assert.Null(pick.Line().Labels);
    }

    [Fact]
    public void A_metric_that_nobody_brought_is_told_so()
    {
        var picker = Render<LinePicker>(p => p.Add(l => l.Pick, new LinePick { Metric = "typo" }).Add(l => l.Metrics, Metrics).Add(l => l.LabelsOf, _ => Task.FromResult<IReadOnlyList<KnownLabel>>([])));
        Assert.Contains("No source has brought a metric of this name", picker.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stretch_of_time_stands_in_links_and_a_fixed_one_leads_back_to_live()
    {
        var live = Bar(ChartRange.Read("now-6h", null, Now));
        Assert.Equal("?now-6h&now", live.Find("[aria-current=true]").GetAttribute("href"));
        Assert.Contains("Live", live.Markup, StringComparison.Ordinal);
        var fixedOne = Bar(ChartRange.Read("1000000", "2000000", Now));
        Assert.Empty(fixedOne.FindAll("[aria-current=true]"));
        Assert.Equal("?500000&2500000", fixedOne.FindAll("a.btn").Single(a => a.TextContent == "Zoom out").GetAttribute("href"));
        Assert.Equal("?now-1h&now", fixedOne.FindAll("a.btn").Single(a => a.TextContent == "Back to live").GetAttribute("href"));
    }

    [Fact]
    public void Charts_are_held_still_by_a_button_and_read_in_another_zone()
    {
        var paused = false;
        var bar = Render<RangeBar>(p => p.Add(b => b.Range, ChartRange.Read(null, null, Now)).Add(b => b.LinkTo, (_, _) => "").Add(b => b.OnPause, now => paused = now)
            .Add(b => b.Zone, "Europe/Berlin").Add(b => b.Zones, ["Europe/Stockholm"]).Add(b => b.ZoneLink, zone => "/charts?zone=" + zone));
        bar.Find("button").Click();
        Assert.True(paused);
        Assert.Equal(["", "Europe/Stockholm", "UTC", "Europe/Berlin"], bar.FindAll("option").Select(o => o.GetAttribute("value")));
        bar.Find("select").Change("UTC");
        Assert.EndsWith("/charts?zone=UTC", Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Europe/Berlin", "1 Jan 01:16:40 – 1 Jan 01:33:20 Europe/Berlin")]
    [InlineData("", "1 Jan 00:16:40 – 1 Jan 00:33:20 UTC")]
    public void A_fixed_stretch_is_spoken_in_the_zone_of_the_address(string zone, string spoken) =>
        Assert.Equal(spoken, ChartRange.Read("1000000", "2000000", Now).SpokenIn(ChartRange.ReadZone(zone)));

    [Theory]
    [InlineData("Nowhere/Else")]
    [InlineData("../etc/passwd")]
    [InlineData(null)]
    public void What_is_no_zone_means_the_readers_own(string? zone) => Assert.Equal("", ChartRange.ReadZone(zone));

    [Fact]
    public void An_address_that_makes_no_sense_shows_the_last_hour() =>
        Assert.Equal("Last 1 h", ChartRange.Read("tomorrow", "yesterday", Now).Spoken);

    [Fact]
    public void Suggestions_are_calls_then_times_then_whether_the_sources_answer()
    {
        var suggested = ChartSuggestions.For([Latency, new("up", MetricType.Gauge, "", ""), new("shop_requests_total", MetricType.Counter, "Calls received, by operation.", ""), new("shop_requests_count", MetricType.Counter, "", "")]);
        Assert.Equal(["shop_requests_total", "latency_seconds", "up"], suggested.Select(s => s.Lines![0].Metric));
        Assert.Equal("Calls received, by operation", suggested[0].Title);
    }

    private static ChartPlan Plan(ChartLine line) => ChartPlan.Of([line], Metrics, "main", TimeSpan.FromSeconds(15), TimeSpan.FromHours(1));

    private IRenderedComponent<MetricChart> Show(ChartRange range, Action<(DateTimeOffset, DateTimeOffset)>? zoom = null) => Render<MetricChart>(p => p
        .Add(c => c.Partner, "tunes").Add(c => c.Title, "Calls").Add(c => c.Plan, Plan(new ChartLine("calls_total"))).Add(c => c.Range, range)
        .Add(c => c.OnZoom, zoom ?? (_ => { })));

    private IRenderedComponent<RangeBar> Bar(ChartRange range) => Render<RangeBar>(p => p.Add(b => b.Range, range).Add(b => b.LinkTo, (from, to) => $"?{from}&{to}"));
}
