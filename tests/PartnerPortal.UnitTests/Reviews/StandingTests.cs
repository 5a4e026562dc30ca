using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class StandingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ana = new(Guid.NewGuid(), "ana@example.com", Role.Engineer);
    private static readonly Actor Max = new(Guid.NewGuid(), "max@example.com", Role.Manager);
    private static readonly ChecklistItem Plain = new("plain", "Is it so?", Answerer.Both, Severity.Major, ItemKind.YesNo, "", "", "");

    [Fact]
    public void An_answer_is_stale_from_the_day_on_which_its_freshness_ends_and_counts_as_not_passed()
    {
        var list = List(Plain with { FreshForDays = 30 });
        var review = Start(list);
        review.Record(list, "plain", new("passed"), 1, Ana, Noon);

        var before = At(review, list, Noon.AddDays(30).AddTicks(-1));
        Assert.Equal((AnswerState.Passed, 1, 1.0), (before["plain"].State, before.Progress.Answered, before.Progress.PassRate));
        var after = At(review, list, Noon.AddDays(30));
        Assert.Equal((AnswerState.Stale, 0, 0.0, 1), (after["plain"].State, after.Progress.Answered, after.Progress.PassRate, after.Progress.Stale));
    }

    [Fact]
    public void A_pass_whose_evidence_cannot_be_read_is_in_error_until_it_is_said_anew()
    {
        var list = List(Plain);
        var review = Start(list);
        var answer = review.Record(list, "plain", new("passed", Evidence: ["https://wiki.example.com/a"]), 1, Ana, Noon);

        answer.NoteEvidence("https://wiki.example.com/a answered 404.", Noon);
        Assert.Equal(AnswerState.InError, At(review, list, Noon)["plain"].State);
        Assert.Equal(0, At(review, list, Noon).Progress.Answered);

        review.Record(list, "plain", new("passed", Evidence: ["https://wiki.example.com/b"]), 2, Ana, Noon);
        Assert.Equal(AnswerState.Passed, At(review, list, Noon)["plain"].State);
    }

    [Fact]
    public void What_the_tier_or_a_condition_leaves_out_is_neither_counted_nor_answerable()
    {
        var list = List(
            Plain,
            Plain with { Key = "visit", Tiers = [Tier.Strategic] },
            Plain with { Key = "why-not", ShownWhen = "plain is failed" });
        var review = Start(list);

        Assert.Equal(1, At(review, list, Noon).Progress.Items);
        Assert.Throws<NotThere>(() => review.Record(list, "visit", new("passed"), 1, Ana, Noon));
        Assert.Throws<NotThere>(() => review.Record(list, "why-not", new("passed"), 1, Ana, Noon));

        review.Record(list, "plain", new("failed"), 1, Ana, Noon);
        Assert.Equal(2, At(review, list, Noon).Progress.Items);
        review.Record(list, "why-not", new("warning"), 1, Ana, Noon);
    }

    [Fact]
    public void A_condition_hears_nothing_of_items_that_are_hidden_themselves()
    {
        var list = List(Plain, Plain with { Key = "second", ShownWhen = "plain" }, Plain with { Key = "third", ShownWhen = "second" });
        var review = Start(list);
        review.Record(list, "plain", new("passed"), 1, Ana, Noon);
        review.Record(list, "second", new("passed"), 1, Ana, Noon);
        Assert.Equal(3, At(review, list, Noon).Progress.Items);

        review.Record(list, "plain", new("failed"), 2, Ana, Noon);
        Assert.Equal(1, At(review, list, Noon).Progress.Items);
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("99.99", true, true)]
    [InlineData("99.5", false, true)]
    [InlineData("95", false, false)]
    public void The_promised_availability_decides_what_binds(string? promised, bool bindsA, bool bindsB)
    {
        var list = List(
            Plain with { Key = "promise", Kind = ItemKind.Number, Unit = "%" },
            Plain with { Key = "for-a", Level = "A" },
            Plain with { Key = "for-b", Level = "B" }) with
        { Scale = new("promise", [new("A", 99.95m, ""), new("B", 99m, ""), new("C", 0m, "")]) };
        var review = Start(list);
        if (promised is not null)
        {
            review.Record(list, "promise", new("passed", promised), 1, Ana, Noon);
        }

        var standings = At(review, list, Noon);
        Assert.Equal((bindsA, bindsB), (standings["for-a"].Binds, standings["for-b"].Binds));
        Assert.Equal(3, standings.Progress.Items);
        Assert.Equal(1 + (bindsA ? 1 : 0) + (bindsB ? 1 : 0), standings.Progress.Counting);
    }

    [Fact]
    public void A_waiver_needs_two_people_and_ends_on_its_last_day()
    {
        var list = List(Plain with { Severity = Severity.Blocker });
        var review = Start(list);
        review.Record(list, "plain", new("failed"), 1, Ana, Noon);
        var waiver = Waiver.Request(review.PartnerId, review.IntegrationId, WaiverArea.ReviewItem, "list/plain", "Is it so?", new("They mend it in April.", new DateOnly(2026, 4, 30)), Ana, Noon);

        Assert.True(Stands(Noon)["plain"].Blocks);
        Assert.Throws<RuleBroken>(() => waiver.Approve(Ana, Noon));
        waiver.Approve(Max, Noon);
        Assert.False(Stands(Noon)["plain"].Blocks);
        Assert.Equal((0, 1), (Stands(Noon).Progress.Counting, Stands(Noon).Progress.Waived));
        Assert.False(Stands(new(2026, 4, 30, 23, 59, 0, TimeSpan.Zero))["plain"].Blocks);
        Assert.True(Stands(new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero))["plain"].Blocks);
        Assert.Throws<RuleBroken>(() => waiver.Approve(Max, Noon));

        Standings Stands(DateTimeOffset at) => review.StandingsAt(list, key => key == "plain" ? waiver : null, at);
    }

    [Theory]
    [InlineData("", "2026-04-30", "reason")]
    [InlineData("because", null, "until")]
    [InlineData("because", "2026-03-01", "until")]
    [InlineData("because", "2027-12-31", "until")]
    public void A_waiver_needs_a_reason_and_a_last_day_within_a_year(string reason, string? until, string field)
    {
        var draft = new WaiverDraft(reason, until is null ? null : DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture));

        var refused = Assert.Throws<FieldsRefused>(() => Waiver.Request(Guid.NewGuid(), Guid.NewGuid(), WaiverArea.ReviewItem, "a/b", "?", draft, Ana, Noon));

        Assert.Equal([field], refused.Errors.Keys);
    }

    [Fact]
    public void However_answers_come_the_two_numbers_stay_between_none_and_all()
    {
        string[] states = ["not answered", "passed", "failed", "warning", "not applicable"];
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4]).List[0, 40].Sample(said =>
        {
            var list = List([.. Enumerable.Range(0, 10).Select(i => Plain with { Key = $"i{i}", ShownWhen = i is 0 or 5 ? "" : $"i{i - 1} is not applicable or i{i - 1}", FreshForDays = i % 3 == 0 ? 10 : null })]);
            var review = Start(list);
            foreach (var ((item, state), n) in said.Select((s, n) => (s, n)))
            {
                var key = $"i{item}";
                if (At(review, list, Noon)[key].Asked)
                {
                    review.Record(list, key, new(states[state], Comment: "because"), review.Answers.FirstOrDefault(a => a.Key == key)?.Version ?? 1, Ana, Noon.AddDays(n));
                }
            }

            var progress = At(review, list, Noon.AddDays(20)).Progress;
            Assert.InRange(progress.AnsweredShare, 0, 1);
            Assert.InRange(progress.PassRate ?? 0, 0, 1);
            Assert.True(progress.Passed <= progress.Answered);
            Assert.True(progress.Counting <= progress.Items);
        });
    }

    private static Checklist List(params ChecklistItem[] items) => new("List", "", [new("all", "All", "", items)]);

    private static Review Start(Checklist list) =>
        Review.Start(Guid.NewGuid(), Guid.NewGuid(), Tier.Standard, ChecklistTemplate.Create("list", list, false, Noon).Versions[0], Ana.Name, Noon);

    private static Standings At(Review review, Checklist list, DateTimeOffset at) => review.StandingsAt(list, _ => null, at);
}
