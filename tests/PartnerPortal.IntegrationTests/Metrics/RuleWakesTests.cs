using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Pushed samples wake the rules of their integration, and a storm of them wakes nobody twice in a second.</summary>
public sealed class RuleWakesTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private RuleDesk _desk = null!;
    private RuleBoard _board = null!;
    private RuleWakes _wakes = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _desk = await RuleDesk.OpenAsync(database);
        await _desk.RuleAsync(new RuleDraft("Slow", Expression: "latency > 1"));
        _board = _desk.AnotherPortal();
        _wakes = new RuleWakes(_board, database.Clock, NullLogger<RuleWakes>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _wakes.DisposeAsync();
        _board.Dispose();
        _desk.Dispose();
    }

    [Theory]
    [InlineData("main")]
    [InlineData("")]
    public async Task A_rule_fires_on_the_push_without_waiting_for_the_module(string integration)
    {
        Push(integration, 0.5);
        await _wakes.SettledAsync();
        Assert.Empty(await _desk.AlertsAsync());
        await database.Clock.MoveAsync(TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();
        Push(integration, 3);
        while ((await _desk.AlertsAsync()).Count == 0)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "No alert came of a push.");
            await Task.Delay(20, Cancel);
        }

        Assert.Equal(RuleState.Firing, (await _desk.StandingAsync("slow")).State);
    }

    [Fact]
    public async Task A_storm_of_pushes_is_a_computation_a_second_and_the_last_push_is_not_forgotten()
    {
        var watch = Stopwatch.StartNew();
        var before = _desk.Series.Reads;
        for (var n = 0; n < 500; n++)
        {
            Push("main", 0.5);
        }

        Push("main", 3);
        await database.Clock.MoveAsync(TimeSpan.FromMilliseconds(1));
        await _wakes.SettledAsync();
        Assert.InRange(_desk.Series.Reads - before, 1, 2 + (int)watch.Elapsed.TotalSeconds);
        Assert.Equal(RuleState.Firing, (await _desk.StandingAsync("slow")).State);
    }

    [Fact]
    public async Task A_sample_from_far_ahead_does_not_move_the_moment_of_the_computation()
    {
        var labels = Labels("main");
        _wakes.Pushed([new(labels, [new(_desk.Now.AddMinutes(9).ToUnixTimeMilliseconds(), 3)])]);
        await _wakes.SettledAsync();
        Assert.Equal(_desk.Now, (await _desk.StandingAsync("slow")).Run!.At);
    }

    private void Push(string integration, double value)
    {
        var labels = Labels(integration);
        _desk.Series.Add(labels, _desk.Now, value);
        _wakes.Pushed([new(labels, [new(_desk.Now.ToUnixTimeMilliseconds(), value)])]);
    }

    private LabelSet Labels(string integration)
    {
        var labels = LabelSet.Of((Label.MetricName, "latency"), ("partner", _desk.Partner), ("job", "shop"));
        return integration.Length == 0 ? labels : labels.With("integration", integration);
    }
}
