using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public class ItemFilterTests
{
    [Theory]
    [InlineData(ItemFilter.All, true, true, true)]
    [InlineData(ItemFilter.Unanswered, true, false, false)]
    [InlineData(ItemFilter.Failed, false, true, false)]
    [InlineData(ItemFilter.Blockers, true, true, true)]
    public void A_filter_shows_what_its_word_says(ItemFilter filter, bool open, bool failed, bool passed)
    {
        var blocker = new ChecklistItem("b", "?", Answerer.Us, Severity.Blocker, ItemKind.YesNo, "", "", "");

        Assert.Equal((open, failed, passed), (filter.Shows(blocker, AnswerState.NotAnswered, null, "ana"), filter.Shows(blocker, AnswerState.Failed, null, "ana"), filter.Shows(blocker, AnswerState.Passed, null, "ana")));
        Assert.Equal(filter != ItemFilter.Blockers && passed, filter.Shows(blocker with { Severity = Severity.Minor }, AnswerState.Passed, null, "ana"));
    }

    [Fact]
    public void A_share_is_never_rounded_up_to_all() => Assert.Equal("99 %", ItemFilters.Percent(0.999));
}
