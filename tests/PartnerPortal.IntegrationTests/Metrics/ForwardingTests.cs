using System.Globalization;
using Npgsql;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Engine.Metrics.Forwarding;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A bigger engine keeps samples: real ones are written and read, go away, come back, and refuse.</summary>
public sealed class ForwardingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each test counts from nothing: what others forwarded is forgotten.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var command = database.Get<NpgsqlDataSource>().CreateCommand("DELETE FROM metrics.sources; DELETE FROM metrics.writers; DELETE FROM metrics.forwarded");
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("victoria-metrics", "17.25", "+Inf", "0.1", "-3")] // it keeps 15 decimal digits of numbers of one size, and no NaN
    [InlineData("prometheus", "NaN", "+Inf", "0.1", "-1.7976931348623157e308")]
    public async Task What_was_forwarded_and_let_go_reads_back_as_it_was_scraped(string engine, params string[] values)
    {
        await using var desk = await ForwardDesk.OpenAsync(database, engine);
        var start = desk.Now;
        for (var i = 0; i < 60; i++)
        {
            // One series ends and comes back, one has values that only a double holds, the service is down once. (Of a NaN before an
            // end some engines do not tell which of the two it is, so the values at the end are others.)
            var some = i is >= 20 and < 35 ? "" : $"orders{{shop=\"a\"}} {i}\n";
            desk.Service.Status = i == 46 ? 500 : 200;
            await desk.ScrapeAsync($"{some}odd {values[i % 4]}\ncalls_total {i * 7}\n");
        }

        var end = desk.Now;
        await desk.WrittenAsync();
        var names = new[] { "orders", "odd", "calls_total", "up" };
        var before = new Dictionary<string, Sample[]>();
        foreach (var name in names)
        {
            before[name] = Assert.Single(await desk.ReadAsync(name, start, end, whole: true)).Samples;
        }

        await desk.ForwardAsync();
        // The log lets go after its window of two hours; scrapes go on meanwhile.
        for (var i = 0; i < 24 * 2; i++)
        {
            await database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
            await desk.ScrapeAsync("calls_total 1000\n");
            await desk.ForwardAsync();
        }

        await desk.Desk.KeepAsync();
        Assert.Equal(0L, await CountAsync($"SELECT count(*) FROM metrics.scrapes WHERE at BETWEEN {start} AND {end - 1} AND source_id = '{desk.Scraper.Source.Id}'"));
        Assert.Equal(0L, await CountAsync($"SELECT count(*) FROM metrics.blocks WHERE source_id = '{desk.Scraper.Source.Id}'"));
        foreach (var name in names)
        {
            // VictoriaMetrics shows what it took a second later.
            await desk.AtEngineAsync($"{name}{{partner=\"{desk.Desk.Partner}\"}}", start, end, before[name].Count(s => !Samples.IsStale(s.Value)));
            var read = Assert.Single(await desk.ReadAsync(name, start, end, whole: true)).Samples;
            Assert.Equal(before[name].Select(Shown), read.Select(Shown));
        }

        Assert.Equal((0, null), ((await desk.Store.StateAsync(Cancel)).Refused, (await desk.Store.StateAsync(Cancel)).Refusal));
    }

    [Theory]
    [InlineData("victoria-metrics")]
    [InlineData("prometheus")]
    public async Task While_the_engine_is_away_samples_wait_and_recent_ones_are_read_and_then_all_arrive_in_order(string engine)
    {
        await using var desk = await ForwardDesk.OpenAsync(database, engine);
        var start = desk.Now;
        await desk.ScrapeAsync("calls_total 0\n");
        await desk.ForwardAsync();
        await desk.Engine.StopAsync();
        for (var i = 1; i < 300; i++)
        {
            await desk.ScrapeAsync($"calls_total {i}\n");
        }

        var away = await Assert.ThrowsAsync<EngineAway>(desk.ForwardAsync);
        Assert.Contains("The metrics engine at 127.0.0.1", away.Message, StringComparison.Ordinal);
        Assert.Equal(away.Message, desk.Trouble);
        var recent = Assert.Single(await desk.ReadAsync("calls_total", start, desk.Now, whole: true));
        Assert.Equal(300, recent.Samples.Length);

        // A portal that starts in the meantime goes on where the killed one was, once the engine is back.
        desk.Restart();
        await desk.Engine.StartAgainAsync();
        await desk.ForwardAsync();
        Assert.Null(desk.Trouble);
        var there = await desk.AtEngineAsync($"calls_total{{partner=\"{desk.Desk.Partner}\"}}", start, desk.Now, 300);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (start + i * 15_000L, i.ToString(CultureInfo.InvariantCulture))), there);
    }

    [Fact]
    public async Task What_the_engine_should_have_but_does_not_give_is_a_warning_for_a_chart_and_a_refusal_for_a_rule()
    {
        await using var desk = await ForwardDesk.OpenAsync(database, "prometheus");
        var start = desk.Now;
        for (var i = 0; i < 100; i++)
        {
            await desk.ScrapeAsync("calls_total 0\n");
        }

        await desk.ForwardAsync();
        await database.Clock.MoveAsync(TimeSpan.FromHours(3));
        await desk.ScrapeAsync("calls_total 1\n");
        await desk.ForwardAsync();
        await desk.Engine.StopAsync();

        var read = SelectorRead.Of(Expression.Parse("calls_total"), Steps.At(desk.Now))[0].Read with { From = start };
        var answer = await new PartnerSeries(desk.Series, desk.Desk.Partner).ReadAsync(read, Cancel);
        Assert.Equal(1, Assert.Single(answer.Series).Samples[^1].Value);
        Assert.EndsWith("Shown is what the portal itself holds.", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        var chart = await new ChartReading(desk.Series, desk.Desk.Sources).ReadAsync(desk.Desk.Partner, Expression.Parse("calls_total"), start, desk.Now, 500, Cancel);
        Assert.Equal(answer.Warnings, chart.Warnings);
        var refused = await Assert.ThrowsAsync<ExpressionRefused>(() => new PartnerSeries(desk.Series, desk.Desk.Partner).ReadAsync(read with { MustBeWhole = true }, Cancel));
        Assert.Equal(RefusalKind.Away, refused.Kind);
    }

    [Fact]
    public async Task A_sample_that_the_engine_refuses_is_counted_with_its_reason_and_its_neighbours_arrive()
    {
        await using var desk = await ForwardDesk.OpenAsync(database, "prometheus");
        var (start, partner) = (desk.Now, desk.Desk.Partner);
        var labels = LabelSet.Of(("__name__", "odd"), ("partner", partner), ("integration", "main"), ("source", "shop"), ("side", "partner"), ("instance", desk.Service.Url.Authority));
        // Somebody else wrote this series up to a minute from now: until then ours are out of order.
        await desk.Engine.FillAsync([new(labels, [new(start + 60_000, 99)])]);
        for (var i = 0; i < 10; i++)
        {
            await desk.ScrapeAsync($"calls_total {i}\nodd {i}\n");
        }

        await desk.ForwardAsync();
        var state = await desk.Store.StateAsync(Cancel);
        Assert.Equal(5, state.Refused);
        Assert.Matches("out of order|duplicate sample", state.Refusal);
        Assert.Equal([99, 5, 6, 7, 8, 9], (await desk.AtEngineAsync($"odd{{partner=\"{partner}\"}}", start, desk.Now)).Select(s => double.Parse(s.Value, CultureInfo.InvariantCulture)));
        Assert.Equal(Enumerable.Range(0, 10), (await desk.AtEngineAsync($"calls_total{{partner=\"{partner}\"}}", start, desk.Now)).Select(s => int.Parse(s.Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task What_waits_longer_than_it_may_goes_into_the_portals_own_blocks_and_is_read_there()
    {
        await using var desk = await ForwardDesk.OpenAsync(database, "prometheus");
        var start = desk.Now;
        await desk.Engine.StopAsync();
        for (var i = 0; i < 20; i++)
        {
            await desk.ScrapeAsync($"calls_total {i}\n");
        }

        await database.Clock.MoveAsync(TimeSpan.FromHours(27));
        await desk.ScrapeAsync("calls_total 1000\n");
        await Assert.ThrowsAsync<EngineAway>(desk.ForwardAsync);
        await desk.Engine.StartAgainAsync();
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await desk.ForwardAsync();
        await desk.Desk.KeepAsync();

        var state = await desk.Store.StateAsync(Cancel);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(start + 19 * 15_000), state.KeptTo);
        Assert.Null(state.WaitsFrom);
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => (double)i), 1000], Assert.Single(await desk.ReadAsync("calls_total", start, desk.Now, whole: true)).Samples.Where(s => !Samples.IsStale(s.Value)).Select(s => s.Value));
        Assert.Equal("1000", Assert.Single(await desk.AtEngineAsync($"calls_total{{partner=\"{desk.Desk.Partner}\"}}", start, desk.Now)).Value);
    }

    [Fact]
    public async Task Pushed_samples_are_forwarded_in_order_once_no_older_one_can_arrive()
    {
        await using var desk = await ForwardDesk.OpenAsync(database, "prometheus");
        var start = desk.Now;
        var labels = LabelSet.Of(("__name__", "pushed_total"), ("partner", desk.Desk.Partner), ("job", "shop"));
        await desk.Desk.Pushes.AppendAsync([new(labels, [new(start, 3), new(start + 1000, Samples.Stale)])], Cancel);
        await desk.Desk.Pushes.AppendAsync([new(labels, [new(start - 60_000, 1), new(start, 99)])], Cancel);
        await desk.ForwardAsync();
        Assert.Empty(await desk.AtEngineAsync("pushed_total", start - 100_000, start + 100_000));

        await database.Clock.MoveAsync(TimeSpan.FromMinutes(66));
        await desk.ForwardAsync();
        Assert.Equal([(start - 60_000, "1"), (start, "3")], await desk.AtEngineAsync($"pushed_total{{partner=\"{desk.Desk.Partner}\"}}", start - 100_000, start + 100_000));
        var ended = await desk.Engine.AskAsync("query", ("query", "pushed_total"), ("time", $"{(start + 2000) / 1000m}"));
        Assert.Equal(0, ended.GetProperty("data").GetProperty("result").GetArrayLength());
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.Get<NpgsqlDataSource>().CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static (long, string) Shown(Sample sample) => (sample.Time, Samples.IsStale(sample.Value) ? "ended" : sample.Value.ToString("R", CultureInfo.InvariantCulture));
}
