using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public sealed class GuestCardsTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChecklistItem Item = new("sandbox", "Is there a sandbox?", Answerer.Both, Severity.Blocker, ItemKind.YesNo, "", "Builds need it.", "One a developer.");
    private static readonly Checklist List = new("Small", "", [new("all", "All", "", [Item])]);
    private static readonly Guid Review = Guid.NewGuid();
    private static readonly PresentPerson Ana = new(Review, Guid.NewGuid(), Guid.NewGuid(), "Ana Alvarez", null, "sandbox");
    private static readonly PresentPerson Li = new(Review, Guid.NewGuid(), Guid.NewGuid(), "Li Wei", Guid.NewGuid(), "sandbox");

    public GuestCardsTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void A_guest_reads_what_was_said_but_neither_by_whom_nor_how_grave_it_is()
    {
        var card = Render<GuestAnswerCard>(p => p.Add(c => c.Item, Item).Add(c => c.Href, "/x").Add(c => c.State, AnswerState.Failed).Add(c => c.Answer, Said("No sandbox."))
            .Add(c => c.Me, "li@theirs.example").Add(c => c.Company, "ours.example").Add(c => c.Present, [Ana]));

        Assert.Contains("No sandbox.", card.Markup, StringComparison.Ordinal);
        Assert.Contains("ours.example is here", card.Markup, StringComparison.Ordinal);
        Assert.All(new[] { "ana@", "Ana", "Alvarez", "blocker", "severity" }, word => Assert.DoesNotContain(word, card.Markup, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void An_unanswered_item_says_why_it_is_asked_and_what_a_good_answer_looks_like()
    {
        var card = Render<GuestAnswerCard>(p => p.Add(c => c.Item, Item).Add(c => c.Href, "/x"));

        Assert.Contains("Builds need it.", card.Markup, StringComparison.Ordinal);
        Assert.Contains("One a developer.", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conflict_tells_a_guest_no_name()
    {
        var card = Render<ConflictCard>(p => p.Add(c => c.Conflict, new AnswerConflict(new("failed", Comment: "mine"), Said("theirs"))).Add(c => c.Me, "li@theirs.example").Add(c => c.Company, "ours.example"));

        Assert.DoesNotContain("ana@", card.Markup, StringComparison.Ordinal);
        Assert.Contains("somebody else", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void We_see_a_guest_by_name_as_the_partners_engineer_and_a_guest_sees_us_as_the_company()
    {
        Assert.Equal(["Ana Alvarez", "Li Wei (partner’s engineer)"], PresenceNames.Of([Ana, Li], null).Select(s => s.Name));
        Assert.Equal(["ours.example", "Li Wei"], PresenceNames.Of([Ana, Li], "ours.example").Select(s => s.Name));
    }

    [Fact]
    public void Two_pages_of_one_person_are_one_and_two_of_ours_are_one_company()
    {
        Assert.Single(PresenceNames.Of([Ana, Ana with { Seat = Guid.NewGuid() }, Ana with { Seat = Guid.NewGuid(), Item = null }], null));
        Assert.Single(PresenceNames.Of([Ana, Ana with { Seat = Guid.NewGuid(), PersonId = Guid.NewGuid(), Name = "Bo" }], "ours.example"));
    }

    [Fact]
    public void A_mark_shows_only_who_is_in_its_item()
    {
        Assert.Contains("Ana Alvarez is here", Render<PresenceMark>(p => p.Add(m => m.Present, [Ana]).Add(m => m.Item, "sandbox")).Markup, StringComparison.Ordinal);
        Assert.Equal("", Render<PresenceMark>(p => p.Add(m => m.Present, [Ana]).Add(m => m.Item, "peak")).Markup.Trim());
    }

    [Theory]
    [InlineData("ana@ours.example", "ours.example")]
    [InlineData(null, "The other side")]
    [InlineData("portal", "The other side")]
    public void The_company_is_named_after_the_address_of_who_invited(string? email, string company) => Assert.Equal(company, GuestDesk.CompanyOf(email));

    private static Answer Said(string comment) =>
        Domain.Reviews.Review.Start(Guid.NewGuid(), Guid.NewGuid(), Domain.Partners.Tier.Standard, ChecklistTemplate.Create("small", List, false, Noon).Versions[0], "ana@ours.example", Noon)
            .Record(List, "sandbox", new("failed", Comment: comment), 1, new Actor(null, "ana@ours.example", Role.Engineer), Noon);
}
