using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ReviewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ana = new(Guid.NewGuid(), "ana@example.com", Role.Engineer);
    private readonly ChecklistTemplate _template = ChecklistTemplate.Create("small", Small(), shipped: false, Noon);
    private readonly Review _review;

    public ReviewTests() => _review = Review.Start(Guid.NewGuid(), Guid.NewGuid(), Tier.Standard, _template.Versions[0], Ana.Name, Noon);

    [Fact]
    public void An_answer_keeps_what_was_said_by_whom_and_when()
    {
        var answer = Say("peak", new("passed", "120.50", " agreed on the call ", ["https://wiki.example.com/peak"]));

        Assert.Equal(AnswerState.Passed, answer.State);
        Assert.Equal("120.50", answer.Value);
        Assert.Equal("agreed on the call", answer.Comment);
        Assert.Equal(["https://wiki.example.com/peak"], answer.Evidence);
        Assert.Equal(("ana@example.com", Noon, 2), (answer.AnsweredBy, answer.AnsweredAt, answer.Version));
    }

    [Fact]
    public void Two_answers_from_the_same_version_end_in_a_conflict_that_shows_the_first()
    {
        Say("peak", new("passed", Comment: "mine"));

        var refused = Assert.Throws<ChangedMeanwhile>(() => Say("peak", new("failed", Comment: "yours"), version: 1));

        Assert.Equal("mine", Assert.IsType<Answer>(refused.Current).Comment);
        Assert.Equal(AnswerState.Passed, _review.StateOf("peak"));
    }

    [Fact]
    public void Not_applicable_needs_a_comment()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Say("fax", new("not applicable")));

        Assert.Contains("comment", refused.Errors.Keys);
        Assert.Equal(AnswerState.NotAnswered, _review.StateOf("fax"));
        Assert.Equal(AnswerState.NotApplicable, Say("fax", new("not-applicable", Comment: "they have no fax")).State);
    }

    [Theory]
    [InlineData("a lot")]
    [InlineData("1e3")]
    [InlineData("12 calls")]
    public void A_number_item_takes_numbers_only(string value)
    {
        var refused = Assert.Throws<FieldsRefused>(() => Say("peak", new("passed", value)));

        Assert.Contains("calls/s", refused.Errors["value"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_alone_is_valid_for_every_kind()
    {
        foreach (var key in new[] { "peak", "fax", "words" })
        {
            Assert.Equal(AnswerState.Warning, Say(key, new("warning")).State);
        }
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("wiki/page")]
    public void Evidence_is_a_web_address(string link)
    {
        var refused = Assert.Throws<FieldsRefused>(() => Say("peak", new("passed", Evidence: [link])));

        Assert.Contains("evidence[0]", refused.Errors.Keys);
    }

    [Fact]
    public void An_unknown_item_is_not_there() => Assert.Throws<NotThere>(() => Say("nothing", new("passed")));

    [Fact]
    public void A_guest_answers_what_the_partner_answers_and_sees_nothing_of_ours()
    {
        var guest = new Actor(Guid.NewGuid(), "bo@partner.example", Role.Guest);

        Assert.Throws<NotThere>(() => _review.Record(Small(), "peak", new("passed"), 1, guest, Noon));
        Assert.Equal("bo@partner.example", _review.Record(Small(), "fax", new("passed"), 1, guest, Noon).AnsweredBy);
    }

    [Fact]
    public void A_failed_blocker_refuses_go_with_its_question()
    {
        Say("peak", new("failed"));

        var refused = Assert.Throws<RuleBroken>(() => Conclude(new("go", Ana.Name)));

        Assert.Contains("How many calls a second?", refused.Message, StringComparison.Ordinal);
        Assert.Null(_review.Decision);
    }

    [Fact]
    public void A_resolved_blocker_allows_go_and_a_failed_minor_item_does_not_stand_in_the_way()
    {
        Say("peak", new("failed"));
        Say("peak", new("passed", Comment: "load-tested on 1 March"), version: 2);
        Say("fax", new("failed"));

        Conclude(new("go", Ana.Name));

        Assert.Equal(Verdict.Go, _review.Decision?.Verdict);
        Assert.Equal(Noon, _review.ConcludedAt);
    }

    [Fact]
    public void Figures_that_do_not_go_together_refuse_go_like_a_failed_blocker()
    {
        var standings = _review.StandingsAt(Small(), _ => null, Noon);

        var refused = Assert.Throws<RuleBroken>(() => _review.Conclude(standings, ["We plan 120 calls/s at peak, they allow 50."], new("go", Ana.Name), Noon));

        Assert.Contains("they allow 50", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_lists_the_blockers_that_were_open_when_it_was_signed()
    {
        Conclude(new("conditional go", Ana.Name, [new("Measure the peak", Ana.Name)]));

        Assert.Equal(["peak"], _review.Decision!.Blockers);
    }

    [Fact]
    public void A_pass_on_a_blocker_needs_something_written()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Say("peak", new("passed", "120")));

        Assert.Contains("comment", refused.Errors.Keys);
        Assert.Equal(AnswerState.Passed, Say("peak", new("passed", Evidence: ["https://wiki.example.com/peak"])).State);
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("in error")]
    public void Nobody_chooses_what_becomes_of_an_answer(string state) =>
        Assert.Contains("state", Assert.Throws<FieldsRefused>(() => Say("fax", new(state))).Errors.Keys);

    [Fact]
    public void An_undo_brings_back_what_was_said_before_as_a_new_version()
    {
        var first = AnswerVersion.Of(Say("fax", new("failed", Comment: "no fax")));
        Say("fax", new("passed", Comment: "found one"), version: 2);

        var undone = _review.Restore(Small(), "fax", first, 3, Ana, Noon);
        Assert.Equal((AnswerState.Failed, "no fax", 4, 2), (undone.State, undone.Comment, undone.Version, undone.Restores));

        var blank = _review.Restore(Small(), "fax", null, 4, Ana, Noon);
        Assert.Equal((AnswerState.NotAnswered, "", 5), (blank.State, blank.Comment, blank.Version));
    }

    [Fact]
    public void A_newer_version_keeps_answers_and_a_concluded_review_keeps_its_own()
    {
        Say("fax", new("passed"));
        var next = _template.Publish(Small() with { Title = "Second" }, shipped: false, Noon.AddDays(1));

        _review.MoveTo(next, Tier.Strategic);
        Assert.Equal((next.Id, Tier.Strategic, AnswerState.Passed), (_review.TemplateVersionId, _review.Tier, _review.StateOf("fax")));

        Conclude(new("no-go", Ana.Name));
        Assert.Throws<RuleBroken>(() => _review.MoveTo(_template.Versions[0], Tier.Standard));
    }

    [Fact]
    public void A_conditional_go_is_possible_with_a_failed_blocker_but_needs_a_condition()
    {
        Say("peak", new("failed"));

        var refused = Assert.Throws<FieldsRefused>(() => Conclude(new("conditional go", Ana.Name)));
        Assert.Contains("conditions", refused.Errors.Keys);

        Conclude(new("conditional go", Ana.Name, [new("Load test before launch", Ana.Name, new DateOnly(2026, 4, 1))]));
        Assert.Equal("Load test before launch", _review.Decision?.Conditions.Single().Text);
    }

    [Fact]
    public void Conditions_belong_to_a_conditional_go_only()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Conclude(new("no-go", Ana.Name, [new("something")])));

        Assert.Contains("no-go", refused.Errors["conditions"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_needs_a_signer()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Conclude(new("go", " ")));

        Assert.Contains("signer", refused.Errors.Keys);
    }

    [Fact]
    public void A_concluded_review_refuses_changes()
    {
        Conclude(new("no-go", Ana.Name, Reason: "no sandbox"));

        var answering = Assert.Throws<RuleBroken>(() => Say("peak", new("passed")));
        Assert.Contains("no-go on 2 March 2026", answering.Message, StringComparison.Ordinal);
        Assert.Throws<RuleBroken>(() => Conclude(new("go", Ana.Name)));
        Assert.Equal(Verdict.NoGo, _review.Decision?.Verdict);
    }

    [Fact]
    public void A_review_keeps_the_version_it_was_started_with()
    {
        var next = _template.Publish(Small() with { Title = "Small, second edition" }, shipped: false, Noon.AddDays(1));

        Assert.Equal(2, next.Number);
        Assert.Equal(_template.Versions[0].Id, _review.TemplateVersionId);
        Assert.Equal("Small", _review.Title);
        Assert.Equal("Small", _template.Versions[0].Content.Title);
    }

    private Answer Say(string key, AnswerDraft draft, int version = 1) => _review.Record(Small(), key, draft, version, Ana, Noon);

    private void Conclude(DecisionDraft draft) => _review.Conclude(_review.StandingsAt(Small(), _ => null, Noon), [], draft, Noon);

    private static Checklist Small() => new("Small", "", [
        new("load", "Load", "", [new("peak", "How many calls a second?", Answerer.Us, Severity.Blocker, ItemKind.Number, "calls/s", "", "")]),
        new("rest", "Rest", "", [
            new("fax", "Can we send a fax?", Answerer.Partner, Severity.Minor, ItemKind.YesNo, "", "", ""),
            new("words", "What do they call it?", Answerer.Both, Severity.Info, ItemKind.Text, "", "", "")])]);
}
