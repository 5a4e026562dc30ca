using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class SealedBlockTests
{
    [Fact]
    public void Rows_that_share_their_series_seal_to_the_same_bytes_as_rows_that_do_not()
    {
        int[] series = [3, 4, 9, 200];
        var random = new Random(4711);
        var shared = Enumerable.Range(0, 70).Select(n => new ScrapeRow(1_000_000 + n * 15_000, series, [n, random.NextDouble(), 5, n / 10.0])).ToList();
        var apart = shared.ConvertAll(r => r with { Series = [.. r.Series] });
        var (one, other) = (SealedBlock.Of(shared), SealedBlock.Of(apart));
        Assert.Equal(other.Index, one.Index);
        Assert.Equal(other.Data, one.Data);
        Assert.Throws<ArgumentException>(() => SealedBlock.Of([shared[1], shared[0]]));
    }
}
