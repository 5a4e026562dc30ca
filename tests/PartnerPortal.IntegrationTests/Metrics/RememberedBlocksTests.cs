using PartnerPortal.Data.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>What readers remember of the past never hides what came since, and never shows anything twice.</summary>
public sealed class RememberedBlocksTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private ScrapeDesk _desk = null!;
    private ScriptedMetrics _service = null!;
    private SourceScraper _scraper = null!;
    private DateTimeOffset _from;
    private int _steps;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_desk, _service) = (await ScrapeDesk.OpenAsync(database), await ScriptedMetrics.OpenAsync());
        // Early in a day, so that a few hours do not reach over midnight.
        await database.Clock.MoveAsync(database.Clock.GetUtcNow().Date.AddDays(1).AddHours(2) - database.Clock.GetUtcNow().DateTime);
        await _desk.KeepAsync();
        _scraper = _desk.Scraper((await _desk.EnterAsync("shop", _service.Url, "1m")).Source);
        _from = database.Clock.GetUtcNow();
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_sample_that_is_committed_after_a_read_is_seen_by_the_next_one_here_and_elsewhere()
    {
        await ScrapeAsync(200);
        await SealAsync();
        await ExpectAsync(200);
        for (var more = 201; more <= 203; more++)
        {
            await ScrapeAsync(1);
            Assert.Equal(more, (await ReadAsync(_desk.Series, "steps")).Length);
            await WrittenAsync();
            await ExpectAsync(more);
        }
    }

    [Fact]
    public async Task Scrapes_that_were_read_from_the_log_are_not_counted_twice_once_they_are_sealed()
    {
        await ScrapeAsync(160);
        await WrittenAsync();
        await ExpectAsync(160);
        await SealAsync();
        Assert.True(await database.AskAsync<long>("SELECT count(*) FROM metrics.scrapes s JOIN metrics.sealed m ON m.source_id = s.source_id WHERE s.at <= m.sealed_to") > 0);
        await ExpectAsync(160);
        await ScrapeAsync(160);
        await SealAsync();
        await ExpectAsync(320);
    }

    [Fact]
    public async Task A_day_that_is_merged_between_two_reads_reads_the_same_also_for_series_that_nobody_asked_for_before()
    {
        await ScrapeAsync(300);
        await SealAsync();
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(30));
        await SealAsync();
        var readers = new[] { _desk.Series, _desk.SeriesElsewhere, _desk.SeriesAnew };
        foreach (var reader in readers)
        {
            Assert.Equal(300, (await ReadAsync(reader, "steps")).Length);
        }

        await database.Clock.MoveAsync(TimeSpan.FromDays(1));
        await _desk.MergeAsync();
        Assert.Equal(1, await database.AskAsync<long>("SELECT count(*) FROM metrics.blocks b JOIN metrics.sources f ON f.id = b.source_id WHERE f.id = $1", _scraper.Source.Id));
        foreach (var reader in readers)
        {
            Assert.Equal(300, (await ReadAsync(reader, "steps")).Length);
            Assert.Equal(Enumerable.Range(1, 300).Select(n => n / 8d), (await ReadAsync(reader, "halves")).Select(s => s.Value));
        }
    }

    [Fact]
    public async Task A_read_of_long_ago_does_not_hide_what_lies_between_it_and_the_next_one()
    {
        await ScrapeAsync(400);
        await SealAsync();
        var reader = _desk.SeriesAnew;
        Assert.Equal(60, (await ReadAsync(reader, "steps", 0, 59)).Length);
        Assert.Equal(30, (await ReadAsync(reader, "steps", 370, 399)).Length);
        Assert.Equal(100, (await ReadAsync(reader, "steps", 10, 109)).Length);
        Assert.Equal(400, (await ReadAsync(reader, "steps")).Length);
        Assert.Equal(200, (await ReadAsync(reader, "steps", 100, 299)).Length);
    }

    [Fact]
    public async Task A_late_push_is_seen_after_the_time_around_it_was_read()
    {
        var series = LabelSet.Of(("__name__", "orders"), ("job", _desk.Partner));
        var now = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await _desk.Pushes.AppendAsync([new(series, [new(now - 120_000, 1), new(now, 3)])], Cancel);
        var readers = new[] { _desk.Series, _desk.SeriesElsewhere };
        foreach (var reader in readers)
        {
            Assert.Equal([1, 3], await PushedAsync(reader));
        }

        await _desk.Pushes.AppendAsync([new(series, [new(now - 60_000, 2)])], Cancel);
        foreach (var reader in readers)
        {
            Assert.Equal([1, 2, 3], await PushedAsync(reader));
        }

        await database.Clock.MoveAsync(TimeSpan.FromHours(4));
        await _desk.SealAsync();
        foreach (var reader in readers)
        {
            Assert.Equal([1, 2, 3], await PushedAsync(reader));
        }

        async Task<IEnumerable<double>> PushedAsync(StoredSeries reader)
        {
            var read = new SeriesRead(((SelectorExpression)Expression.Parse($"orders{{job=\"{_desk.Partner}\"}}")).Selector, now - 600_000, now + 600_000);
            return Assert.Single((await reader.ReadAsync(read, Cancel)).Series).Samples.Select(s => s.Value);
        }
    }

    [Fact]
    public async Task A_chart_of_days_finds_the_day_that_was_merged_since()
    {
        await ScrapeAsync(300);
        await database.Clock.MoveAsync(TimeSpan.FromDays(1));
        await SealAsync();
        var reader = _desk.SeriesAnew;
        Assert.Equal(300, (await ReducedAsync(reader)).Max());
        await _desk.MergeAsync();
        Assert.Equal(300, (await ReducedAsync(reader)).Max());
        Assert.True((await ReducedAsync(_desk.SeriesAnew)).Count < 150, "Two values of every five minutes are fewer than 300.");
        Assert.Equal(1, (await ReducedAsync(_desk.SeriesAnew)).Min());

        async Task<List<double>> ReducedAsync(StoredSeries series)
        {
            var read = new SeriesRead(SelectorOf("steps"), _from.AddDays(-2).ToUnixTimeMilliseconds(), _from.AddDays(1).ToUnixTimeMilliseconds()) { Step = 600_000 };
            return [.. Assert.Single((await series.ReadReducedAsync(read, Cancel)).Series).Samples.Select(s => s.Value).Where(v => !double.IsNaN(v))];
        }
    }

    [Fact]
    public async Task A_chart_of_weeks_shows_an_hour_by_its_extremes_and_a_failure_within_it_as_a_gap()
    {
        await ScrapeAsync(150);
        _service.Status = 500;
        await ScrapeAsync(25);
        _service.Status = 200;
        await ScrapeAsync(125);
        await database.Clock.MoveAsync(TimeSpan.FromDays(1));
        await SealAsync();
        await _desk.MergeAsync();
        var read = new SeriesRead(SelectorOf("steps"), _from.AddDays(-20).ToUnixTimeMilliseconds(), _from.AddDays(1).ToUnixTimeMilliseconds()) { Step = StoredSeries.CoarseFrom };
        var samples = Assert.Single((await _desk.SeriesAnew.ReadReducedAsync(read, Cancel)).Series).Samples;
        Assert.Equal([1, 60, 61, 120, 121, 175 + 5, double.NaN, 181, 240, 241, 300], samples.Select(s => s.Value));
        Assert.Equal(samples.Select(s => s.Time).Order(), samples.Select(s => s.Time));
    }

    [Fact]
    public void A_bounded_memory_keeps_what_was_used_last()
    {
        var kept = new BoundedCache<int, byte[]>(3000, bytes => bytes.Length);
        kept.Put(1, new byte[700]);
        kept.Put(2, new byte[700]);
        kept.Put(3, new byte[700]);
        Assert.True(kept.TryGet(1, out _));
        kept.Put(4, new byte[700]);
        Assert.False(kept.TryGet(2, out _));
        Assert.True(kept.TryGet(1, out _) && kept.TryGet(3, out _) && kept.TryGet(4, out _));
        kept.Put(5, new byte[5000]);
        Assert.False(kept.TryGet(5, out _));
        Assert.Equal(0, kept.Bytes);
    }

    private async Task ScrapeAsync(int times)
    {
        for (var n = 0; n < times; n++)
        {
            _steps++;
            _service.Page = FormattableString.Invariant($"steps {_steps}\nhalves {_steps / 8d}\n");
            await _desk.ScrapeAsync(_scraper);
        }
    }

    private async Task SealAsync()
    {
        await WrittenAsync();
        await _desk.SealAsync();
    }

    private async Task WrittenAsync()
    {
        await _desk.WrittenAsync();
        // The desk has a new log now.
        _scraper = _desk.Scraper(_scraper.Source);
    }

    /// <summary>Every value from 1 on, once and in order, whoever reads: who scrapes, who does not, and who was just started.</summary>
    private async Task ExpectAsync(int count)
    {
        foreach (var reader in new[] { _desk.Series, _desk.SeriesElsewhere, _desk.SeriesAnew })
        {
            Assert.Equal(Enumerable.Range(1, count).Select(n => (double)n), (await ReadAsync(reader, "steps")).Select(s => s.Value));
        }
    }

    private Task<Sample[]> ReadAsync(StoredSeries reader, string metric) => ReadAsync(reader, metric, 0, 24 * 60);

    private async Task<Sample[]> ReadAsync(StoredSeries reader, string metric, int first, int last)
    {
        var start = _from.ToUnixTimeMilliseconds();
        var answer = await reader.ReadAsync(new SeriesRead(SelectorOf(metric), start + first * 60_000L, start + last * 60_000L), Cancel);
        return Assert.Single(answer.Series).Samples;
    }

    private Selector SelectorOf(string metric) => ((SelectorExpression)Expression.Parse($"{metric}{{partner=\"{_desk.Partner}\"}}")).Selector;
}
