using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;

namespace PartnerPortal.UnitTests.Actions;

public sealed class ActionItemTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Fact]
    public void It_needs_a_text_and_everything_else_may_wait()
    {
        var item = Create(new("Send the keys"));
        Assert.Equal(("Send the keys", null, Side.Ours, null, ActionState.Open), (item.Text, item.Owner, item.Side, item.Due, item.State));
        Assert.Equal(["text"], Assert.Throws<FieldsRefused>(() => Create(new(" "))).Errors.Keys);
    }

    [Fact]
    public void Every_field_that_cannot_be_accepted_is_named()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Create(new(new string('x', ActionItem.LongestText + 1), "ana", "nobody", "soon")));
        Assert.Equal(["due", "owner", "side", "text"], refused.Errors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("2026-03-01", true)]
    [InlineData("2026-03-02", false)]
    [InlineData("2026-03-03", false)]
    [InlineData(null, false)]
    public void It_is_overdue_from_the_day_after_the_one_on_which_it_was_due(string? due, bool overdue) =>
        Assert.Equal(overdue, Create(new("Send the keys", Due: due)).IsOverdue(Today));

    [Fact]
    public void What_is_done_or_dropped_is_never_overdue()
    {
        var done = Create(new("Send the keys", Due: "2026-01-01"));
        done.Finish("sent by mail", "ana@example.com", Noon);
        var dropped = Create(new("Send the keys", Due: "2026-01-01"));
        dropped.Drop("they have them", "ana@example.com", Noon);
        Assert.False(done.IsOverdue(Today) || dropped.IsOverdue(Today));
    }

    [Fact]
    public void Finishing_needs_proof_and_dropping_needs_a_reason()
    {
        var item = Create(new("Send the keys"));
        Assert.Equal(["evidence"], Assert.Throws<FieldsRefused>(() => item.Finish("  ", "ana@example.com", Noon)).Errors.Keys);
        Assert.Equal(["reason"], Assert.Throws<FieldsRefused>(() => item.Drop(null, "ana@example.com", Noon)).Errors.Keys);
        Assert.Equal(ActionState.Open, item.State);

        item.Finish(" https://example.com/mail/1 ", "ana@example.com", Noon);
        Assert.Equal((ActionState.Done, "https://example.com/mail/1", "ana@example.com", Noon), (item.State, item.Evidence, item.DoneBy, item.DoneAt));
    }

    [Fact]
    public void What_has_ended_is_left_alone_until_it_is_reopened()
    {
        var item = Create(new("Send the keys"));
        Assert.Throws<RuleBroken>(item.Reopen);
        item.Drop("not needed", "ana@example.com", Noon);
        Assert.Contains("dropped", Assert.Throws<RuleBroken>(() => item.Finish("sent", "ana@example.com", Noon)).Message, StringComparison.Ordinal);
        Assert.Throws<RuleBroken>(() => item.Change(new("Other")));

        item.Reopen();
        Assert.Equal((ActionState.Open, "", null, null), (item.State, item.Evidence, item.DoneBy, item.DoneAt));
        item.Finish("sent", "li@example.com", Noon);
        Assert.Equal(ActionState.Done, item.State);
    }

    [Fact]
    public void A_change_touches_only_what_it_names_and_an_empty_text_clears()
    {
        var item = Create(new("Send the keys", "ana@example.com", "partner", "2026-04-01"));
        item.Change(new(Owner: "", Due: ""));
        Assert.Equal(("Send the keys", null, Side.Partner, null), (item.Text, item.Owner, item.Side, item.Due));
        Assert.Throws<FieldsRefused>(() => item.Change(new(Text: "")));
    }

    [Fact]
    public void The_same_cause_has_the_same_key_and_a_person_has_none()
    {
        Assert.Equal("mismatch:4711", new ActionSource(ActionCause.Mismatch, "4711", "Calls", "/x").Key);
        Assert.Equal(new ActionSource(ActionCause.NoGo, "1").Key, new ActionSource(ActionCause.NoGo, "1", "Another title").Key);
        Assert.Null(ActionSource.Person.Key);
    }

    private static ActionItem Create(ActionDraft draft) => ActionItem.Create(Guid.NewGuid(), Guid.NewGuid(), draft, ActionSource.Person, "ana@example.com", Noon);
}
