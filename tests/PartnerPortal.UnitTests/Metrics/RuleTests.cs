using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class RuleTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_rule_needs_only_an_expression_and_a_name()
    {
        var rule = Rule.Enter(Guid.NewGuid(), Guid.NewGuid(), new RuleDraft(Slug: "shop-is-down", Expression: "up"), _now);
        Assert.Equal(("Shop is down", Severity.Warning, TimeSpan.Zero, true), (rule.Title, rule.Severity, rule.For, rule.Enabled));
        Assert.Equal("Shop is down: 0.5", rule.SummaryOf(new Dictionary<string, string>(), 0.5));
    }

    [Fact]
    public void What_is_left_out_of_a_change_takes_its_default()
    {
        var rule = Rule.Enter(Guid.NewGuid(), Guid.NewGuid(), new RuleDraft("Slow", Expression: "up", For: "5m", Severity: "critical", Runbook: "slow"), _now);
        rule.Change(new RuleDraft("Slower", Expression: "up"));
        Assert.Equal((TimeSpan.Zero, Severity.Warning, null), (rule.For, rule.Severity, rule.Runbook));
        Assert.Equal("slow", rule.Slug);
    }

    [Theory]
    [InlineData("expression", "up{")]
    [InlineData("expression", "")]
    [InlineData("expression", "up[5m]")]
    [InlineData("expression", "\"up\"")]
    [InlineData("for", "8d")]
    [InlineData("for", "soon")]
    [InlineData("severity", "terrible")]
    [InlineData("summary", "{{ printf }}")]
    [InlineData("summary", "{{ $labels.a | upper }}")]
    [InlineData("runbook", "../x")]
    public void A_field_that_cannot_be_is_refused(string field, string text)
    {
        var draft = new RuleDraft("T", Expression: "up");
        draft = field switch
        {
            "expression" => draft with { Expression = text },
            "for" => draft with { For = text },
            "severity" => draft with { Severity = text },
            "summary" => draft with { Summary = text },
            _ => draft with { Runbook = text },
        };
        Assert.Contains(field, Assert.Throws<FieldsRefused>(() => Rule.Preview(draft)).Errors.Keys);
    }

    [Fact]
    public void Labels_of_a_rule_cannot_move_its_alerts_to_another_partner() =>
        Assert.Contains("labels", Assert.Throws<FieldsRefused>(() => Rule.Preview(new RuleDraft("T", Expression: "up", Labels: new Dictionary<string, string> { ["partner"] = "x" }))).Errors.Keys);

    [Fact]
    public void A_summary_is_filled_in_once()
    {
        var labels = new Dictionary<string, string> { ["operation"] = "{{ $value }}", ["long"] = new('x', 1000) };
        Assert.Equal("{{ $value }} fails: 41.23%, ", RuleTemplate.Fill("{{ $labels.operation }} fails: {{$value}}%, {{ $labels.nothing }}", labels, 41.2345));
        Assert.Equal(201, RuleTemplate.Fill("{{ $labels.long }}", labels, null).Length);
        Assert.Equal("no value", RuleTemplate.Fill("{{ $value }}", labels, null));
    }

    [Theory]
    [InlineData(0.2, "0.2")]
    [InlineData(1234.4, "1234")]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NaN, "not a number")]
    public void A_figure_has_the_digits_that_a_person_reads(double value, string shown) => Assert.Equal(shown, RuleTemplate.Figure(value));

    [Fact]
    public void Labels_of_alerts_leave_the_metric_s_name_out_and_let_the_rule_s_own_win()
    {
        var rule = Rule.Preview(new RuleDraft("T", Expression: "up", Labels: new Dictionary<string, string> { ["team"] = "shop", ["source"] = "rule" }));
        var labels = rule.LabelsOf(new Dictionary<string, string> { ["__name__"] = "up", ["source"] = "theirs", ["side"] = "partner" });
        Assert.Equal(new Dictionary<string, string> { ["side"] = "partner", ["source"] = "rule", ["team"] = "shop" }, labels);
    }

    [Fact]
    public void Only_things_that_happened_are_marked()
    {
        Assert.Equal(_now, MarkedEvent.Mark(null, null, new EventDraft(Title: "4f2a is live", Kind: "deployment"), "ana", _now).At);
        var refused = Assert.Throws<FieldsRefused>(() => MarkedEvent.Mark(null, null, new EventDraft(Kind: "party", At: _now.AddDays(2), Url: "javascript:x"), "ana", _now));
        Assert.Equal(["at", "kind", "title", "url"], refused.Errors.Keys.Order());
    }
}
