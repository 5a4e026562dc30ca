using PartnerPortal.Data.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Series are numbered as they stand on their page, so that a histogram's buckets are neighbours in a block.</summary>
public sealed class SeriesNumbersTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_numbers_rise_in_the_order_of_the_page_and_known_ones_stay()
    {
        var (store, source) = (database.Get<SeriesStore>(), Guid.NewGuid());
        var page = Enumerable.Range(0, 40).Select(i => LabelSet.Of((Label.MetricName, "a_bucket"), ("le", i.ToString(System.Globalization.CultureInfo.InvariantCulture)))).ToList();
        var first = await store.NumberAsync(source, page.GetRange(0, 30), 1, Cancel);
        Assert.Equal(first.Order(), first);
        var all = await store.NumberAsync(source, page, 2, Cancel);
        Assert.Equal(first, all[..30]);
        Assert.Equal(all.Order(), all);
        Assert.Equal(40, all.Distinct().Count());
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.NumberAsync(source, page, 3, Cancel))), again => Assert.Equal(all, again));
    }
}
