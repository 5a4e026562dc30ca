using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ShippedTemplatesTests
{
    private static readonly Checklist Initial = ShippedTemplates.All.Single(t => t.Slug == "initial-technical-review").Content;

    [Fact]
    public void The_initial_technical_review_covers_every_subject_with_at_least_forty_items()
    {
        Assert.True(Initial.Items.Count() >= 45);
        string[] subjects = ["performance", "errors", "limits", "authentication", "sandbox", "testing", "metrics", "security", "support", "change-notice", "exit"];
        Assert.Empty(subjects.Except(Initial.Sections.Select(s => s.Key)));
        Assert.All(Initial.Sections, s => Assert.True(s.Items.Count >= 2, s.Title));
    }

    [Fact]
    public void Every_item_says_why_it_matters_and_what_a_good_answer_looks_like()
    {
        Assert.All(Initial.Items, item =>
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

    [Fact]
    public void Within_a_section_what_stops_a_partnership_comes_first() =>
        Assert.All(Initial.Sections, s => Assert.Equal(s.Items.OrderBy(i => i.Severity).Select(i => i.Key), s.Items.Select(i => i.Key)));

    [Fact]
    public void Both_sides_have_questions_to_answer()
    {
        foreach (var who in Enum.GetValues<Answerer>())
        {
            Assert.True(Initial.Items.Count(i => i.Who == who) >= 8, who.ToString());
        }
    }
}
