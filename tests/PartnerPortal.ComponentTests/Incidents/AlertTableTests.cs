using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Web.Incidents;

namespace PartnerPortal.ComponentTests.Incidents;

public sealed class AlertTableTests : BunitContext
{
    private static readonly DateTimeOffset Night = new(2026, 3, 2, 2, 51, 15, TimeSpan.Zero);

    public AlertTableTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void An_alert_says_between_which_moments_it_started_and_from_what_to_what()
    {
        var table = Table(Firing());
        Assert.Contains("between 02:51:00 and 02:51:15", table.Markup, StringComparison.Ordinal);
        Assert.Equal("latency{operation=\"buy\"}", table.Find("code").TextContent);
        Assert.Contains("from 0.2 to 41", table.Markup, StringComparison.Ordinal);
        Assert.Contains("Firing", table.FindAll(".chip.outage")[^1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_chart_begins_before_the_start_and_its_runbook_is_one_click_away()
    {
        var firing = Firing();
        var links = Table(firing).FindAll("a").Select(a => a.GetAttribute("href")).ToList();
        Assert.Contains($"/partners/tunes/charts?from={Night.AddSeconds(-15).AddMinutes(-30).ToUnixTimeMilliseconds()}&to={Night.AddMinutes(31).ToUnixTimeMilliseconds()}", links);
        Assert.Contains("/partners/tunes/runbooks/shop-fails", links);
        Assert.Contains($"/alerts/{firing.Id}", links);
    }

    [Fact]
    public void Missing_figures_and_the_end_have_words_of_their_own()
    {
        var alert = Firing();
        alert.LoseData(Night.AddMinutes(2));
        Assert.Contains("Firing, no data", Table(alert).Find(".chip.nodata").TextContent, StringComparison.Ordinal);
        alert.Resolve(Night.AddMinutes(3));
        Assert.Contains("Resolved", Table(alert).Find(".chip.ok").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_partner_sends_is_text_and_nothing_else()
    {
        var table = Table(Firing("<script>alert(1)</script>"));
        Assert.Empty(table.FindAll("script"));
        Assert.Contains("&lt;script&gt;", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_banner_shows_the_worst_and_counts_the_rest()
    {
        Assert.Empty(Render<FiringBanner>(p => p.Add(b => b.Rows, [])).Markup.Trim());
        var banner = Render<FiringBanner>(p => p.Add(b => b.Rows, [Row(Firing(severity: Severity.Info)), Row(Firing("Bad", Severity.Critical)), Row(Firing(severity: Severity.Warning))]));
        Assert.Contains("Critical", banner.Find(".banner.outage").TextContent, StringComparison.Ordinal);
        Assert.Contains("and 2 more", banner.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latency > 1", "latency", "1")]
    [InlineData("(sum(rate(a[1m])) / sum(rate(b[1m]))) >= 0.05", "sum(rate(a[1m])) / sum(rate(b[1m]))", "0.05")]
    [InlineData("a > b", "a > b", null)]
    [InlineData("a > 1 and b > 2", "a > 1 and b > 2", null)]
    [InlineData("absent(a)", "absent(a)", null)]
    public void Its_chart_shows_the_figure_and_the_number_that_it_is_compared_with(string condition, string figure, string? limit)
    {
        var plan = AlertCharts.Plan(condition, "Slow", new Dictionary<string, KnownMetric>());
        Assert.Equal((figure, "Slow"), (plan.Queries[0].Query, plan.Queries[0].Name));
        Assert.Equal(limit, plan.Queries.ElementAtOrDefault(1)?.Query);
    }

    [Fact]
    public void The_chart_of_what_fires_goes_on_and_that_of_what_is_over_stands_still()
    {
        var alert = Firing();
        Assert.True(AlertCharts.Range(alert, Night.AddMinutes(40)).IsLive);
        Assert.Equal(Night.AddSeconds(-15).AddMinutes(-30), AlertCharts.Range(alert, Night.AddMinutes(40)).Range.From);
        Assert.Equal(TimeSpan.FromHours(24), AlertCharts.Range(alert, Night.AddDays(3)).Range.Length);
        alert.Resolve(Night.AddMinutes(10));
        Assert.Equal(Night.AddMinutes(40), AlertCharts.Range(alert, Night.AddHours(5)).Range.To);
    }

    [Fact]
    public void How_long_it_lasted_is_said_beside_how_late_the_portal_knew()
    {
        var alert = Firing();
        Assert.Equal("The portal knew 1 min later; it lasts for 5 min now.", AlertPage.Course(alert, Night.AddMinutes(5)));
        alert.Resolve(Night.AddMinutes(10));
        Assert.Equal("The portal knew 1 min later; it was over after 10 min.", AlertPage.Course(alert, Night.AddHours(5)));
    }

    private IRenderedComponent<AlertTable> Table(Alert alert) => Render<AlertTable>(p => p.Add(t => t.Rows, [Row(alert)]));

    private static AlertRow Row(Alert alert) => new(alert, "tunes", "Tunes", "main");

    private static Alert Firing(string summary = "buy takes 41 s", Severity severity = Severity.Critical) => Alert.Raise(
        new AlertReport(
            Guid.NewGuid(), Guid.NewGuid(), Alert.FromRule, "slow", "k", "Buying is slow", summary, severity, new Dictionary<string, string> { ["operation"] = summary }, 41,
            new Onset(Night.AddSeconds(-15), Night, "change in `latency{operation=\"buy\"}`", 0.2, 41), "shop-fails"), Night.AddMinutes(1));
}
