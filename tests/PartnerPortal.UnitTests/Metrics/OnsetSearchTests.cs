using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Onset;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class OnsetSearchTests
{
    private const long Start = 1_760_000_000_000;

    [Fact]
    public void A_level_that_jumps_began_between_two_samples()
    {
        var found = OnsetSearch.Locate(Every15Seconds(40, i => i < 30 ? 0.2 + i % 3 * 0.01 : 41), counter: false)!.Value;
        Assert.Equal((Start + 29 * 15_000, Start + 30 * 15_000), (found.LastGood, found.FirstBad));
        Assert.Equal(0.21, found.Before, 6);
        Assert.Equal(41, found.After);
    }

    [Fact]
    public void A_counter_is_judged_by_its_growth_and_survives_a_restart()
    {
        var total = 0d;
        var found = OnsetSearch.Locate(Every15Seconds(60, i => total = i == 20 ? 3 : total + (i < 45 ? 3 : 300)), counter: true)!.Value;
        Assert.Equal((Start + 44 * 15_000, Start + 45 * 15_000), (found.LastGood, found.FirstBad));
        Assert.Equal(0.2, found.Before, 6);
        Assert.Equal(20, found.After, 6);
    }

    [Fact]
    public void The_newest_sample_alone_can_be_the_change()
    {
        var found = OnsetSearch.Locate(Every15Seconds(30, i => i < 29 ? i % 2 : 50), counter: false)!.Value;
        Assert.Equal(Start + 29 * 15_000, found.FirstBad);
    }

    [Fact]
    public void A_fault_that_begins_between_two_samples_is_known_by_the_first_of_them_that_a_rule_saw()
    {
        var total = 0d;
        var samples = Every15Seconds(20, i => total += i switch { < 16 => 0, 16 => 1, _ => 30 });
        Assert.Equal(Start + 17 * 15_000, OnsetSearch.Locate(samples, counter: true)!.Value.FirstBad);
        var found = OnsetSearch.Locate(samples, counter: true, latest: Start + 16 * 15_000 + 400)!.Value;
        Assert.Equal((Start + 15 * 15_000, Start + 16 * 15_000), (found.LastGood, found.FirstBad));
        Assert.Null(OnsetSearch.Locate(samples, counter: true, latest: Start));
    }

    [Fact]
    public void Missing_samples_widen_the_interval()
    {
        var samples = Every15Seconds(40, i => i is >= 25 and < 30 ? Samples.Stale : i < 30 ? 1 + i % 2 * 0.1 : 9);
        var found = OnsetSearch.Locate(samples, counter: false)!.Value;
        Assert.Equal((Start + 24 * 15_000, Start + 30 * 15_000), (found.LastGood, found.FirstBad));
    }

    [Fact]
    public void Without_a_clear_change_nothing_is_claimed()
    {
        var random = new Random(1);
        Assert.Null(OnsetSearch.Locate(Every15Seconds(60, _ => random.NextDouble()), counter: false));
        Assert.Null(OnsetSearch.Locate(Every15Seconds(60, _ => 5), counter: false));
        Assert.Null(OnsetSearch.Locate(Every15Seconds(3, i => i), counter: false));
        Assert.Null(OnsetSearch.Locate([], counter: true));
    }

    private static Sample[] Every15Seconds(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(i => new Sample(Start + i * 15_000, value(i)))];
}
