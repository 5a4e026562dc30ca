using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Rollups;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class RollupBlockTests
{
    private const long FiveMinutes = 300_000;

    [Fact]
    public void A_stretch_holds_lowest_highest_sum_count_and_last_across_the_border_of_two_blocks()
    {
        // Eight minutes per block, as sources of one second have: the second stretch lies in both.
        var first = SealedBlock.Of([.. Enumerable.Range(0, 8).Select(m => Row(m, m))]);
        var second = SealedBlock.Of([.. Enumerable.Range(8, 8).Select(m => Row(m, 20 - m))]);
        var rollup = RollupBlock.Of([first, second], FiveMinutes, v => v);
        Assert.Equal([0, FiveMinutes, 2 * FiveMinutes, 3 * FiveMinutes], BlockIndex.Read(rollup.Index).Times);
        Assert.Equal([0, 5, 6, 5], Part(rollup, RollupPart.Min));
        Assert.Equal([4, 12, 10, 5], Part(rollup, RollupPart.Max));
        Assert.Equal([10, 5 + 6 + 7 + 12 + 11, 10 + 9 + 8 + 7 + 6, 5], Part(rollup, RollupPart.Sum));
        Assert.Equal([5, 5, 5, 1], Part(rollup, RollupPart.Count));
        Assert.Equal([4, 11, 6, 5], Part(rollup, RollupPart.Last));
    }

    [Fact]
    public void Absent_scrapes_do_not_count_and_a_stretch_without_any_is_absent()
    {
        var block = SealedBlock.Of([Row(0, 3), new ScrapeRow(60_000, [], []), Row(2, double.NaN), new ScrapeRow(400_000, [8], [1])]);
        var rollup = RollupBlock.Of([block], FiveMinutes, v => v);
        Assert.Equal([2, Samples.Stale], Part(rollup, RollupPart.Count));
        Assert.Equal([3, Samples.Stale], Part(rollup, RollupPart.Min));
        Assert.Equal([3, Samples.Stale], Part(rollup, RollupPart.Max));
        Assert.True(double.IsNaN(Part(rollup, RollupPart.Sum)[0]));
        Assert.True(double.IsNaN(Part(rollup, RollupPart.Last)[0]));
    }

    [Fact]
    public void Small_values_beside_a_huge_one_are_not_lost_in_the_sum()
    {
        var block = SealedBlock.Of([Row(0, 1), Row(1, 1e100), Row(2, 1), Row(3, -1e100)]);
        Assert.Equal([2], Part(RollupBlock.Of([block], FiveMinutes, v => v), RollupPart.Sum));
    }

    private static ScrapeRow Row(int minute, double value) => new(minute * 60_000, [7], [value]);

    private static double[] Part(SealedBlock rollup, RollupPart part)
    {
        var index = BlockIndex.Read(rollup.Index);
        var (offset, length) = index.Find(RollupBlock.NumberOf(7, part))!.Value;
        return index.Column(rollup.Data.AsSpan(offset, length));
    }
}
