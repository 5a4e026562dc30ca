using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

/// <summary>What an expression asks a reader for, and what it may take.</summary>
public sealed class ReadingTests
{
    private static readonly Steps _steps = new(1_000_000, 1_060_000, 15_000);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("x", "x 700000 1060000")]
    [InlineData("x offset 1m", "x 640000 1000000")]
    [InlineData("x offset -1m", "x 760000 1120000")]
    [InlineData("x @ 900", "x 600000 900000")]
    [InlineData("x @ end() offset 10s", "x 750000 1050000")]
    [InlineData("rate(x[2m])", "x 880000 1060000 rate")]
    [InlineData("max_over_time((x[2m] @ start()))", "x 880000 1000000 max_over_time")]
    [InlineData("max_over_time(rate(x[1m])[10m:30s] offset 1m)", "x 280000 1000000 rate")]
    [InlineData("max_over_time(x[10m:] @ 900)", "x 0 900000")]
    [InlineData("sum(x) / on() sum(rate(y[1m]))", "x 700000 1060000; y 940000 1060000 rate")]
    [InlineData("1 + time()", "")]
    public void Each_selector_names_the_stretch_that_it_needs(string query, string expected) =>
        Assert.Equal(expected, string.Join("; ", SelectorRead.Of(Expression.Parse(query), _steps).Select(r => $"{r.Read.Selector} {r.Read.From} {r.Read.To} {r.Read.Function}".TrimEnd())));

    [Fact]
    public async Task The_same_selector_is_read_once()
    {
        var reader = new CountingReader(1, 1);
        var answer = await Evaluation.RunAsync(Expression.Parse("x / x + rate(x[5m])"), reader, _steps, QueryLimits.Usual, Cancel);
        Assert.Equal(1, reader.Reads);
        Assert.Equal(["heed"], answer.Warnings);
    }

    [Fact]
    public async Task Too_many_samples_or_series_are_refused()
    {
        var refused = await Assert.ThrowsAsync<ExpressionRefused>(() =>
            Evaluation.RunAsync(Expression.Parse("1 + sum(x)"), new CountingReader(10, 100), _steps, new QueryLimits { MostSamples = 999 }, Cancel));
        Assert.Equal((RefusalKind.TooMuch, 8), (refused.Kind, refused.Position));
        refused = await Assert.ThrowsAsync<ExpressionRefused>(() =>
            Evaluation.RunAsync(Expression.Parse("x"), new CountingReader(10, 1), _steps, new QueryLimits { MostSeries = 9 }, Cancel));
        Assert.Equal(RefusalKind.TooMuch, refused.Kind);
        // 10 series of 5 samples read, and 5 steps each to compute.
        Assert.Equal(10, (await Evaluation.RunAsync(Expression.Parse("x"), new CountingReader(10, 5), _steps, new QueryLimits { MostSamples = 100 }, Cancel)).Series.Count);
        await Assert.ThrowsAsync<ExpressionRefused>(() => Evaluation.RunAsync(Expression.Parse("x"), new CountingReader(10, 5), _steps, new QueryLimits { MostSamples = 99 }, Cancel));
    }

    [Theory]
    [InlineData("max_over_time(vector(1)[10y:1s])", RefusalKind.TooMuch)]
    [InlineData("max_over_time(max_over_time(vector(1)[1d:1s])[1d:1s])", RefusalKind.TooLong)]
    public void A_subquery_cannot_take_for_ever(string query, RefusalKind kind)
    {
        var refused = Assert.Throws<ExpressionRefused>(() => Evaluation.Run(Expression.Parse(query), [], _steps, new QueryLimits { MostTime = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(kind, refused.Kind);
    }

    [Fact]
    public async Task A_reader_that_does_not_answer_is_given_up()
    {
        var refused = await Assert.ThrowsAsync<ExpressionRefused>(() =>
            Evaluation.RunAsync(Expression.Parse("x"), new CountingReader(0, 0, Timeout.InfiniteTimeSpan), _steps, new QueryLimits { MostTime = TimeSpan.FromMilliseconds(50) }, Cancel));
        Assert.Equal(RefusalKind.TooLong, refused.Kind);
    }

    [Fact]
    public async Task A_partner_s_reader_narrows_whatever_is_asked()
    {
        var all = new CountingReader(1, 1);
        var own = new PartnerSeries(all, "mine");
        await own.ReadAsync(new SeriesRead(((SelectorExpression)Expression.Parse("x{partner=\"theirs\"}")).Selector, 0, 1), Cancel);
        Assert.Equal("x{partner=\"theirs\",partner=\"mine\"}", all.Asked);
        await own.SeriesAsync([], 0, 1, Cancel);
        Assert.Equal("{partner=\"mine\"}", all.Asked);
        await own.MetadataAsync("theirs", Cancel);
        Assert.Equal("mine", all.Asked);
    }

    private sealed class CountingReader(int series, int samples, TimeSpan wait = default) : ISeriesReader
    {
        public int Reads { get; private set; }

        public string Asked { get; private set; } = "";

        public async Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel)
        {
            Reads++;
            Asked = read.Selector.ToString();
            await Task.Delay(wait, cancel);
            return new SeriesAnswer([.. Enumerable.Range(0, series).Select(n => new ReadSeries(
                LabelSet.Of(("__name__", "x"), ("n", $"{n:000}")), [.. Enumerable.Range(0, samples).Select(i => new Sample(read.From + 250_000 + i * 15_000, i))]))], ["heed"]);
        }

        public Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel)
        {
            Asked = string.Join(' ', any);
            return Task.FromResult<IReadOnlyList<LabelSet>>([]);
        }

        public Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel)
        {
            Asked = partner ?? "";
            return Task.FromResult<IReadOnlyList<MetricFamily>>([]);
        }
    }
}
