using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>One source through its life in the store: memory, log, blocks of windows, blocks of days, rollups, nothing. Alone in its database, so that whole partitions can go.</summary>
public sealed class SampleKeepingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ScrapeDesk _desk = null!;
    private ScriptedMetrics _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_desk, _service) = (await ScrapeDesk.OpenAsync(database), await ScriptedMetrics.OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Every_sample_reads_back_bit_for_bit_from_memory_log_windows_and_day_until_only_rollups_are_left()
    {
        await _desk.KeepAsync();
        var scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url, "1m")).Source);
        var from = database.Clock.GetUtcNow();
        for (var n = 0; n < 300; n++)
        {
            _service.Status = n == 120 ? 500 : 200;
            _service.Page = FormattableString.Invariant($"wave {Math.Sin(n)}\nsteps_total {n}\n{(n is > 5 and < 200 ? "short_lived 1\n" : "")}odd {(n % 7 == 0 ? "NaN" : "+Inf")}\n");
            await _desk.ScrapeAsync(scraper);
        }

        var memory = await ReadAsync(_desk.Series, from);
        Assert.Equal(299, memory["wave"].Count(s => !Samples.IsStale(s.Value)));
        Assert.Equal(Math.Sin(299), memory["wave"][^1].Value);
        await _desk.WrittenAsync();
        await ExpectAsync(memory, from, elsewhere: true);

        await database.Clock.MoveAsync(TimeSpan.FromHours(3));
        await _desk.SealAsync();
        await _desk.SealAsync();
        await ExpectAsync(memory, from, elsewhere: false);
        await ExpectAsync(memory, from, elsewhere: true);
        Expect(memory, await ReadAsync(_desk.SeriesAnew, from));
        Assert.InRange(await database.AskAsync<long>("SELECT count(*) FROM metrics.blocks WHERE NOT merged"), 3, 4);
        await _desk.KeepAsync();
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM metrics.scrapes"));

        await database.Clock.MoveAsync(TimeSpan.FromDays(1));
        await _desk.MergeAsync();
        await _desk.MergeAsync();
        Assert.Equal(1, await database.AskAsync<long>("SELECT count(*) FROM metrics.blocks"));
        await ExpectAsync(memory, from, elsewhere: false);
        await ExpectAsync(memory, from, elsewhere: true);
        Expect(memory, await ReadAsync(_desk.SeriesAnew, from));

        await database.Clock.MoveAsync(TimeSpan.FromDays(40));
        await _desk.KeepAsync();
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM metrics.blocks"));
        var answer = await _desk.Series.ReadAsync(Read("steps_total", from, "max_over_time"), Cancel);
        Assert.Contains("35d", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        Assert.Equal(299, Assert.Single(answer.Series).Samples.Max(s => s.Value));

        await database.Clock.MoveAsync(TimeSpan.FromDays(500));
        await _desk.KeepAsync();
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM metrics.rollups_5m"));
        answer = await _desk.Series.ReadAsync(Read("steps_total", from, "max_over_time"), Cancel);
        Assert.Equal(299, Assert.Single(answer.Series).Samples.Max(s => s.Value));

        await database.Clock.MoveAsync(TimeSpan.FromDays(6 * 365));
        await _desk.KeepAsync();
        Assert.Equal(0, await database.AskAsync<long>("SELECT (SELECT count(*) FROM metrics.rollups_1h) + (SELECT count(*) FROM metrics.series)"));
    }

    private async Task ExpectAsync(Dictionary<string, Sample[]> expected, DateTimeOffset from, bool elsewhere) =>
        Expect(expected, await ReadAsync(elsewhere ? _desk.SeriesElsewhere : _desk.Series, from));

    private static void Expect(Dictionary<string, Sample[]> expected, Dictionary<string, Sample[]> read)
    {
        Assert.Equal(expected.Keys.Order(), read.Keys.Order());
        foreach (var (name, samples) in expected)
        {
            Assert.Equal(samples.Select(Shown), read[name].Select(Shown));
        }
    }

    private static async Task<Dictionary<string, Sample[]>> ReadAsync(StoredSeries reader, DateTimeOffset from)
    {
        var answer = await reader.ReadAsync(Read("{source=\"shop\"}", from, null), Cancel);
        return answer.Series.ToDictionary(s => s.Labels.MetricName, s => s.Samples);
    }

    private static SeriesRead Read(string selector, DateTimeOffset from, string? function) => new(
        ((SelectorExpression)Expression.Parse(selector)).Selector, from.ToUnixTimeMilliseconds(), from.AddDays(1).ToUnixTimeMilliseconds())
    {
        Function = function,
    };

    private static string Shown(Sample sample) => $"{sample.Time} {BitConverter.DoubleToUInt64Bits(sample.Value):x}";
}
