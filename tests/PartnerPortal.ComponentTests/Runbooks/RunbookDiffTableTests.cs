using PartnerPortal.Web.Runbooks;

namespace PartnerPortal.ComponentTests.Runbooks;

public sealed class RunbookDiffTableTests : BunitContext
{
    private static readonly string Before = string.Join('\n', Enumerable.Range(1, 40).Select(i => $"line {i}"));
    private static readonly string After = Before.Replace("line 20\n", "line twenty\n", StringComparison.Ordinal) + "\nline 41";

    [Fact]
    public void Changes_stand_side_by_side_and_what_did_not_change_is_folded()
    {
        var diff = RunbookDiff.Between(Before, After, 1, 2);
        var table = Render<RunbookDiffTable>(p => p.Add(t => t.Diff, diff));

        Assert.Equal((2, 1), (diff.Added, diff.Removed));
        Assert.Equal(["20"], table.FindAll("td.removed mark").Select(m => m.TextContent));
        Assert.Equal(["line twenty", "line 41"], table.FindAll("td.added").Select(c => c.TextContent.TrimStart('+')));
        Assert.Equal(["16 lines that did not change", "14 lines that did not change"], table.FindAll("tr.folded").Select(r => r.TextContent.Trim()));
    }

    [Fact]
    public void One_below_the_other_puts_the_old_line_above_the_new() => Assert.Equal(
        ["removed", "added", "added"],
        Render<RunbookDiffTable>(p => p.Add(t => t.Diff, RunbookDiff.Between(Before, After, 1, 2)).Add(t => t.Inline, true))
            .FindAll("td.removed, td.added").Select(c => c.ClassName!));

    [Fact]
    public void Text_of_a_runbook_is_never_markup_in_a_diff() =>
        Assert.Empty(Render<RunbookDiffTable>(p => p.Add(t => t.Diff, RunbookDiff.Between("a", "<script>alert(1)</script><img src=x onerror=alert(1)>", 1, 2))).FindAll("script, img"));

    [Fact]
    public void The_same_text_says_so() =>
        Assert.Contains("the same", Render<RunbookDiffTable>(p => p.Add(t => t.Diff, RunbookDiff.Between("a", "a", 1, 2))).Markup, StringComparison.Ordinal);
}
