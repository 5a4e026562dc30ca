using System.Globalization;
using Npgsql;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Series that came together share a row; each of them still lives and ends on its own.</summary>
public sealed class SeriesBatchTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const long Hour = 3_600_000;
    private const long Start = 1_800_000_000_000;

    private readonly SeriesStore _store = database.Get<SeriesStore>();
    private readonly Guid _source = Guid.NewGuid();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_is_one_row_of_a_few_bytes_a_series()
    {
        await _store.NumberAsync(_source, Page("a", 500), Start, Cancel);
        Assert.Equal(1, await RowsAsync());
        Assert.InRange(await database.AskAsync<int>("SELECT sum(pg_column_size(s))::int FROM metrics.series s WHERE source_id = $1", _source), 2_000, 8_160);
        Assert.Equal(Page("a", 500), (await _store.OfAsync(_source, Cancel)).Select(s => s.Labels));
    }

    [Fact]
    public async Task Series_that_come_one_by_one_join_those_before_them_for_an_hour()
    {
        for (var n = 1; n <= 20; n++)
        {
            await _store.NumberAsync(_source, Page("a", n), Start + n, Cancel);
        }

        Assert.Equal(1, await RowsAsync());
        Assert.Equal(Page("a", 20), (await _store.OfAsync(_source, Cancel)).Select(s => s.Labels));
        await _store.NumberAsync(_source, Page("a", 21), Start + 2 * Hour, Cancel);
        Assert.Equal(2, await RowsAsync());
    }

    [Fact]
    public async Task More_series_than_fit_into_one_row_take_several()
    {
        var page = Page("a", 9_000);
        var numbers = await _store.NumberAsync(_source, page, Start, Cancel);
        Assert.Equal(3, await RowsAsync());
        Assert.Equal(page, (await _store.OfAsync(_source, Cancel)).Select(s => s.Labels));
        Assert.Equal(numbers, await _store.NumberAsync(_source, page, Start + 1, Cancel));
    }

    [Fact]
    public async Task New_series_are_found_above_a_number_even_when_they_joined_a_row_that_is_known()
    {
        var first = await _store.NumberAsync(_source, Page("a", 3), Start, Cancel);
        var second = await _store.NumberAsync(_source, Page("a", 5), Start + 1000, Cancel);
        Assert.Equal(second[3..], (await _store.AboveAsync(first[^1], Start, first.ToHashSet(), Cancel)).Where(s => s.SourceId == _source).Select(s => s.Id));
        Assert.DoesNotContain(await _store.AboveAsync(0, Start, second.ToHashSet(), Cancel), s => s.SourceId == _source);
    }

    [Fact]
    public async Task Each_series_of_a_row_ends_on_its_own()
    {
        var numbers = await _store.NumberAsync(_source, Page("a", 4), Start, Cancel);
        // Two of them are on later pages; who was seen within the hour is not written down again.
        await _store.NumberAsync(_source, Page("a", 2), Start + Hour / 2, Cancel);
        Assert.All(await _store.OfAsync(_source, Cancel), s => Assert.Equal(Start, s.LastAt));
        await _store.NumberAsync(_source, Page("a", 2), Start + 30 * Hour, Cancel);
        Assert.Equal([Start + 30 * Hour, Start + 30 * Hour, Start, Start], (await _store.OfAsync(_source, Cancel)).Select(s => s.LastAt));
        Assert.Equal(numbers[2..], (await _store.EndedAsync(null, Start, Start + 20 * Hour, Cancel)).Where(s => s.SourceId == _source).Select(s => s.Id));
        Assert.Equal(numbers[..2], (await _store.AboveAsync(0, Start + 20 * Hour, new HashSet<int>(), Cancel)).Where(s => s.SourceId == _source).Select(s => s.Id));
    }

    [Fact]
    public async Task A_series_that_comes_back_after_years_has_its_old_number()
    {
        var numbers = await _store.NumberAsync(_source, Page("a", 3), Start, Cancel);
        await _store.NumberAsync(_source, Page("b", 600), Start + 2 * Hour, Cancel);
        var back = await _store.NumberAsync(_source, [.. Page("a", 3), .. Page("c", 1)], Start + 20_000 * Hour, Cancel);
        Assert.Equal(numbers, back[..3]);
        Assert.Equal(Start + 20_000 * Hour, (await _store.OfAsync(_source, Cancel))[0].LastAt);
    }

    [Fact]
    public async Task A_row_is_forgotten_with_the_last_of_its_series()
    {
        await _store.NumberAsync(_source, Page("a", 2), Start, Cancel);
        await _store.NumberAsync(_source, Page("a", 1), Start + 40 * Hour, Cancel);
        await _store.ForgetAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + 30 * Hour), Cancel);
        Assert.Equal(1, await RowsAsync());
        await _store.ForgetAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + 50 * Hour), Cancel);
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task Portals_that_enter_the_same_page_at_once_agree_on_its_numbers()
    {
        await using var other = NpgsqlDataSource.Create(database.ConnectionString);
        SeriesStore[] portals = [_store, new(other), _store, new(other)];
        var given = await Task.WhenAll(portals.Select(p => p.NumberAsync(_source, Page("a", 200), Start, Cancel)));
        Assert.All(given, numbers => Assert.Equal(given[0], numbers));
        Assert.Equal(200, (await _store.OfAsync(_source, Cancel)).Count);
    }

    private Task<long> RowsAsync() => database.AskAsync<long>("SELECT count(*) FROM metrics.series WHERE source_id = $1", _source);

    private static List<LabelSet> Page(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(n => LabelSet.Of((Label.MetricName, name), ("n", n.ToString(CultureInfo.InvariantCulture))))];
}
