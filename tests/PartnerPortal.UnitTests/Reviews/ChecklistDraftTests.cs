using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ChecklistDraftTests
{
    [Fact]
    public void Only_titles_and_questions_are_needed()
    {
        var list = With(new ItemDraft { Question = "Is there a sandbox?" }).Checked();

        var item = list.Items.Single();
        Assert.Equal(("is-there-a-sandbox", "Is there a sandbox?", Answerer.Both, Severity.Major, ItemKind.YesNo, ""), (item.Key, item.Question, item.Who, item.Severity, item.Kind, item.Unit));
        Assert.Equal((Phase.BeforeContract, "", null, false, null, null), (item.Phase, item.ShownWhen, item.FreshForDays, item.EvidenceRequired, item.Level, item.Target));
        Assert.Empty(item.Options);
        Assert.Empty(item.Tiers);
        Assert.Null(list.Proves);
        Assert.Null(list.Scale);
    }

    [Theory]
    [InlineData("yes/no", ItemKind.YesNo)]
    [InlineData("Number", ItemKind.Number)]
    [InlineData("text", ItemKind.Text)]
    [InlineData("date", ItemKind.Date)]
    [InlineData("evidence", ItemKind.Evidence)]
    [InlineData("target", ItemKind.Target)]
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

    [Fact]
    public void Nothing_at_all_in_a_place_of_a_list_is_refused_like_an_empty_entry()
    {
        var refused = Assert.Throws<FieldsRefused>(() => new ChecklistDraft { Title = "Holes", Sections = [null!, new SectionDraft { Title = "All", Items = null! }, new SectionDraft { Title = "More", Items = [null!] }] }.Checked());

        Assert.Equal(["sections[0].items", "sections[0].title", "sections[1].items", "sections[2].items[0].question"], refused.Errors.Keys.Order());
        Assert.Contains("sections", Assert.Throws<FieldsRefused>(() => new ChecklistDraft { Title = "Nothing", Sections = null! }.Checked()).Errors.Keys);
    }

    [Theory]
    [InlineData("single choice")]
    [InlineData("several choices")]
    public void A_choice_keeps_its_options_in_order_and_each_once(string kind) =>
        Assert.Equal(["Retry", "Queue"], Item(new() { Question = "Q?", Kind = kind, Options = [" Retry ", "Queue", "retry"] }).Options);

    [Fact]
    public void Options_of_other_kinds_are_left_out() => Assert.Empty(Item(new() { Question = "Q?", Options = ["a", "b"] }).Options);

    [Fact]
    public void A_choice_needs_two_options_of_one_line_and_not_too_many()
    {
        const string Options = "sections[0].items[0].options";
        Assert.Equal("A choice needs at least two options.", Refusal(Options, new ItemDraft { Question = "Q?", Kind = "single choice", Options = ["only"] }));
        Assert.Contains("on one line", Refusal(Options, new ItemDraft { Question = "Q?", Kind = "single choice", Options = ["one", "two\nthree"] }), StringComparison.Ordinal);
        Assert.Contains("at most 50", Refusal(Options, new ItemDraft { Question = "Q?", Kind = "single choice", Options = [.. Enumerable.Range(0, 51).Select(i => $"{i}")] }), StringComparison.Ordinal);
        Assert.Equal("Enter what can be chosen.", Refusal(Options + "[1]", new ItemDraft { Question = "Q?", Kind = "single choice", Options = ["one", " ", "two"] }));
    }

    [Fact]
    public void A_condition_may_ask_about_items_above_it_only()
    {
        var above = new ItemDraft { Key = "sandbox", Question = "Q?" };
        Assert.Equal("sandbox is failed", With(above, new ItemDraft { Key = "fake", Question = "Q?", ShownWhen = " sandbox is failed " }).Checked().Find("fake")!.ShownWhen);
        Assert.Contains("“sandbox”", Refusal("sections[0].items[0].shownWhen", new ItemDraft { Key = "fake", Question = "Q?", ShownWhen = "sandbox" }, above), StringComparison.Ordinal);
        Assert.Contains("“sandbox”", Refusal("sections[0].items[0].shownWhen", new ItemDraft { Key = "sandbox", Question = "Q?", ShownWhen = "sandbox" }), StringComparison.Ordinal);
        Assert.Contains("parenthesis", Refusal("sections[0].items[1].shownWhen", above, new ItemDraft { Question = "R?", ShownWhen = "(sandbox" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3651)]
    public void Freshness_is_a_number_of_days_that_people_mean(int days) =>
        Assert.Contains("1 to 3650 days", Refusal("sections[0].items[0].freshForDays", new ItemDraft { Question = "Q?", FreshForDays = days }), StringComparison.Ordinal);

    [Fact]
    public void Tiers_are_kept_once_each()
    {
        Assert.Equal([Tier.Strategic, Tier.SelfService], Item(new() { Question = "Q?", Tiers = ["self service", "strategic", "self-service"] }).Tiers);
        Assert.Contains("strategic", Refusal("sections[0].items[0].tiers[0]", new ItemDraft { Question = "Q?", Tiers = ["gold"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_says_subject_comparison_side_percentile_and_window()
    {
        var item = Item(new() { Question = "How fast?", Kind = "target", Unit = "ms", Target = new() { Subject = "p99 latency", Comparator = "<=", BoundSide = "partner", Percentile = 99, Window = "5m" } });
        Assert.Equal(new TargetTerms("p99 latency", Comparator.AtMost, "ms", Side.Partner, 99, "5m"), item.Target);
        Assert.Equal(new TargetTerms("How fast?", Comparator.AtMost, "", Side.Partner), Item(new() { Question = "How fast?", Kind = "target" }).Target);
    }

    [Fact]
    public void Every_fault_of_a_target_is_named_by_its_place()
    {
        var refused = Assert.Throws<FieldsRefused>(() => With(new ItemDraft { Question = "Q?", Kind = "target", Target = new() { Comparator = "about", BoundSide = "nobody", Percentile = 100, Window = "soon" } }).Checked());

        Assert.Equal(
            ["sections[0].items[0].target.boundSide", "sections[0].items[0].target.comparator", "sections[0].items[0].target.percentile", "sections[0].items[0].target.window"],
            refused.Errors.Keys.Order());
    }

    [Fact]
    public void Two_figures_about_one_subject_must_be_comparable()
    {
        var ours = new ItemDraft { Key = "plan", Question = "How many do we plan?", Kind = "target", Unit = "calls/s", Target = new() { Subject = "Peak", BoundSide = "ours" } };
        Assert.Equal(2, With(ours, ours with { Key = "limit", Target = new() { Subject = " peak", BoundSide = "ours" } }).Checked().Items.Count());
        Assert.Contains("How many do we plan?", Refusal("sections[0].items[1].target", ours, ours with { Key = "limit", Unit = "calls/min" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_is_decided_by_an_item_with_a_figure_and_falls_from_level_to_level()
    {
        var promised = new ItemDraft { Key = "promised", Question = "Which?", Kind = "number" };
        ChecklistDraft draft = With(promised, new ItemDraft { Key = "drill", Question = "Drill?", Level = "A" }) with { Scale = Scale("promised", ("A", 99.9m), ("B", 0)) };
        Assert.Equal("A", draft.Checked().Find("drill")!.Level);
        Assert.Contains("scale.item", Faults(draft with { Scale = Scale("drill", ("A", 99.9m), ("B", 0)) }));
        Assert.Contains("scale.levels", Faults(draft with { Scale = Scale("promised", ("B", 0), ("A", 99.9m)) }));
        Assert.Contains("scale.levels", Faults(draft with { Scale = Scale("promised", ("A", 1), ("A", 0)) }));
        Assert.Contains("scale.levels", Faults(draft with { Scale = Scale("promised", [.. Enumerable.Range(0, 11).Select(i => ($"L{i}", 100m - i))]) }));
        Assert.Equal(["sections[0].items[1].level"], Faults(draft with { Scale = null }));
    }

    [Fact]
    public void What_a_review_proves_is_a_phase()
    {
        var draft = With(new ItemDraft { Question = "Q?" });
        Assert.Equal(Phase.BeforeProduction, (draft with { Proves = "before production" }).Checked().Proves);
        Assert.Equal(["proves"], Faults(draft with { Proves = "everything" }));
    }

    [Fact]
    public void A_draft_made_of_a_checklist_gives_that_checklist_again() => Drafts.Sample(draft =>
    {
        var content = draft.Checked();
        Assert.Equal(Text(content), Text(ChecklistDraft.From("mine", content).Checked()));
    });

    private static Gen<ChecklistDraft> Drafts { get; } =
        from kinds in Gen.Enum<ItemKind>().Array[1, 8]
        from days in Gen.Int[1, 3650]
        from flags in Gen.Bool.Array[8]
        from tiers in Gen.Enum<Tier>().Array[0, 3]
        select With([.. kinds.Select((kind, i) => Some(kind, i, days, flags, tiers))]) with { Proves = flags[2] ? "before contract" : null, Purpose = "When needed." };

    private static ItemDraft Some(ItemKind kind, int i, int days, bool[] flags, Tier[] tiers) => new()
    {
        Key = $"item-{i}",
        Question = $"Question {i}?",
        Kind = kind.Word(),
        Who = flags[0] ? "us" : "partner",
        Severity = flags[1] ? "blocker" : "info",
        Phase = flags[2] ? "before production" : null,
        Options = ["one", "two"],
        ShownWhen = i > 0 && flags[3] ? $"not item-{i - 1} is failed" : null,
        FreshForDays = flags[4] ? days : null,
        EvidenceRequired = flags[5],
        Tiers = [.. tiers.Select(Words.Of)],
        Target = flags[6] ? new() { Subject = $"Subject {i}", Comparator = "≥", BoundSide = "ours", Percentile = 95, Window = "1h" } : null,
        Unit = flags[7] ? "ms" : null,
        Why = "Because.",
        Good = "Good.",
    };

    private static ChecklistItem Item(ItemDraft draft) => With(draft).Checked().Items.Single();

    private static string Refusal(string field, params ItemDraft[] items) => Assert.Single(Assert.Throws<FieldsRefused>(() => With(items).Checked()).Errors[field]);

    private static IEnumerable<string> Faults(ChecklistDraft draft) => Assert.Throws<FieldsRefused>(() => draft.Checked()).Errors.Keys.Order();

    private static ScaleDraft Scale(string item, params (string Name, decimal From)[] levels) => new() { Item = item, Levels = [.. levels.Select(l => new LevelDraft { Name = l.Name, From = l.From })] };

    private static string Text(Checklist content) => System.Text.Json.JsonSerializer.Serialize(content);

    private static ChecklistDraft With(params ItemDraft[] items) =>
        new() { Title = "Mine", Sections = [new SectionDraft { Title = "All", Items = [.. items] }] };
}
