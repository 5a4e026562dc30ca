using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Charts;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class SeriesReductionTests
{
    [Fact]
    public void A_missing_scrape_is_a_gap_and_never_a_number()
    {
        var points = SeriesReduction.WithGaps([new(0, 1), new(15, 2), new(60, 3)], longest: 37);
        Assert.Equal([1, 2, Samples.Stale, 3], points.Select(p => p.Value));
        Assert.InRange(points[2].Time, 16, 59);
    }

    [Fact]
    public void End_markers_and_NaN_are_one_gap_and_none_stands_before_the_first_value()
    {
        var points = SeriesReduction.WithGaps([new(0, Samples.Stale), new(15, 2), new(30, double.NaN), new(45, Samples.Stale), new(60, 3), new(75, Samples.Stale)], 37);
        Assert.Equal([2, Samples.Stale, 3, Samples.Stale], points.Select(p => p.Value));
    }

    [Fact]
    public void Extremes_and_gaps_survive_any_reduction() =>
        Gen.Select(Gen.Frequency((9, Gen.Double[-100, 100]), (1, Gen.Const(Samples.Stale))).Array[10, 3000], Gen.Int[4, 200]).Sample((values, most) =>
        {
            var points = SeriesReduction.WithGaps(values.Select((v, i) => new Sample(i * 15L, v)).ToArray(), 1000);
            var reduced = SeriesReduction.Reduce(points, most);
            var numbers = points.Where(p => !Samples.IsStale(p.Value)).Select(p => p.Value).ToList();
            Assert.InRange(reduced.Count, 0, Math.Max(most, 4));
            Assert.Equal(reduced.Select(p => p.Time).Order(), reduced.Select(p => p.Time));
            Assert.All(reduced, p => Assert.Contains(p, points));
            if (numbers.Count > 0)
            {
                Assert.Contains(reduced, p => p.Value == numbers.Max());
                Assert.Contains(reduced, p => p.Value == numbers.Min());
            }
        });

    [Fact]
    public void A_single_gap_in_a_long_series_is_still_there_after_reduction()
    {
        for (var gap = 100; gap < 9_900; gap += 700)
        {
            var at = gap;
            var points = SeriesReduction.WithGaps(Enumerable.Range(0, 10_000).Select(i => new Sample(i, i == at ? Samples.Stale : i % 7)).ToArray(), 1000);
            var reduced = SeriesReduction.Reduce(points, 400);
            Assert.Single(reduced, p => Samples.IsStale(p.Value));
            Assert.True(reduced.Count <= 400);
        }
    }

    [Fact]
    public void Few_points_stay_as_they_are()
    {
        List<Sample> points = [new(0, 1), new(1, 2)];
        Assert.Same(points, SeriesReduction.Reduce(points, 100));
    }
}
