using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public sealed class AnswerFormTests : BunitContext
{
    private static readonly ChecklistItem Peak = new("our-peak", "How many?", Answerer.Us, Severity.Blocker, ItemKind.Number, "calls/s", "Because it matters.", "120 calls/s.");
    private static readonly ChecklistItem Fax = Peak with { Key = "fax", Kind = ItemKind.YesNo, Unit = "" };

    [Fact]
    public void The_editor_says_why_it_matters_and_what_a_good_answer_looks_like()
    {
        var form = Render<AnswerForm>(p => p.Add(f => f.Item, Fax));

        Assert.Equal(["Because it matters.", "120 calls/s."], form.FindAll("dd").Select(d => d.TextContent));
        Assert.Empty(form.FindAll("[name=value]"));
    }

    [Fact]
    public void A_number_has_a_field_with_its_unit()
    {
        var form = Render<AnswerForm>(p => p.Add(f => f.Item, Peak));

        Assert.Equal("decimal", form.Find("[name=value]").GetAttribute("inputmode"));
        Assert.Contains("in calls/s", form.Find("label[for=value-our-peak]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_is_one_button_and_the_chosen_one_is_pressed()
    {
        AnswerState? chosen = null;
        var form = Render<AnswerForm>(p => p.Add(f => f.Item, Fax).Add(f => f.State, AnswerState.Failed).Add(f => f.OnState, s => chosen = s));
        var buttons = form.FindAll(".states button[aria-pressed]");

        Assert.Equal(["false", "true", "false", "false"], buttons.Select(b => b.GetAttribute("aria-pressed")));
        buttons[3].Click();
        Assert.Equal(AnswerState.NotApplicable, chosen);
    }

    [Fact]
    public void The_script_finds_item_and_version_on_the_editor()
    {
        var form = Render<AnswerForm>(p => p.Add(f => f.Item, Peak).Add(f => f.Version, 7));

        Assert.Equal(("our-peak", "7"), (form.Find("[data-answer]").GetAttribute("data-answer"), form.Find("[data-answer]").GetAttribute("data-version")));
    }

    [Fact]
    public void A_refusal_stands_beside_the_fields_and_is_announced()
    {
        var form = Render<AnswerForm>(p => p.Add(f => f.Item, Fax).Add(f => f.Refusal, "Say why this does not apply.").Add(f => f.SavedNote, "Saved 12:03"));

        Assert.Equal("Say why this does not apply.", form.Find("[role=status] .form-error").TextContent);
        Assert.DoesNotContain("Saved 12:03", form.Markup, StringComparison.Ordinal);
        Assert.Equal("true", form.Find("[name=comment]").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Who_may_not_answer_reads_only()
    {
        var form = Render<AnswerForm>(p => p.Add(f => f.Item, Fax).Add(f => f.ReadOnly, true).Add(f => f.ReadOnlyReason, "This review is concluded."));

        Assert.Empty(form.FindAll("button, textarea, input"));
        Assert.Contains("This review is concluded.", form.Markup, StringComparison.Ordinal);
    }
}
