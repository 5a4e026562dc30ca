using PartnerPortal.TimeSeries.Sides;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.ComponentTests.Metrics;

public sealed class CounterPairComponentTests
{
    [Fact]
    public void Agreement_loss_and_strange_calls_are_one_sentence_each()
    {
        Assert.Equal("Both sides agree: ours 100 to 104, theirs 98 to 103; the rest is what scrapes leave open.", CounterPairCard.Sentence(Gap((100, 104), (98, 103))));
        Assert.Equal("At least 20 of our 100 calls were not counted by them; they count 5 s later.", CounterPairCard.Sentence(Gap((100, 104), (70, 80), 5000)));
        Assert.Equal("They counted at least 26 calls that we did not send, beside our 104; they count 2.5 s earlier.", CounterPairCard.Sentence(Gap((100, 104), (130, 140), -2500)));
        Assert.Equal(
            "About 60 of our 1,040 calls were not counted by them, give or take 12.", CounterPairCard.Sentence(Gap((960, 1040), (900, 980)) with { Likely = 60, Bound = 12 }));
        Assert.Equal(
            "They counted about 60 calls that we did not send, give or take 12, beside our 980.", CounterPairCard.Sentence(Gap((900, 980), (960, 1040)) with { Likely = -60, Bound = 12 }));
        Assert.Equal("Both sides have no time in common in the last five minutes.", CounterPairCard.Sentence(null));
    }

    private static SideGap Gap((double, double) ours, (double, double) theirs, long lag = 0) => new(0, 300_000, new SideLag(lag, 1), ours, theirs, 0, 1000);
}
