using Microsoft.AspNetCore.Components.Web;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public sealed class DraftEditorTests : BunitContext
{
    private static readonly ItemDraft Peak = new() { Key = "our-peak", Question = "How many?", Kind = "target", Unit = "calls/s", Severity = "blocker", Who = "us" };

    [Fact]
    public void An_item_is_moved_by_buttons_and_by_the_keyboard()
    {
        List<int> moves = [];
        var card = Render<DraftItemCard>(p => p.Add(c => c.Item, Peak).Add(c => c.Href, "#").Add(c => c.OnMove, moves.Add));

        card.Find("button[title='Move up']").Click();
        card.Find("button[title='Move down']").Click();
        card.Find("li").KeyDown(new KeyboardEventArgs { Key = "ArrowUp", AltKey = true });
        card.Find("li").KeyDown(new KeyboardEventArgs { Key = "ArrowDown", AltKey = true });
        card.Find("li").KeyDown(new KeyboardEventArgs { Key = "ArrowDown" });

        Assert.Equal([-1, 1, -1, 1], moves);
        Assert.Equal("Move “How many?” up", card.Find("button[title='Move up']").GetAttribute("aria-label"));
    }

    [Fact]
    public void Only_the_kinds_that_need_them_have_unit_options_and_target()
    {
        var form = Form(Peak with { Kind = "yes/no" });
        Assert.Empty(form.FindAll("[name='i.unit'], [name='i.options'], .target"));
        Assert.NotEmpty(Form(Peak).FindAll("[name='i.unit']"));
        Assert.NotEmpty(Form(Peak).FindAll(".target"));
        Assert.Single(Form(Peak with { Kind = "single choice", Options = ["a", "b"] }).FindAll("[name='i.options']"));
    }

    [Fact]
    public void Every_field_gives_the_next_draft()
    {
        var item = Peak;
        var form = Render<ItemForm>(p => p.Add(f => f.At, "i").Add(f => f.Item, item).Add(f => f.ItemChanged, i => item = i));

        form.Find("[name='i.question']").Input("How many at peak?");
        Assert.Equal("How many at peak?", item.Question);
        form.Find("[name='i.severity']").Change("minor");
        Assert.Equal("minor", item.Severity);
        form.Find("[name='i.freshForDays']").Input("90");
        Assert.Equal(90, item.FreshForDays);
        form.FindAll(".checks input")[2].Change(true);
        Assert.Equal(["self service"], item.Tiers);
        form.Find("[name='i.target.subject']").Input("Peak");
        Assert.Equal("Peak", item.Target!.Subject);
    }

    [Fact]
    public void What_changed_shows_both_texts()
    {
        var card = Render<ChangesCard>(p => p.Add(c => c.Changes, [new(ChangeKind.Changed, "How many?", "our-peak", [new("Severity", "major", "blocker")]), new(ChangeKind.Removed, "Fax?", "fax", [])]).Add(c => c.HrefOf, key => "/to/" + key));

        Assert.Equal(("major", "blocker"), (card.Find("del").TextContent, card.Find("ins").TextContent));
        Assert.Equal("/to/our-peak", Assert.Single(card.FindAll("a")).GetAttribute("href"));
        Assert.Contains("Nothing is different.", Render<ChangesCard>(p => p.Add(c => c.Changes, [])).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_preview_shows_what_a_tier_is_asked_or_what_is_missing()
    {
        var draft = new ChecklistDraft { Title = "Mine", Sections = [new() { Title = "All", Items = [new() { Question = "For all?" }, new() { Question = "For few?", Tiers = ["strategic"] }] }] };
        Assert.Contains("For few?", Preview(draft, null).Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("For few?", Preview(draft, Domain.Partners.Tier.SelfService).Markup, StringComparison.Ordinal);
        Assert.Contains("1 of 2 items", Preview(draft, Domain.Partners.Tier.SelfService).Markup, StringComparison.Ordinal);

        var faulty = Preview(draft with { Title = "" }, null);
        Assert.Equal(("Enter what people call this checklist.", "#title"), (faulty.Find(".list a").TextContent, faulty.Find(".list a").GetAttribute("href")));
    }

    [Fact]
    public void A_conflict_names_the_parts_and_loses_nothing_before_the_choice()
    {
        bool? mine = null;
        var card = Render<DraftConflictCard>(p => p.Add(c => c.Conflict, new DraftConflict(new(), "li@example.com", ["How many?"], [])).Add(c => c.OnSettle, keep => mine = keep));

        Assert.Contains("“How many?”", card.Markup, StringComparison.Ordinal);
        Assert.Null(mine);
        card.Find("button.primary").Click();
        Assert.True(mine);
    }

    private IRenderedComponent<ItemForm> Form(ItemDraft item) => Render<ItemForm>(p => p.Add(f => f.At, "i").Add(f => f.Item, item));

    private IRenderedComponent<DraftPreview> Preview(ChecklistDraft draft, Domain.Partners.Tier? tier) =>
        Render<DraftPreview>(p => p.Add(c => c.Draft, draft).Add(c => c.Tier, tier).Add(c => c.LinkTo, _ => "#").Add(c => c.FaultLink, field => "#" + field));
}
