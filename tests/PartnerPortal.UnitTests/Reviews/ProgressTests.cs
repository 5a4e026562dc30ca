using CsCheck;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ProgressTests
{
    [Fact]
    public void Answered_and_passed_are_two_numbers()
    {
        var progress = Of([AnswerState.Passed, AnswerState.Failed, AnswerState.NotApplicable, AnswerState.NotAnswered, AnswerState.NotAnswered]);

        Assert.Equal(0.6, progress.AnsweredShare);
        Assert.Equal(0.25, progress.PassRate);
    }

    [Fact]
    public void Without_anything_that_counts_there_is_no_pass_rate() =>
        Assert.Null(Of([AnswerState.NotApplicable, AnswerState.NotApplicable]).PassRate);

    [Fact]
    public void A_warning_is_an_answer_that_has_not_passed()
    {
        var progress = Of([AnswerState.Warning]);

        Assert.Equal(1, progress.AnsweredShare);
        Assert.Equal(0, progress.PassRate);
    }

    [Fact]
    public void Both_stay_between_none_and_all_and_passing_one_more_never_lowers_them() =>
        Gen.Enum<AnswerState>().List[1, 60].Sample(states =>
        {
            var before = Of(states);
            states[0] = AnswerState.Passed;
            var after = Of(states);

            Assert.InRange(before.AnsweredShare, 0, 1);
            Assert.InRange(before.PassRate ?? 0, 0, 1);
            Assert.True(after.AnsweredShare >= before.AnsweredShare);
            Assert.True(after.PassRate >= (before.PassRate ?? 0));
        });

    private static Progress Of(List<AnswerState> states)
    {
        var items = states.Select((_, i) => new ChecklistItem($"i{i}", "?", Answerer.Both, Severity.Major, ItemKind.YesNo, "", "", "")).ToList();
        return Progress.Of(items.Zip(states, (item, state) => new Standing(item, Asked: true, Binds: true, state, null, null)));
    }
}
