using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Engine.Reviews;
using PartnerPortal.IntegrationTests.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Reviews;

/// <summary>Targets against samples that the portal really keeps, by the clock that the test moves.</summary>
public sealed class TargetModuleTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ScrapeDesk _desk = null!;

    private TargetStore Targets => database.Get<TargetStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _desk = await ScrapeDesk.OpenAsync(database);

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Its_state_follows_the_data_and_says_what_was_seen_over_which_time()
    {
        var partner = _desk.Partner;
        await EnterAsync(partner, "max_over_time(calls_per_second[1h])");
        await RunAsync();
        Assert.Equal((TargetState.NoDataYet, "No series of this integration has the figures that the expression asks for."), await StateAsync(partner));

        await SampleAsync(partner, "calls_per_second", 40);
        await RunAsync();
        Assert.Equal((TargetState.Met, null), await StateAsync(partner));
        var seen = (await Targets.GetAsync(partner, "main", "calls", Cancel)).Target.Observation!;
        var now = database.Clock.GetUtcNow();
        Assert.Equal((40m, now, now.AddHours(-1), now), (seen.Value, seen.At, seen.From, seen.To));

        await database.Clock.MoveAsync(TimeSpan.FromSeconds(30));
        await SampleAsync(partner, "calls_per_second", 60);
        await RunAsync();
        Assert.Equal(TargetState.Violated, (await StateAsync(partner)).State);

        await database.Clock.MoveAsync(TimeSpan.FromMinutes(20));
        Assert.Equal((TargetState.Stale, "It is not computed any more."), await StateAsync(partner));
        await database.Clock.MoveAsync(TimeSpan.FromHours(2));
        await RunAsync();
        Assert.Equal(TargetState.NoDataYet, (await StateAsync(partner)).State);
    }

    [Fact]
    public async Task An_expression_that_computes_without_data_proves_nothing()
    {
        var partner = _desk.Partner;
        foreach (var (query, error) in new[]
        {
            ("vector(0)", "No series of this integration has the figures that the expression asks for."),
            ("absent_metric or vector(0)", "No series of this integration has the figures that the expression asks for."),
            ("sum(zero) / sum(zero)", "The expression gives no number at this moment, as when something is divided by zero."),
            ("zero > 1", "The expression gives no value at this moment."),
        })
        {
            await SampleAsync(partner, "zero", 0);
            await EnterAsync(partner, query);
            await RunAsync();
            Assert.Equal((TargetState.NoDataYet, error), await StateAsync(partner));
            await Targets.RemoveAsync(partner, "main", "calls", TestDatabase.Ana, Cancel);
        }
    }

    [Fact]
    public async Task Of_several_series_the_worst_counts_and_another_partners_never_does()
    {
        await using var neighbour = await ScrapeDesk.OpenAsync(database);
        var (partner, other) = (_desk.Partner, neighbour.Partner);
        await SampleAsync(partner, "busy", 10, "a");
        await SampleAsync(partner, "busy", 70, "b");
        await SampleAsync(other, "busy", 1000, "a");
        await EnterAsync(partner, "busy");
        await RunAsync();
        Assert.Equal(70, (await Targets.GetAsync(partner, "main", "calls", Cancel)).Target.Observation!.Value);
    }

    private Task RunAsync() => new TargetModule(
        database.Get<TargetReadingStore>(), new TargetReading(new RuleReading(_desk.SeriesAnew), database.Clock), database.Clock, NullLogger<TargetModule>.Instance).RunAsync(Cancel);

    private async Task<(TargetState State, string? Why)> StateAsync(string partner)
    {
        var row = await Targets.GetAsync(partner, "main", "calls", Cancel);
        var state = row.StateAt(database.Clock.GetUtcNow());
        return (state, row.Target.Why(state));
    }

    private Task<TargetRow> EnterAsync(string partner, string query) =>
        Targets.EnterAsync(partner, "main", new("Calls", "<=", "calls/s", "ours", Window: "1h", Theirs: 50, Query: query), TestDatabase.Ana, Cancel);

    private Task SampleAsync(string partner, string name, double value, string operation = "buy") => _desk.Pushes.AppendAsync(
        [new SeriesSamples(
            LabelSet.Of((Label.MetricName, name), ("partner", partner), ("integration", "main"), ("operation", operation), ("job", "test"), ("instance", "test")),
            [new Sample(database.Clock.GetUtcNow().ToUnixTimeMilliseconds(), value)])],
        Cancel);
}
