using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.UnitTests.Runbooks;

public sealed class RunbookStepsTests
{
    [Fact]
    public void Tasks_are_steps_with_what_stands_below_them_and_the_heading_above()
    {
        var steps = RunbookSteps.Of("---\ntitle: Fail\n---\n# Fail\n\nintro\n\n## First\n- [ ] Look at **theirs**\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n  ```sh\n  curl x\n    indented\n  ```\n- [x] Call\n  - [ ] the desk\n\n## Then\n\nWhen they do not answer:\n\n1. Switch ![how](a.png)\n\nthe end\n", "Fail");

        Assert.Equal(["1 Look at theirs (First)", "2 Call (First)", "3 Switch how (Then)"], steps.Select(s => $"{s.Key} {s.Title} ({s.Section})"));
        Assert.Equal("intro\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\ncurl x\n  indented\n```", steps[0].Body);
        Assert.Equal("- [ ] the desk", steps[1].Body);
        Assert.Equal("When they do not answer:\n\nSwitch ![how](a.png)\n\nthe end", steps[2].Body);
    }

    [Fact]
    public void A_title_with_a_link_or_a_command_keeps_them_in_the_body()
    {
        var steps = RunbookSteps.Of("- [ ] open [their page](https://x.example)\n- [ ] run `ls -l`\n", "T");
        Assert.Equal([("open their page", "open [their page](https://x.example)"), ("run ls -l", "run `ls -l`")], steps.Select(s => (s.Title, s.Body)));
    }

    [Fact]
    public void Headings_named_step_keep_their_lists_and_other_headings_do_when_there_is_nothing_else()
    {
        var named = RunbookSteps.Of("# T\n\nwhy\n\n## Step 1: look\n\n1. here\n2. there\n\n### closely\n\n## Step 2\n\nmend\n", "T");
        Assert.Equal([("Step 1: look", "# T\n\nwhy\n\n1. here\n2. there\n\n### closely"), ("Step 2", "mend")], named.Select(s => (s.Title, s.Body)));
        Assert.Equal(["Meaning", "Impact"], RunbookSteps.Of("# T\n\n## Meaning\n\na\n\n## Impact\n\n- b\n", "T").Select(s => s.Title));
        Assert.Equal([("T", "only words")], RunbookSteps.Of("only words\n", "T").Select(s => (s.Title, s.Body)));
        Assert.Equal("T", Assert.Single(RunbookSteps.Of("", "T")).Title);
    }

    [Fact]
    public void Nothing_between_steps_is_lost_and_named_links_find_their_targets()
    {
        var steps = RunbookSteps.Of("- [ ] look\n\n  see [the page][p]\n- a remark\n- [ ] call\n\nend\n\n[p]: https://x.example\n", "T");
        Assert.Equal(["see [the page][p]\n\n[p]: https://x.example", "- a remark\n\nend\n\n[p]: https://x.example"], steps.Select(s => s.Body));
    }

    [Fact]
    public void Code_is_no_step_and_more_than_enough_steps_stay_in_the_last()
    {
        Assert.Equal("real", Assert.Single(RunbookSteps.Of("```\n- [ ] code\n```\n\n- [ ] real\n", "T")).Title);
        var many = RunbookSteps.Of(string.Concat(Enumerable.Range(1, 250).Select(n => $"- [ ] s{n}\n")), "T");
        Assert.Equal(RunbookSteps.Most, many.Count);
        Assert.Contains("s250", many[^1].Body, StringComparison.Ordinal);
    }
}
