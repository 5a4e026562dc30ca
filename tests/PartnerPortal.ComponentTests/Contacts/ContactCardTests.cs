using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Web.Contacts;

namespace PartnerPortal.ComponentTests.Contacts;

public sealed class ContactCardTests : BunitContext
{
    private static readonly DateTimeOffset Night = new(2026, 11, 23, 2, 12, 0, TimeSpan.Zero);

    public ContactCardTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void At_night_the_card_says_that_a_person_sleeps_and_when_they_come()
    {
        var card = Show(Enter(new("Åsa", "partner", Phone: "+46812345678", TimeZone: "Europe/Stockholm", Hours: "mon-fri 09:00-17:00")));
        Assert.Contains("03:12 there, asleep", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Away until 09:00", card.Markup, StringComparison.Ordinal);
        Assert.Equal("tel:+46812345678", card.Find("a[href^=tel]").GetAttribute("href"));
    }

    [Fact]
    public void A_desk_that_is_always_there_needs_no_zone()
    {
        var card = Show(Enter(new("Desk", "partner", "desk", Hours: "24/7")));
        Assert.Contains("Always there", card.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("there, asleep", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_call_one_tap_says_how_it_went()
    {
        AttemptOutcome? said = null;
        var card = Show(Enter(new("Bo", "partner", Phone: "+46812345678")), c => c.Add(x => x.MayRespond, true).Add(x => x.OnAttempt, o => said = o));
        Assert.Empty(card.FindAll("[role=group]"));
        card.Find("a[href^=tel]").Click();
        card.FindAll("[role=group] button").Single(b => b.TextContent == "Wrong number").Click();
        Assert.Equal(AttemptOutcome.WrongNumber, said);
        Assert.Empty(card.FindAll("[role=group]"));
    }

    [Fact]
    public void Somebody_who_only_reads_sees_no_verbs()
    {
        var card = Show(Enter(new("Bo", "partner", Phone: "+46812345678")));
        Assert.Empty(card.FindAll("button"));
        Assert.Empty(card.FindAll("a[href$=edit]"));
    }

    [Fact]
    public void The_first_cannot_be_tried_earlier_and_moving_names_the_new_place()
    {
        var moved = 0;
        var contact = Enter(new("Bo", "partner"));
        TryOrder.Move([contact], contact, 1);
        var card = Show(contact, c => c.Add(x => x.MayEdit, true).Add(x => x.First, true).Add(x => x.OnMove, place => moved = place));
        Assert.True(card.Find("[aria-label='Try Bo earlier']").HasAttribute("disabled"));
        card.Find("[aria-label='Try Bo later']").Click();
        Assert.Equal(2, moved);
    }

    [Fact]
    public void An_old_confirmation_asks_for_a_new_one()
    {
        var contact = Enter(new("Bo", "partner"));
        contact.Confirm("ana@example.com", Night.AddDays(-10));
        Assert.DoesNotContain(Show(contact, c => c.Add(x => x.MayEdit, true)).FindAll("button"), b => b.TextContent == "It works");
        contact.Confirm("ana@example.com", Night.AddDays(-200));
        Assert.Single(Show(contact, c => c.Add(x => x.MayEdit, true)).FindAll("button"), b => b.TextContent == "It works");
    }

    private static Contact Enter(ContactDraft draft) => Contact.Enter(Guid.Empty, draft, [], Night);

    private IRenderedComponent<ContactCard> Show(Contact contact, Action<ComponentParameterCollectionBuilder<ContactCard>>? more = null) =>
        Render<ContactCard>(c =>
        {
            c.Add(x => x.Contact, contact).Add(x => x.Slug, "tunes").Add(x => x.Now, Night);
            more?.Invoke(c);
        });
}
