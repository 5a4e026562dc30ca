using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ReviewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ana = new(Guid.NewGuid(), "ana@example.com", Role.Engineer);
    private readonly ChecklistTemplate _template = ChecklistTemplate.Create("small", Small(), shipped: false, Noon);
    private readonly Review _review;

    public ReviewTests() => _review = Review.Start(Guid.NewGuid(), Guid.NewGuid(), _template.Versions[0], Ana.Name, Noon);

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
        Say("peak", new("passed"), version: 2);
        Say("fax", new("failed"));

        Conclude(new("go", Ana.Name));

        Assert.Equal(Verdict.Go, _review.Decision?.Verdict);
        Assert.Equal(Noon, _review.ConcludedAt);
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

    private void Conclude(DecisionDraft draft) => _review.Conclude(Small(), draft, Noon);

    private static Checklist Small() => new("Small", "", [
        new("load", "Load", "", [new("peak", "How many calls a second?", Answerer.Us, Severity.Blocker, ItemKind.Number, "calls/s", "", "")]),
        new("rest", "Rest", "", [
            new("fax", "Can we send a fax?", Answerer.Partner, Severity.Minor, ItemKind.YesNo, "", "", ""),
            new("words", "What do they call it?", Answerer.Both, Severity.Info, ItemKind.Text, "", "", "")])]);
}
