using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Actions;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Web.Actions;
using PartnerPortal.Web.Shared;

namespace PartnerPortal.ComponentTests.Actions;

public sealed class ActionTableTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 2);

    public ActionTableTests() => Services.AddSingleton(TimeProvider.System);

    [Theory]
    [InlineData("2026-02-27", "outage", "Overdue 3 days")]
    [InlineData("2026-03-01", "outage", "Overdue 1 day")]
    [InlineData("2026-03-02", "degraded", "Due today")]
    [InlineData("2026-03-05", "outline", "Due 5 Mar 2026")]
    public void Towards_its_day_an_action_speaks_by_icon_word_and_colour(string due, string colour, string words)
    {
        var chip = Table(Row(new("Send the keys", Due: due))).Find(".chip");
        Assert.Equal((words, true), (chip.TextContent.Trim(), chip.ClassList.Contains(colour)));
        Assert.NotNull(chip.QuerySelector("svg"));
    }

    [Fact]
    public void Who_owes_it_and_who_of_ours_sees_to_it_stand_side_by_side()
    {
        Assert.Contains("ana@example.com", Table(Row(new("Send the keys", Side: "partner"))).Find("td.desk").TextContent, StringComparison.Ordinal);
        Assert.Equal("them", Table(Row(new("Send the keys", Side: "partner"))).Find(".theirs").TextContent);
        Assert.Equal("us", Table(Row(new("Send the keys"))).Find(".ours").TextContent);
    }

    [Fact]
    public void Finishing_asks_for_the_proof_in_the_row_and_hands_it_on()
    {
        (ActionItem Item, string? Evidence)? finished = null;
        var row = Row(new("Send the keys"));
        var table = Render<ActionTable>(p => p.Add(t => t.Rows, [row]).Add(t => t.Today, Today).Add(t => t.MayEdit, true).Add(t => t.OnFinish, done => finished = done));
        Assert.Empty(table.FindAll("textarea"));
        table.Find("button[aria-expanded]").Click();
        table.Find("textarea").Input("sent by mail");
        table.Find("form").Submit();
        Assert.Equal((row.Item.Id, "sent by mail"), (finished!.Value.Item.Id, finished.Value.Evidence));
    }

    [Fact]
    public void Who_may_only_read_is_offered_nothing_to_finish() => Assert.Empty(Table(Row(new("Send the keys"))).FindAll("button"));

    [Fact]
    public void What_somebody_typed_is_text_and_nothing_else()
    {
        var table = Table(Row(new("<script>alert(1)</script>")));
        Assert.Empty(table.FindAll("script"));
        Assert.Contains("&lt;script&gt;", table.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, "No action waits")]
    [InlineData(1, 0, 0, "1 action")]
    [InlineData(3, 0, 1, "3 actions, one overdue (them)")]
    [InlineData(3, 2, 0, "3 actions, 2 overdue (us)")]
    [InlineData(9, 2, 1, "9 actions, 3 overdue (2 us, 1 them)")]
    public void What_waits_fits_one_line(int open, int ours, int theirs, string said)
    {
        var line = Render<WaitingLine>(p => p.Add(w => w.Count, new ActionCount(open, ours, theirs)).Add(w => w.Link, "/work"));
        Assert.EndsWith(said, line.Find("a").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(ours + theirs > 0, line.FindAll(".chip.outage").Count == 1);
    }

    [Fact]
    public void A_refused_proof_says_what_to_do_beside_its_field()
    {
        var errors = new FormErrors(new Dictionary<string, string[]> { ["evidence"] = ["Enter what proves it: a sentence, a link."] });
        var table = Render<ActionTable>(p => p.Add(t => t.Rows, [Row(new("Send the keys"))]).Add(t => t.Today, Today).Add(t => t.MayEdit, true).Add(t => t.Errors, errors));
        table.Find("button[aria-expanded]").Click();
        Assert.Equal("Enter what proves it: a sentence, a link.", table.Find(".error").TextContent);
    }

    private IRenderedComponent<ActionTable> Table(ActionRow row) => Render<ActionTable>(p => p.Add(t => t.Rows, [row]).Add(t => t.Today, Today));

    private static ActionRow Row(ActionDraft draft) =>
        new(ActionItem.Create(Guid.NewGuid(), Guid.NewGuid(), draft, ActionSource.Person, "ana@example.com", Noon), "tunes", "Tunes", "ana@example.com", "main", "Main");
}
