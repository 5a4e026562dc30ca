using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ChecklistDraftTests
{
    [Fact]
    public void Only_titles_and_questions_are_needed()
    {
        var list = With(new ItemDraft { Question = "Is there a sandbox?" }).Checked();

        Assert.Equal(
            new ChecklistItem("is-there-a-sandbox", "Is there a sandbox?", Answerer.Both, Severity.Major, ItemKind.YesNo, "", "", ""),
            list.Items.Single());
    }

    [Theory]
    [InlineData("yes/no", ItemKind.YesNo)]
    [InlineData("Number", ItemKind.Number)]
    [InlineData("text", ItemKind.Text)]
    public void Kinds_are_read_as_they_are_written(string text, ItemKind kind)
    {
        Assert.Equal(kind, With(new ItemDraft { Question = "Q?", Kind = text }).Checked().Items.Single().Kind);
        Assert.True(ItemKindWords.TryParse(kind.Word(), out var again));
        Assert.Equal(kind, again);
    }

    [Fact]
    public void Every_fault_is_named_by_its_place()
    {
        var refused = Assert.Throws<FieldsRefused>(() => With(
            new ItemDraft { Key = "a", Question = "Q?" },
            new ItemDraft { Key = "a", Question = " ", Kind = "poem", Severity = "deadly" }).Checked());

        Assert.Equal(
            ["sections[0].items[1].key", "sections[0].items[1].kind", "sections[0].items[1].question", "sections[0].items[1].severity"],
            refused.Errors.Keys.Order());
    }

    [Fact]
    public void A_checklist_without_items_is_refused()
    {
        var refused = Assert.Throws<FieldsRefused>(() => new ChecklistDraft { Title = "Empty" }.Checked());

        Assert.Contains("sections", refused.Errors.Keys);
    }

    private static ChecklistDraft With(params ItemDraft[] items) =>
        new() { Title = "Mine", Sections = [new SectionDraft { Title = "All", Items = [.. items] }] };
}
