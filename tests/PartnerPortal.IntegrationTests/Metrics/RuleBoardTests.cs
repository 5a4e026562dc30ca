using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Rules from samples to alerts, on a clock that the test moves.</summary>
public sealed class RuleBoardTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private RuleDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _desk = await RuleDesk.OpenAsync(database);

    public ValueTask DisposeAsync()
    {
        _desk.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_condition_that_lasts_raises_an_alert_with_its_true_start_and_resolves_it()
    {
        await _desk.RuleAsync(new RuleDraft(
            "Slow", Expression: "latency > 1", For: "30s", Severity: "critical", Labels: Team, Summary: "{{ $labels.operation }} takes {{ $value }} s", Runbook: "slow"));
        await CalmAsync("latency/buy", 0.2);
        Assert.Equal(RuleState.Inactive, (await _desk.StandingAsync("slow")).State);
        var began = _desk.Now;
        await _desk.ScrapeAsync(("latency/buy", 4.5));
        Assert.Equal(RuleState.Pending, (await _desk.StandingAsync("slow")).State);
        Assert.Empty(await _desk.AlertsAsync());
        await _desk.ScrapeAsync(("latency/buy", 4.5));
        var fired = _desk.Now;
        await _desk.ScrapeAsync(("latency/buy", 4.5));

        var alert = Assert.Single(await _desk.AlertsAsync()).Alert;
        Assert.Equal(("Slow", "buy takes 4.5 s", Severity.Critical, "slow", AlertState.Firing), (alert.Title, alert.Summary, alert.Severity, alert.Runbook, alert.State));
        Assert.Equal(("buy", "checkout"), (alert.Labels["operation"], alert.Labels["team"]));
        Assert.Equal(fired, alert.FirstSeenAt);
        Assert.Equal((began.AddSeconds(-15), began), (alert.Onset.LastGood, alert.Onset.FirstBad));
        Assert.StartsWith("change in `latency{operation=\"buy\",source=\"shop\"}` between ", alert.Onset.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(", from 0.2 to 4.5", alert.Onset.Sentence, StringComparison.Ordinal);
        Assert.Equal(alert.Id, Assert.Single((await _desk.StandingAsync("slow")).Standings).AlertId);

        var over = _desk.Now;
        await _desk.ScrapeAsync(("latency/buy", 0.2));
        Assert.Equal((AlertState.Resolved, over), (Assert.Single(await _desk.AlertsAsync()).Alert.State, (await _desk.AlertsAsync())[0].Alert.ResolvedAt));
        await _desk.ScrapeAsync(("latency/buy", 9));
        await _desk.ScrapeAsync(("latency/buy", 9));
        await _desk.ScrapeAsync(("latency/buy", 9));
        Assert.Equal(2, (await _desk.AlertsAsync()).Count);
    }

    [Fact]
    public async Task What_was_pending_and_firing_goes_on_after_a_restart()
    {
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1", For: "1m", KeepFiringFor: "30s"));
        var began = _desk.Now;
        await _desk.ScrapeAsync(("latency/buy", 4));
        await _desk.ScrapeAsync(("latency/buy", 4));
        _desk.Restart();
        await _desk.ScrapeAsync(("latency/buy", 4));
        Assert.Equal(began, Assert.Single((await _desk.StandingAsync("slow")).Standings).Standing.PendingSince);
        await _desk.ScrapeAsync(("latency/buy", 4));
        await _desk.ScrapeAsync(("latency/buy", 4));
        var alert = Assert.Single(await _desk.AlertsAsync()).Alert;
        _desk.Restart();
        await _desk.ScrapeAsync(("latency/buy", 0));
        _desk.Restart();
        Assert.Equal(AlertState.Firing, Assert.Single(await _desk.AlertsAsync()).Alert.State);
        await _desk.ScrapeAsync(("latency/buy", 0));
        await _desk.ScrapeAsync(("latency/buy", 0));
        Assert.Equal((alert.Id, AlertState.Resolved), ((await _desk.AlertsAsync()).Single().Alert.Id, (await _desk.AlertsAsync()).Single().Alert.State));
    }

    [Fact]
    public async Task Missing_figures_are_no_data_and_resolve_nothing()
    {
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1"));
        await _desk.ScrapeAsync();
        Assert.Equal(RuleState.NoData, (await _desk.StandingAsync("slow")).State);
        await _desk.ScrapeAsync(("latency/buy", 4));
        await _desk.ScrapeAsync(("latency/buy", Samples.Stale));
        var missing = Assert.Single(await _desk.AlertsAsync()).Alert;
        Assert.Equal(AlertState.Firing, missing.State);
        Assert.NotNull(missing.NoDataSince);
        Assert.Equal(RuleState.NoData, (await _desk.StandingAsync("slow")).State);
        await _desk.ScrapeAsync(("latency/buy", 4));
        Assert.Null(Assert.Single(await _desk.AlertsAsync()).Alert.NoDataSince);
        await _desk.ScrapeAsync(("latency/buy", 0.1));
        Assert.Equal(AlertState.Resolved, Assert.Single(await _desk.AlertsAsync()).Alert.State);
    }

    [Fact]
    public async Task A_counter_of_failures_that_is_not_there_yet_means_none_and_its_first_failures_are_the_start()
    {
        await _desk.RuleAsync(new RuleDraft("Failing", Expression: "rate(calls_total{operation=\"failed\"}[1m]) > 0.1"));
        for (var calls = 0; calls < 12; calls++)
        {
            await _desk.ScrapeAsync(("calls_total/good", calls * 20));
        }

        Assert.Equal(RuleState.Inactive, (await _desk.StandingAsync("failing")).State);
        var began = _desk.Now;
        await _desk.ScrapeAsync(("calls_total/good", 240), ("calls_total/failed", 30));
        await _desk.ScrapeAsync(("calls_total/good", 260), ("calls_total/failed", 60));
        var alert = Assert.Single(await _desk.AlertsAsync()).Alert;
        Assert.Equal((began.AddSeconds(-15), began), (alert.Onset.LastGood, alert.Onset.FirstBad));
        Assert.Equal((0d, 2d), (alert.Onset.Before!.Value, alert.Onset.After!.Value));
        Assert.StartsWith("change in the growth of `calls_total{", alert.Onset.Method, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_no_scrape_wakes_is_computed_all_the_same()
    {
        await _desk.RuleAsync(new RuleDraft("Gone", Expression: "latency > 1"));
        await _desk.ScrapeAsync(("latency/buy", 0.1));
        Assert.Equal(RuleState.Inactive, (await _desk.StandingAsync("gone")).State);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(6));
        await _desk.ComputeDueAsync();
        Assert.Equal(RuleState.NoData, (await _desk.StandingAsync("gone")).State);
    }

    [Fact]
    public async Task A_rule_reads_no_other_partner_whatever_it_says()
    {
        using var other = await RuleDesk.OpenAsync(database);
        await _desk.RuleAsync(new RuleDraft("Nosy", Expression: $"latency{{partner=\"{other.Partner}\"}} > 1 or latency > 1"));
        _desk.Series.Add(LabelSet.Of((Label.MetricName, "latency"), ("partner", other.Partner), ("integration", "main")), _desk.Now, 99);
        _desk.Series.Add(LabelSet.Of((Label.MetricName, "latency"), ("partner", _desk.Partner), ("integration", "payouts")), _desk.Now, 99);
        await _desk.ScrapeAsync();
        Assert.Empty(await _desk.AlertsAsync());
        Assert.Equal(RuleState.NoData, (await _desk.StandingAsync("nosy")).State);
    }

    [Fact]
    public async Task An_expression_that_cannot_be_computed_says_so_on_the_rule()
    {
        await _desk.RuleAsync(new RuleDraft("Two", Expression: "latency + on(source) group_left() latency > 1"));
        await _desk.ScrapeAsync(("latency/buy", 4), ("latency/login", 4));
        var row = await _desk.StandingAsync("two");
        Assert.Equal(RuleState.NoData, row.State);
        Assert.NotEmpty(row.Run!.Error!);
        Assert.Empty(await _desk.AlertsAsync());
    }

    [Fact]
    public async Task Every_set_of_labels_has_an_alert_of_its_own()
    {
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1"));
        await _desk.ScrapeAsync(("latency/buy", 4), ("latency/login", 0.1));
        await _desk.ScrapeAsync(("latency/buy", 4), ("latency/login", 5));
        Assert.Equal(["login", "buy"], (await _desk.AlertsAsync()).Select(a => a.Alert.Labels["operation"]));
        await _desk.ScrapeAsync(("latency/buy", 0.1), ("latency/login", 5));
        Assert.Equal([AlertState.Firing, AlertState.Resolved], (await _desk.AlertsAsync()).Select(a => a.Alert.State));
    }

    [Fact]
    public async Task Two_portals_raise_one_alert()
    {
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1"));
        using var other = _desk.AnotherPortal();
        _desk.Series.Add(LabelSet.Of((Label.MetricName, "latency"), ("partner", _desk.Partner)), _desk.Now, 0);
        await other.ComputeAsync(_desk.Integration, _desk.Now, Cancel);
        await _desk.ScrapeAsync(("latency/buy", 4));
        await other.ComputeAsync(_desk.Integration, _desk.Now, Cancel);
        await other.ComputeAsync(_desk.Integration, _desk.Now, Cancel);
        await _desk.ScrapeAsync(("latency/buy", 4));
        await _desk.ScrapeAsync(("latency/buy", 4));
        Assert.Equal(AlertState.Firing, Assert.Single(await _desk.AlertsAsync()).Alert.State);
    }

    [Fact]
    public async Task An_alert_ends_with_its_rule()
    {
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1"));
        await _desk.RuleAsync(new RuleDraft("Slower", Expression: "latency > 2"));
        await _desk.ScrapeAsync(("latency/buy", 4));
        Assert.Equal(2, (await _desk.AlertsAsync()).Count(a => a.Alert.State == AlertState.Firing));
        await _desk.Rules.SaveAsync(_desk.Partner, null, "slow", new RuleDraft("Slow", Expression: "latency > 1", Enabled: false), null, TestDatabase.Ana, Cancel);
        await _desk.Rules.RemoveAsync(_desk.Partner, "slower", TestDatabase.Ana, Cancel);
        Assert.All(await _desk.AlertsAsync(), a => Assert.Equal(AlertState.Resolved, a.Alert.State));
        Assert.Null((await _desk.StandingAsync("slow")).State);
    }

    [Fact]
    public async Task People_s_changes_are_audited_and_what_the_portal_computes_is_not()
    {
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1"));
        await _desk.RuleAsync(new RuleDraft("Slow", Slug: "slow", Expression: "latency > 2"));
        await _desk.ScrapeAsync(("latency/buy", 4));
        await _desk.ScrapeAsync(("latency/buy", 0));
        var partner = await database.AskAsync<Guid>("SELECT id FROM partners.partners WHERE slug = $1", _desk.Partner);
        Assert.Equal(2L, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE partner_id = $1 AND kind = 'rule'", partner));
        Assert.Equal(0L, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE partner_id = $1 AND kind NOT IN ('rule', 'partner', 'integration')", partner));
    }

    [Fact]
    public async Task A_preview_says_when_it_would_have_fired()
    {
        for (var i = 239; i >= 0; i--)
        {
            _desk.Series.Add(LabelSet.Of((Label.MetricName, "latency"), ("partner", _desk.Partner), ("integration", "main"), ("operation", "buy")), _desk.Now.AddSeconds(-15 * i), i is >= 40 and < 60 ? 4 : 0.2);
        }

        var preview = new RulePreview(new RuleReading(_desk.Series), database.Clock);
        var forecast = await preview.ReadAsync(_desk.Partner, "main", new RuleDraft(Expression: "latency > 1", For: "1m"), TimeSpan.FromDays(30), Cancel);
        var spell = Assert.Single(forecast.Spells);
        Assert.Equal((TimeSpan.FromSeconds(15), 1, 0), (forecast.Step, forecast.Count, forecast.MetNow));
        Assert.InRange((_desk.Now - spell.From).TotalSeconds, 59 * 15 - 75, 59 * 15 - 45);
        Assert.InRange((_desk.Now - spell.To!.Value).TotalSeconds, 38 * 15, 40 * 15);
        Assert.Equal((4d, "buy"), (spell.Value!.Value, spell.Labels["operation"]));
    }

    private static Dictionary<string, string> Team => new() { ["team"] = "checkout" };

    private async Task CalmAsync(string series, double value)
    {
        for (var i = 0; i < 12; i++)
        {
            await _desk.ScrapeAsync((series, value));
        }
    }
}
