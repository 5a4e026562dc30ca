using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class TemplateDraftTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChecklistDraft Two = Draft("one: a b c", "two: d e");

    [Fact]
    public void A_save_names_the_version_that_it_was_made_from()
    {
        var draft = TemplateDraft.Start("mine", Two, 3, "ana@example.com", Noon);
        draft.Save(Two with { Title = "New" }, 1, "li@example.com", Noon.AddMinutes(1));

        Assert.Equal(("New", 2, 3, "li@example.com", Noon.AddMinutes(1)), (draft.Content.Title, draft.Version, draft.BasedOn, draft.EditedBy, draft.EditedAt));
        Assert.Throws<ChangedMeanwhile>(() => draft.Save(Two, 1, "ana@example.com", Noon));
        Assert.Equal("New", draft.Content.Title);
    }

    [Fact]
    public void A_draft_may_be_incomplete_but_not_endless()
    {
        var draft = TemplateDraft.Start("mine", new ChecklistDraft(), 0, "ana@example.com", Noon);

        Assert.Throws<RuleBroken>(() => draft.Save(new ChecklistDraft { Sections = [new() { Items = [.. Enumerable.Repeat(new ItemDraft(), 501)] }] }, 1, "ana@example.com", Noon));
    }

    [Theory]
    [InlineData("b", -1, "one: b a c|two: d e")]
    [InlineData("b", 1, "one: a c b|two: d e")]
    [InlineData("a", -1, "one: a b c|two: d e")]
    [InlineData("c", 1, "one: a b|two: c d e")]
    [InlineData("d", -1, "one: a b c d|two: e")]
    [InlineData("e", 1, "one: a b c|two: d e")]
    public void An_item_moves_by_one_and_goes_over_into_the_next_section(string key, int by, string after)
    {
        var (moved, place) = Two.Move(Two.PlaceOf(key)!.Value, by);

        Assert.Equal(after, Outline(moved));
        Assert.Equal(place, moved.PlaceOf(key));
    }

    [Fact]
    public void Any_walk_keeps_every_item() => Gen.Int[0, 4].Select(Gen.Bool).Array[1, 30].Sample(steps =>
    {
        var draft = Two;
        foreach (var (which, down) in steps)
        {
            draft = draft.Move(draft.PlaceOf("abcde"[which].ToString())!.Value, down ? 1 : -1).Draft;
        }

        return draft.Sections.SelectMany(s => s.Items).Select(i => i.Key).Order().SequenceEqual(["a", "b", "c", "d", "e"]);
    });

    [Fact]
    public void Sections_move_are_removed_and_come_back()
    {
        Assert.Equal("two: d e|one: a b c", Outline(Two.Move(1, -1)));
        Assert.Equal(Two, Two.Move(0, -1));
        Assert.Equal("one: a b c|two: d e", Outline(Two.Remove(0).Insert(0, Two.Sections[0])));
        Assert.Equal("one: a c|two: d e b", Outline(Two.MoveTo(new(0, 1), 1).Draft));
    }

    [Fact]
    public void A_new_key_is_made_of_the_question_and_free()
    {
        Assert.Equal("is-there-a-fake", Two.FreeKey("Is there a fake?", "item"));
        Assert.Equal("a-2", Two.FreeKey("A", "item"));
        Assert.Equal("item", Two.FreeKey("?", "item"));
    }

    [Fact]
    public void What_changed_is_told_part_by_part()
    {
        var after = Draft("one: a c x", "three: e") with { Title = "Renamed" };
        after = after.With(new ItemPlace(0, 0), after.Sections[0].Items[0] with { Severity = "blocker" });

        Assert.Equal(
            ["Changed Checklist Title", "Changed a Severity", "Added x", "Added three", "Moved e", "Removed two", "Removed b", "Removed d"],
            ChecklistChanges.Between(Two, after).Select(c => $"{c.Kind} {c.Key ?? c.What} {string.Join(' ', c.Fields.Select(f => f.Field))}".Trim()));
    }

    [Fact]
    public void Absent_and_default_read_the_same() =>
        Assert.Empty(ChecklistChanges.Between(Two, Two.With(new ItemPlace(0, 0), Two.Sections[0].Items[0] with { Who = "both", Kind = "yes/no", Why = " ", EvidenceRequired = false, Tiers = [] })));

    [Fact]
    public void Edits_of_two_people_to_different_parts_are_both_kept()
    {
        var mine = Two.With(new ItemPlace(0, 0), Two.Sections[0].Items[0] with { Why = "mine" });
        var theirs = Two.Insert(new ItemPlace(1, 9), new ItemDraft { Key = "f", Question = "f" }).Move(0, 1) with { Purpose = "theirs" };

        var merge = DraftMerge.Of(Two, mine, theirs);

        Assert.Empty(merge.Contested);
        Assert.Equal("two: d e f|one: a b c", Outline(merge.Merged!));
        Assert.Equal(("mine", "theirs"), (merge.Merged!.At(merge.Merged!.PlaceOf("a")!.Value).Why, merge.Merged!.Purpose));
    }

    [Fact]
    public void Edits_of_two_people_to_one_part_are_contested()
    {
        static ChecklistDraft Why(string why) => Two.With(new ItemPlace(0, 0), Two.Sections[0].Items[0] with { Why = why });

        Assert.Equal(["a"], DraftMerge.Of(Two, Why("mine"), Why("theirs")).Contested);
        Assert.Null(DraftMerge.Of(Two, Why("mine"), Why("theirs")).Merged);
        Assert.Equal("same", DraftMerge.Of(Two, Why("same"), Why("same")).Merged!.Sections[0].Items[0].Why);
        Assert.Equal(["a"], DraftMerge.Of(Two, Why("mine"), Two.Remove(new ItemPlace(0, 0))).Contested);
        Assert.Single(DraftMerge.Of(Two, Two.Move(0, 1), Two.Remove(new ItemPlace(0, 0))).Contested);
    }

    private static string Outline(ChecklistDraft draft) => string.Join('|', draft.Sections.Select(s => $"{s.Key}: {string.Join(' ', s.Items.Select(i => i.Key))}"));

    private static ChecklistDraft Draft(params string[] sections) => new()
    {
        Title = "Mine",
        Sections = [.. sections.Select(s => s.Split(": ")).Select(p => new SectionDraft { Key = p[0], Title = p[0], Items = [.. p[1].Split(' ').Select(k => new ItemDraft { Key = k, Question = k })] })],
    };
}
