using PartnerPortal.Domain;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.UnitTests.Runbooks;

public sealed class RunbookRunTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void It_ends_with_its_last_step_and_never_changes_again()
    {
        var run = Start();
        Assert.Equal("ana did step 1 of “Fail”: look", run.Set("1", StepState.Done, null, "ana", At));
        Assert.Equal("ana skipped step 2 of “Fail”: call — asleep\n1 of 2 done, 1 skipped", run.Set("2", StepState.Skipped, " asleep ", "ana", At));
        Assert.Equal((At, true, null), (run.EndedAt, run.WentWell, run.Next));
        Assert.Null(run.Set("1", StepState.Done, null, "li", At));
        Assert.Contains("has ended", Assert.Throws<RuleBroken>(() => run.Set("1", StepState.ToDo, null, "ana", At)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_who_settles_a_step_wins_and_it_can_be_set_back()
    {
        var run = Start();
        run.Set("1", StepState.Done, null, "ana", At);
        Assert.Null(run.Set("1", StepState.Done, null, "li", At));
        Assert.Equal("Step 1 is already done by ana. Set it back first if that is wrong.", Assert.Throws<RuleBroken>(() => run.Set("1", StepState.Failed, "no", "li", At)).Message);
        Assert.Equal("li set back step 1 of “Fail”: look", run.Set("1", StepState.ToDo, null, "li", At));
        run.Set("1", StepState.Failed, "no", "li", At);
        Assert.Equal((StepState.Failed, "li"), (run.StandingOf("1")!.State, run.StandingOf("1")!.By));
        run.Set("2", StepState.Done, null, "li", At);
        Assert.False(run.WentWell);
    }

    [Fact]
    public void Skipping_and_failing_need_words_and_unknown_steps_are_not_there()
    {
        var run = Start();
        Assert.All([StepState.Skipped, StepState.Failed], state => Assert.Equal(["comment"], Assert.Throws<FieldsRefused>(() => run.Set("1", state, " ", "ana", At)).Errors.Keys));
        Assert.Throws<NotThere>(() => run.Set("3", StepState.Done, null, "ana", At));
        run.End(At);
        Assert.False(run.WentWell);
    }

    [Fact]
    public void It_follows_the_text_as_it_was_and_nothing_archived()
    {
        var runbook = Runbook.Enter(Guid.NewGuid(), new("Fail", "- [ ] look\n"), "ana", At);
        var run = RunbookRun.Start(Guid.NewGuid(), runbook, "ana", At);
        runbook.Write(new(Text: "- [ ] other\n"), "ana", At);
        Assert.Equal(("look", 1, 2), (run.Steps[0].Title, run.Number, runbook.Number));
        runbook.Archive(At);
        Assert.Throws<RuleBroken>(() => RunbookRun.Start(Guid.NewGuid(), runbook, "ana", At));
    }

    private static RunbookRun Start() => RunbookRun.Start(Guid.NewGuid(), Runbook.Enter(Guid.NewGuid(), new("Fail", "- [ ] look\n- [ ] call\n"), "ana", At), "ana", At);
}
