using PartnerPortal.Domain.Reviews;
using PartnerPortal.Domain.Reviews.Importing;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public sealed class HandOutTablesTests : BunitContext
{
    private static readonly ComparedSection[] Two =
    [
        new("Load",
        [
            new("limit", "Is there a limit?", new(AnswerState.Passed, "50", "", [], "calls/s"), new(AnswerState.Failed, "120", "too many", [], "calls/s")),
            new("same", "Is it the same?", new(AnswerState.Passed, null, "", [], ""), new(AnswerState.Passed, null, "", [], "")),
        ]),
        new("New", [new("new", "Only there?", null, new(AnswerState.NotAnswered, null, "", [], ""))]),
    ];

    [Fact]
    public void A_preview_shows_every_item_with_its_condition_and_what_was_left_out()
    {
        var read = ChecklistFile.Read("# List\n\n## Load\n- [ ] Is <b>it</b> fast?\n\n```\nx\n```\n"u8, null, null);
        var table = Render<DraftTable>(p => p.Add(t => t.Read, read));

        Assert.Equal("Is it fast?", table.Find("td.wide").TextContent.Trim());
        Assert.Equal("Load", table.Find("h2").TextContent);
        Assert.Contains("line 6", table.Find(".notes li").TextContent, StringComparison.Ordinal);
        Assert.Contains("One thing was left out", table.Find("summary").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_reviews_stand_side_by_side_and_differences_are_named_in_a_word()
    {
        var table = Render<CompareTable>(p => p.Add(t => t.Sections, Two).Add(t => t.NameA, "Tunes").Add(t => t.NameB, "Payfast"));

        Assert.Equal(["Item", "Tunes", "Payfast"], table.FindAll("th").Take(3).Select(h => h.TextContent));
        Assert.Equal(3, table.FindAll("tbody tr").Count);
        Assert.Equal(2, table.FindAll(".differs .chip.small").Count);
        Assert.Contains("too many", table.Find(".comment").TextContent, StringComparison.Ordinal);
        Assert.Contains("not asked", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_only_leaves_out_what_is_the_same()
    {
        var table = Render<CompareTable>(p => p.Add(t => t.Sections, Two).Add(t => t.NameA, "Tunes").Add(t => t.NameB, "Payfast").Add(t => t.OnlyDifferences, true));

        Assert.DoesNotContain("Is it the same?", table.Markup, StringComparison.Ordinal);
        Assert.Equal(2, table.FindAll("tbody tr").Count);
    }

    [Fact]
    public void Rows_of_a_workbook_say_what_becomes_of_them()
    {
        AnswerRow[] rows =
        [
            new("row 5", "a", "First?", AnswerFate.Changes, null, new("not answered"), new("passed", "12", "measured", ["https://example.com/x"]), 1),
            new("row 6", "b", "Second?", AnswerFate.Conflict, "Somebody answered this.", new("failed"), new("passed"), 1),
        ];
        var table = Render<AnswerRowsTable>(p => p.Add(t => t.Rows, rows).Add(t => t.Review, Guid.Empty));

        Assert.Equal(["Changes", "Stays as it is"], table.FindAll(".chip").Select(c => c.TextContent.Trim()));
        Assert.Contains("Passed · 12", table.FindAll(".said")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Somebody answered this.", table.Markup, StringComparison.Ordinal);
    }
}
