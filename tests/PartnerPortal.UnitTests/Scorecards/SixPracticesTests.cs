using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Scorecards;

namespace PartnerPortal.UnitTests.Scorecards;

public sealed class SixPracticesTests
{
    private static readonly PracticeEvidence Nothing = new(Stage.Live, null, false, 0, 0, 0, 0, 0, false, false, false);

    [Fact]
    public void Without_data_nothing_is_ever_fulfilled()
    {
        foreach (var stage in Enum.GetValues<Stage>())
        {
            Assert.DoesNotContain(SixPractices.Of(Nothing with { Stage = stage }), p => p.State == PracticeState.Fulfilled);
        }
    }

    [Fact]
    public void There_are_six_in_their_order() =>
        Assert.Equal(["review", "joint-days", "checks", "metrics", "escalation", "communication"], SixPractices.Of(Nothing).Select(p => p.Key));

    [Fact]
    public void A_prospect_owes_nothing_yet_and_neither_does_one_that_was_declined()
    {
        Assert.All(SixPractices.Of(Nothing with { Stage = Stage.Prospect }), p => Assert.Equal(PracticeState.NotYetDue, p.State));
        Assert.All(SixPractices.Of(Nothing with { Stage = Stage.Declined }), p => Assert.Equal(PracticeState.NotYetDue, p.State));
    }

    [Theory]
    [InlineData(1, 1, 1, PracticeState.Fulfilled)]
    [InlineData(1, 0, 1, PracticeState.AtRisk)]
    [InlineData(1, 1, 0, PracticeState.AtRisk)]
    [InlineData(0, 0, 1, PracticeState.AtRisk)]
    [InlineData(0, 0, 0, PracticeState.Missing)]
    public void Metrics_need_both_sides_and_an_answer(int theirs, int up, int ours, PracticeState expected) =>
        Assert.Equal(expected, Practice("metrics", Nothing with { TheirSources = theirs, TheirSourcesUp = up, OurSources = ours }).State);

    [Fact]
    public void Escalation_says_what_it_lacks()
    {
        var practice = Practice("escalation", Nothing with { HasPolicy = true, Runbooks = 1 });
        Assert.Equal((PracticeState.AtRisk, "lacks contact of theirs"), (practice.State, practice.Reason));
        Assert.Equal(PracticeState.Fulfilled, Practice("escalation", Nothing with { HasPolicy = true, Runbooks = 1, PartnerContacts = 2 }).State);
    }

    [Fact]
    public void A_review_that_ended_in_no_go_is_a_risk_even_when_another_is_open() =>
        Assert.Equal(PracticeState.AtRisk, Practice("review", Nothing with { ReviewPassed = false, ReviewOpen = true }).State);

    [Fact]
    public void An_address_without_a_confirmed_contact_is_half_of_communication()
    {
        Assert.Equal(PracticeState.AtRisk, Practice("communication", Nothing with { HasMailAddress = true }).State);
        Assert.Equal(PracticeState.Fulfilled, Practice("communication", Nothing with { HasMailAddress = true, ContactConfirmed = true }).State);
    }

    private static Practice Practice(string key, PracticeEvidence evidence) => SixPractices.Of(evidence).Single(p => p.Key == key);
}
