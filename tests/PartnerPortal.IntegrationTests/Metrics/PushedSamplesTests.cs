using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Samples that are pushed: any order, twice, late, by whoever, and from whichever portal they are read.</summary>
public sealed class PushedSamplesTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly LabelSet Orders = LabelSet.Of(("__name__", "orders_total"), ("partner", "tunes"), ("job", "shop"), ("instance", "a:1"), ("source", "theirs"));
    private static readonly LabelSet Errors = Orders.With("__name__", "errors_total");
    private ScrapeDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private long Now => database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync()
    {
        _desk = await ScrapeDesk.OpenAsync(database);
        await database.RunAsync("DELETE FROM metrics.writers");
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Pushed_samples_are_committed_in_order_whatever_order_they_came_in_and_labels_stay_as_sent()
    {
        var now = Now;
        await _desk.Pushes.AppendAsync([new(Orders, [new(now, 3), new(now - 60_000, 2)])], Cancel);
        await _desk.Pushes.AppendAsync([new(Orders, [new(now - 120_000, 1)]), new(Errors, [new(now - 5, double.NegativeInfinity)])], Cancel);
        foreach (var reader in new[] { _desk.Series, _desk.SeriesElsewhere })
        {
            var read = await ReadAsync(reader, "{partner=\"tunes\"}");
            Assert.Equal([(now - 120_000, 1d), (now - 60_000, 2), (now, 3)], read[Orders].Select(s => (s.Time, s.Value)));
            Assert.Equal([(now - 5, double.NegativeInfinity)], read[Errors].Select(s => (s.Time, s.Value)));
        }
    }

    [Fact]
    public async Task The_same_push_twice_is_one_and_of_two_that_differ_the_first_holds_before_and_after_sealing()
    {
        var now = Now;
        await _desk.Pushes.AppendAsync([new(Orders, [new(now, 3)])], Cancel);
        await _desk.Pushes.AppendAsync([new(Orders, [new(now, 3)])], Cancel);
        await _desk.Pushes.AppendAsync([new(Orders, [new(now, 4), new(now + 1000, 5)])], Cancel);
        Assert.Equal([3, 5], (await ReadAsync(_desk.Series, "orders_total"))[Orders].Select(s => s.Value));
        await database.Clock.MoveAsync(TimeSpan.FromHours(4));
        await _desk.SealAsync();
        Assert.Equal(1, await database.AskAsync<long>("SELECT count(*) FROM metrics.blocks b JOIN metrics.writers w ON w.id = b.source_id"));
        Assert.Equal([3, 5], (await ReadAsync(_desk.Series, "orders_total"))[Orders].Select(s => s.Value));
    }

    [Fact]
    public async Task A_marker_ends_a_pushed_series_and_a_missing_value_does_not_before_and_after_sealing_and_merging()
    {
        var now = Now;
        await _desk.Pushes.AppendAsync([new(Orders, [new(now, 1)]), new(Errors, [new(now, 1)])], Cancel);
        await _desk.Pushes.AppendAsync([new(Errors, [new(now + 1000, 2)])], Cancel);
        await _desk.Pushes.AppendAsync([new(Orders, [new(now + 2000, Samples.Stale)]), new(Errors, [new(now + 2000, Samples.OrdinaryNaN)])], Cancel);
        for (var stage = 0; stage < 3; stage++)
        {
            var read = await ReadAsync(_desk.Series, "{job=\"shop\"}");
            Assert.Equal([1, Samples.Stale], read[Orders].Select(s => s.Value));
            Assert.Equal([1, 2, Samples.OrdinaryNaN], read[Errors].Select(s => s.Value));
            Assert.Equal(BitConverter.DoubleToUInt64Bits(Samples.OrdinaryNaN), BitConverter.DoubleToUInt64Bits(read[Errors][2].Value));
            await database.Clock.MoveAsync(TimeSpan.FromHours(stage == 0 ? 4 : 24));
            await _desk.SealAsync();
            await _desk.MergeAsync();
        }
    }

    [Fact]
    public async Task What_is_too_old_or_too_early_is_refused_by_count_and_the_rest_is_kept()
    {
        var now = Now;
        var refused = await Assert.ThrowsAsync<SamplesRefused>(() => _desk.Pushes.AppendAsync(
            [new(Orders, [new(now - 3_600_001, 1), new(now - 3_600_000, 2), new(now, 3), new(now + 600_001, 4)])], Cancel));
        Assert.Equal(2, refused.Count);
        Assert.Contains("1 samples are more than an hour old", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1 samples are more than ten minutes in the future", refused.Message, StringComparison.Ordinal);
        Assert.Equal([2, 3], (await ReadAsync(_desk.Series, "orders_total"))[Orders].Select(s => s.Value));
    }

    [Fact]
    public async Task Thousands_of_short_lived_series_of_many_instances_stay_small()
    {
        for (var deploy = 0; deploy < 10; deploy++)
        {
            var push = Enumerable.Range(0, 300).Select(n => new SeriesSamples(
                LabelSet.Of(("__name__", "requests_total"), ("partner", "churn"), ("job", "shop"), ("instance", $"pod-{deploy}-{n % 3}"), ("path", $"/p{n}")), [new(Now, n)])).ToList();
            for (var scrape = 0; scrape < 4; scrape++)
            {
                await _desk.Pushes.AppendAsync([.. push.Select(s => s with { Samples = [new(Now, s.Samples[0].Value + scrape)] })], Cancel);
                await database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
            }
        }

        await database.Clock.MoveAsync(TimeSpan.FromHours(4));
        await _desk.SealAsync();
        var read = await ReadAsync(_desk.Series, "requests_total{partner=\"churn\"}");
        Assert.Equal(3000, read.Count);
        Assert.All(read.Values, samples => Assert.Equal(4, samples.Length));
        // A writer's block holds its own series and instants only: 3,000 series of four samples are not 3,000 × 40.
        Assert.InRange(await database.AskAsync<long>("SELECT sum(length(data) + length(index)) FROM metrics.blocks b JOIN metrics.writers w ON w.id = b.source_id WHERE w.partner = 'churn'"), 1, 12_000 * 8);
    }

    private async Task<Dictionary<LabelSet, Sample[]>> ReadAsync(StoredSeries reader, string selector)
    {
        var read = new SeriesRead(((SelectorExpression)Expression.Parse(selector)).Selector, Now - 7 * 86_400_000L, Now + 3_600_000);
        return (await reader.ReadAsync(read, Cancel)).Series.ToDictionary(s => s.Labels, s => s.Samples);
    }
}
