using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ShippedTemplatesTests
{
    private static readonly Checklist Screening = Of("screening");
    private static readonly Checklist Initial = Of("initial-technical-review");
    private static readonly Checklist Readiness = Of("production-readiness");

    /// <summary>Every template that comes with the portal.</summary>
    public static TheoryData<string> Slugs => [.. ShippedTemplates.All.Select(t => t.Slug)];

    [Fact]
    public void Three_templates_come_with_the_portal_and_say_which_gate_they_open() =>
        Assert.Equal(
            [("initial-technical-review", Phase.BeforeContract), ("production-readiness", Phase.BeforeProduction), ("screening", null)],
            ShippedTemplates.All.Select(t => (t.Slug, t.Content.Proves)));

    [Fact]
    public void Each_is_as_long_as_its_purpose_bears()
    {
        Assert.Equal(12, Screening.Items.Count());
        Assert.InRange(Initial.Items.Count(), 45, 100);
        Assert.InRange(Readiness.Items.Count(), 38, 50);
    }

    [Fact]
    public void The_initial_technical_review_covers_every_subject()
    {
        string[] subjects = ["performance", "errors", "limits", "authentication", "sandbox", "testing", "metrics", "security", "support", "change-notice", "exit"];
        Assert.Empty(subjects.Except(Initial.Sections.Select(s => s.Key)));
        Assert.All(Initial.Sections, s => Assert.True(s.Items.Count >= 2, s.Title));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_item_says_why_it_matters_and_what_a_good_answer_looks_like(string slug)
    {
        Assert.All(Of(slug).Items, item =>
        {
            Assert.True(item.Why.Length > 60, $"{item.Key}: {item.Why}");
            Assert.True(item.Good.Length > 60, $"{item.Key}: {item.Good}");
            Assert.True(item.Question.Length <= 160, $"{item.Key}: {item.Question.Length} characters");
            Assert.EndsWith("?", item.Question, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Most_good_answers_name_a_figure() =>
        Assert.True(Initial.Items.Count(i => i.Good.Any(char.IsDigit)) >= Initial.Items.Count() * 0.6);

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Within_a_section_what_stops_a_partnership_comes_first(string slug) =>
        Assert.All(Of(slug).Sections, s => Assert.Equal(s.Items.OrderBy(i => i.Severity).Select(i => i.Key), s.Items.Select(i => i.Key)));

    [Fact]
    public void Both_sides_have_questions_to_answer()
    {
        foreach (var who in Enum.GetValues<Answerer>())
        {
            Assert.True(Initial.Items.Count(i => i.Who == who) >= 8, who.ToString());
        }
    }

    // Answers of reviews that were started from the first edition refer to these keys.
    [Fact]
    public void No_key_of_the_first_edition_was_lost()
    {
        string[] first =
        [
            "journeys-covered", "engineers-walked-through", "way-of-working-accepted", "countries-and-currencies", "comparable-customer",
            "our-peak", "capacity-proved", "latency-agreed", "latency-fits-our-budget", "availability-agreed", "traffic-shape",
            "their-calls-to-us", "network-path", "payload-sizes", "freshness", "rate-limits-written", "limit-reply", "limit-raise",
            "quotas-and-cost", "time-and-size-limits", "sandbox-exists", "test-accounts", "test-purchases", "sandbox-same-as-production",
            "sandbox-faults", "sandbox-support", "fake-allowed", "checks-allowed", "contract-document", "fake-feasible", "parity-proved",
            "test-traffic-marked", "builds-without-secrets", "idempotency", "unknown-outcome", "our-fallback", "error-catalogue",
            "retry-rules", "time-outs-ordered", "request-ids", "callback-delivery", "rotation-without-outage", "standard-method",
            "token-service", "keys-per-environment", "callbacks-signed", "addresses-and-certificates", "data-sent", "breach-notice",
            "certified", "storage-and-deletion", "transport", "fraud-rules", "our-counters", "metrics-exposed", "metrics-content",
            "counts-reconciled", "metrics-survive", "call-out-of-hours", "escalation-path", "severities-shared", "they-tell-us-first",
            "follow-up", "our-operations-ready", "drill", "joint-days", "direct-channel", "breaking-changes", "what-is-breaking",
            "maintenance-notice", "one-address", "releases-visible", "our-changes-announced", "end-notice", "data-back", "replaceable",
            "users-after-the-end", "deletion-at-the-end",
        ];
        Assert.Equal(78, first.Length);
        Assert.Empty(first.Except(Initial.Items.Select(i => i.Key)));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_subject_of_a_target_has_a_figure_of_each_side(string slug) =>
        Assert.All(Of(slug).Items.Where(i => i.Target is not null).GroupBy(i => TargetTerms.Normal(i.Target!.Subject)), pair => Assert.True(
            pair.Any(i => i.Who == Answerer.Both) || (pair.Any(i => i.Who == Answerer.Us) && pair.Any(i => i.Who == Answerer.Partner)), pair.Key));

    [Fact]
    public void A_subject_means_the_same_in_every_template() =>
        Assert.All(ShippedTemplates.All.SelectMany(t => t.Content.Items).Select(i => i.Target).OfType<TargetTerms>().GroupBy(t => TargetTerms.Normal(t.Subject)), same => Assert.Single(same.Distinct()));

    [Fact]
    public void The_figures_that_decide_a_partnership_are_asked_of_both_sides() =>
        Assert.True(Initial.Items.Where(i => i.Target is not null).Select(i => i.Target!.Subject).Distinct().Count() >= 9);

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Conditions_ask_for_options_that_can_be_chosen(string slug)
    {
        foreach (var condition in Of(slug).Items.Where(i => i.ShownWhen.Length > 0).Select(i => ItemCondition.Parse(i.ShownWhen)))
        {
            var literals = condition.Text.Split('"').Where((_, at) => at % 2 == 1);
            var options = condition.Mentions.SelectMany(m => Of(slug).Find(m)!.Options);
            Assert.Empty(literals.Except(options, StringComparer.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Until_the_parts_are_settled_every_question_is_shown() =>
        Assert.All(Initial.Items.Where(i => i.ShownWhen.Length > 0), i => Assert.True(ItemCondition.Parse(i.ShownWhen).Holds(_ => null), i.Key));

    [Fact]
    public void Without_callbacks_nobody_is_asked_about_them()
    {
        static SaidAnswer? Answer(string key) => key == "service-parts" ? new(AnswerState.Passed, "Reading data\nFiles") : null;

        Assert.False(ItemCondition.Parse(Initial.Find("callbacks-signed")!.ShownWhen).Holds(Answer));
        Assert.True(ItemCondition.Parse(Initial.Find("their-calls-to-us")!.ShownWhen).Holds(Answer));
    }

    [Fact]
    public void A_self_service_provider_is_asked_for_substitutes_instead_of_what_it_never_gives()
    {
        var asked = Initial.Items.Where(i => i.Tiers.Count == 0 || i.Tiers.Contains(Tier.SelfService)).Select(i => i.Key).ToHashSet();

        Assert.Empty(asked.Intersect(["metrics-exposed", "metrics-content", "joint-days", "direct-channel", "call-out-of-hours"]));
        Assert.Superset(new HashSet<string> { "status-feed-and-counters", "remote-session", "self-service-support" }, asked);
        Assert.DoesNotContain(Initial.Items, i => i.Good.Contains("self-service provider passes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(99.95, "A")]
    [InlineData(99.9, "A")]
    [InlineData(99.5, "B")]
    [InlineData(97, "C")]
    public void The_promised_availability_chooses_the_level(double promised, string level) =>
        Assert.Equal(level, Readiness.Scale!.Of((decimal)promised)!.Name);

    [Fact]
    public void A_stricter_level_binds_more_items()
    {
        var scale = Readiness.Scale!;
        var bound = scale.Levels.Select(l => Readiness.Items.Count(i => scale.Binds(i.Level, l))).ToList();

        Assert.Equal(bound.OrderDescending(), bound);
        Assert.Equal(3, bound.Distinct().Count());
        Assert.Equal(Readiness.Items.Count(), bound[0]);
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_template_survives_being_edited_without_a_change(string slug) =>
        Assert.Equal(Text(Of(slug)), Text(ChecklistDraft.From(slug, Of(slug)).Checked()));

    private static string Text(Checklist content) => System.Text.Json.JsonSerializer.Serialize(content);

    private static Checklist Of(string slug) => ShippedTemplates.All.Single(t => t.Slug == slug).Content;
}
