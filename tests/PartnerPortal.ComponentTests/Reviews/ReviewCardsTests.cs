using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public sealed class ReviewCardsTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChecklistItem Item = new("sandbox", "Is there a sandbox?", Answerer.Partner, Severity.Blocker, ItemKind.YesNo, "", "", "");
    private static readonly Checklist List = new("Small", "", [new("all", "All", "", [Item])]);

    public ReviewCardsTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Answered_and_pass_rate_are_two_numbers()
    {
        var card = Render<ProgressCard>(p => p.Add(c => c.Progress, new Progress(10, 6, 8, 3, 1, 2, 1, 0)));

        Assert.Equal(["60 % 6 of 10", "37 % 3 of 8 that count"], card.FindAll(".figure").Select(f => f.TextContent.Trim()));
    }

    [Fact]
    public void Without_anything_that_counts_there_is_no_rate() =>
        Assert.Contains("nothing counts yet", Render<ProgressCard>(p => p.Add(c => c.Progress, new Progress(1, 1, 0, 0, 0, 1, 0, 0))).Markup, StringComparison.Ordinal);

    [Fact]
    public void An_item_shows_state_and_comment_in_words()
    {
        var card = Render<AnswerCard>(p => p.Add(c => c.Item, Item).Add(c => c.Href, "/x").Add(c => c.State, AnswerState.Failed).Add(c => c.Answer, Said("<b>none</b>")));

        Assert.Equal("Failed", card.Find(".chip.outage").TextContent.Trim());
        Assert.Equal("<b>none</b>", card.Find(".comment").TextContent);
        Assert.Contains("answered by the partner", card.Find(".marks").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conflict_shows_both_texts_and_three_ways_out()
    {
        KeepText? kept = null;
        var card = Render<ConflictCard>(p => p
            .Add(c => c.Conflict, new AnswerConflict(new("failed", Comment: "mine"), Said("theirs")))
            .Add(c => c.OnKeep, k => kept = k));

        Assert.Equal(["theirs", "mine"], card.FindAll(".text").Select(t => t.TextContent));
        card.Find("button").Click();
        Assert.Equal(KeepText.Both, kept);
    }

    [Fact]
    public void A_decision_names_signer_and_conditions()
    {
        var card = Render<DecisionCard>(p => p.Add(c => c.Decision, new Decision(Verdict.ConditionalGo, "ana@example.com", [new("Load test", null, new DateOnly(2027, 1, 15))], "", Noon)));

        Assert.Contains("Conditional go", card.Markup, StringComparison.Ordinal);
        Assert.Contains("due 15 Jan 2027", card.Find(".conditions").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_show_how_far_each_is()
    {
        var card = Render<SectionsCard>(p => p.Add(c => c.Sections, List.Sections).Add(c => c.Standings, Standings.Of(List, Domain.Partners.Tier.Standard, _ => Said("none"), _ => null, Noon)).Add(c => c.LinkTo, s => "/to/" + s.Key).Add(c => c.Current, "all"));

        Assert.Equal("1/1", card.Find(".num").TextContent);
        Assert.Equal("/to/all", card.Find("a.active").GetAttribute("href"));
    }

    private static Answer Said(string comment) =>
        Review.Start(Guid.NewGuid(), Guid.NewGuid(), Domain.Partners.Tier.Standard, ChecklistTemplate.Create("small", List, false, Noon).Versions[0], "ana@example.com", Noon)
            .Record(List, "sandbox", new("failed", Comment: comment), 1, new Actor(null, "ana@example.com", Role.Engineer), Noon);
}
