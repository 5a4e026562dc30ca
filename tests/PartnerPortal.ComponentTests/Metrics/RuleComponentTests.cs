using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.ComponentTests.Metrics;

public sealed class RuleComponentTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public RuleComponentTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void A_rule_that_cannot_be_computed_says_why_and_is_not_ok()
    {
        var table = Table(Row(new RuleRun(Now, null, null, "Character 3: the labels clash", Now, TimeSpan.Zero)));
        Assert.Contains("the labels clash", table.Find(".reason").TextContent, StringComparison.Ordinal);
        Assert.Contains("No data", table.Find(".chip.nodata").TextContent, StringComparison.Ordinal);
        Assert.Empty(table.FindAll(".chip.ok"));
    }

    [Fact]
    public void A_rule_that_was_never_computed_or_is_off_says_so()
    {
        Assert.Contains("Not computed yet", Table(Row(null)).Markup, StringComparison.Ordinal);
        Assert.Contains("Off", Table(Row(Fine, enabled: false)).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loudest_set_of_labels_decides_and_its_age_is_shown()
    {
        var firing = new StandingFound("a", new Dictionary<string, string>(), new RuleStanding(RuleState.Firing, Now, FiringSince: Now.AddMinutes(-12)), null);
        var pending = new StandingFound("b", new Dictionary<string, string>(), new RuleStanding(RuleState.Pending, Now, PendingSince: Now), null);
        var table = Table(Row(Fine, standings: [pending, firing]));
        Assert.Contains("Firing", table.Find("td .chip.outage").TextContent, StringComparison.Ordinal);
        Assert.Contains("for 12 min", table.Markup, StringComparison.Ordinal);
        Assert.Contains("Ok", Table(Row(Fine)).Find(".chip.ok").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_shows_its_spells_and_counts_them()
    {
        var spells = Enumerable.Range(0, 12).Select(i => new WouldFire(new Dictionary<string, string>(), Now.AddDays(-i - 1), Now.AddDays(-i - 1).AddMinutes(7), 4, "slow")).ToList();
        var card = Render<RuleForecastCard>(p => p.Add(c => c.Forecast, new RuleForecast(Now.AddDays(-30), Now, TimeSpan.FromMinutes(5), 12, spells, Now.AddDays(-20), 0)));
        Assert.Equal(12, card.FindAll("rect.fired").Count);
        Assert.Equal(10, card.FindAll(".spells li").Count);
        Assert.Equal("It would have fired 12 times.", card.Find("svg").GetAttribute("aria-label"));
        Assert.Contains("The newest 10 of 12", card.Markup, StringComparison.Ordinal);
        Assert.Contains("for 7 min", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_without_figures_claims_nothing()
    {
        var card = Render<RuleForecastCard>(p => p.Add(c => c.Forecast, new RuleForecast(Now.AddDays(-30), Now, TimeSpan.FromMinutes(5), 0, [], null, 0)));
        Assert.Contains("No data yet", card.Find(".chip.nodata").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("would not have fired", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_typed_as_pairs()
    {
        Assert.Equal(new Dictionary<string, string> { ["team"] = "shop", ["tier"] = "1" }, new RuleForm { Title = "T", Expression = "up", Labels = "team=shop, tier = 1," }.Draft().Labels);
        Assert.Contains("labels", Assert.Throws<PartnerPortal.Domain.FieldsRefused>(() => new RuleForm { Labels = "team" }.Draft()).Errors.Keys);
    }

    private static RuleRun Fine => new(Now, Now, null, null, null, TimeSpan.FromMilliseconds(1));

    private IRenderedComponent<RulesTable> Table(RuleRow row) => Render<RulesTable>(p => p.Add(t => t.Rows, [row]).Add(t => t.Now, Now));

    private static RuleRow Row(RuleRun? run, bool enabled = true, IReadOnlyList<StandingFound>? standings = null) =>
        new(Rule.Preview(new RuleDraft("Slow", Expression: "latency > 1", Enabled: enabled)), "tunes", "main", run, standings ?? []);
}
