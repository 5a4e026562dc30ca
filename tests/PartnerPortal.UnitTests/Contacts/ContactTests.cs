using System.Globalization;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.UnitTests.Contacts;

public sealed class ContactTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 2, 12, 0, TimeSpan.Zero);

    [Fact]
    public void A_contact_needs_a_name_and_a_side_and_nothing_else()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Enter(new()));
        Assert.Equal(["name", "side"], refused.Errors.Keys.Order());
        Assert.Equal(ContactKind.Person, Enter(new("Åsa", "partner")).Kind);
    }

    [Fact]
    public void Every_wrong_field_has_its_own_sentence()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Enter(
            new("Åsa", "theirs", "robot", Phone: "08 123", Email: "asa", TimeZone: "CET+1", Hours: "nights", Order: 0)));
        Assert.Equal(["email", "hours", "kind", "order", "phone", "side", "timeZone"], refused.Errors.Keys.Order());
        Assert.All(refused.Errors.Values, sentences => Assert.EndsWith(".", Assert.Single(sentences), StringComparison.Ordinal));
    }

    [Fact]
    public void Zones_are_kept_in_their_own_spelling() =>
        Assert.Equal("Europe/Stockholm", Enter(new("Åsa", "partner", TimeZone: "europe/stockholm")).TimeZone);

    [Fact]
    public void Two_contacts_of_one_name_have_different_short_names()
    {
        Assert.Equal("asa", Enter(new("Åsa", "partner")).Slug);
        Assert.Equal("asa-3", Enter(new("Åsa", "ours"), ["asa", "asa-2"]).Slug);
        Assert.Equal(new string('a', 58) + "-2", Enter(new(new string('a', 60), "ours"), [new string('a', 60)]).Slug);
    }

    [Fact]
    public void A_new_number_is_not_confirmed_yet()
    {
        var contact = Enter(new("Åsa", "partner", Phone: "+46812345678"));
        contact.Attempted(AttemptOutcome.Reached, "ana@example.com", At);
        Assert.Equal(At, contact.ConfirmedAt);

        contact.Change(new(Role: "on call"));
        Assert.Equal(At, contact.ConfirmedAt);

        contact.Change(new(Phone: "+46812345679"));
        Assert.Null(contact.ConfirmedAt);
        Assert.Null(contact.LastAttempt);
    }

    [Fact]
    public void A_wrong_number_ends_the_confirmation_and_voicemail_does_not()
    {
        var contact = Enter(new("Åsa", "partner"));
        contact.Confirm("ana@example.com", At);
        contact.Attempted(AttemptOutcome.Voicemail, "li@example.com", At);
        Assert.Equal(At, contact.ConfirmedAt);
        contact.Attempted(AttemptOutcome.WrongNumber, "li@example.com", At);
        Assert.Null(contact.ConfirmedAt);
        Assert.Equal(new ContactAttempt(AttemptOutcome.WrongNumber, "li@example.com", At), contact.LastAttempt);
    }

    [Fact]
    public void An_empty_text_clears_a_field_and_an_absent_one_stays()
    {
        var contact = Enter(new("Åsa", "partner", Phone: "+46812345678", Notes: "customer id 4711"));
        contact.Change(new(Phone: ""));
        Assert.Null(contact.Phone);
        Assert.Equal("customer id 4711", contact.Notes);
    }

    [Fact]
    public void Nobody_changes_sides()
    {
        var contact = Enter(new("Åsa", "partner"));
        Assert.Contains("side", Assert.Throws<FieldsRefused>(() => contact.Change(new(Side: "ours"))).Errors.Keys);
        contact.Change(new(Side: "partner", Role: "desk lead"));
        Assert.Equal("desk lead", contact.Role);
    }

    [Fact]
    public void A_removed_contact_is_left_alone_until_it_is_back()
    {
        var contact = Enter(new("Åsa", "partner"));
        contact.Remove(At);
        Assert.Throws<RuleBroken>(() => contact.Change(new(Role: "x")));
        Assert.Throws<RuleBroken>(() => contact.Confirm("ana@example.com", At));
        Assert.Throws<RuleBroken>(() => contact.Attempted(AttemptOutcome.Reached, "ana@example.com", At));
        contact.Restore();
        contact.Change(new(Role: "x"));
    }

    [Fact]
    public void At_twelve_past_three_a_person_is_asleep_and_a_desk_is_not()
    {
        var person = Enter(new("Åsa", "partner", TimeZone: "Europe/Stockholm", Hours: "mon-fri 09:00-17:00")).Moment(At);
        Assert.Equal("03:12", person.LocalTime!.Value.ToString("HH:mm", CultureInfo.InvariantCulture));
        Assert.Equal(Presence.Away, person.Presence);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero), person.Next);
        Assert.True(person.Asleep);

        Assert.False(Enter(new("Desk", "partner", "desk", TimeZone: "Europe/Stockholm", Hours: "mon-fri 09:00-17:00")).Moment(At).Asleep);
        Assert.False(Enter(new("Bo", "partner", TimeZone: "Europe/Stockholm", Hours: "daily 00:00-08:00")).Moment(At).Asleep);
    }

    [Fact]
    public void Hours_without_a_zone_say_nothing_unless_they_are_always()
    {
        Assert.Equal(Presence.Unknown, Enter(new("Åsa", "partner", Hours: "mon-fri 09:00-17:00")).Moment(At).Presence);
        Assert.Equal(Presence.Unknown, Enter(new("Åsa", "partner", TimeZone: "UTC")).Moment(At).Presence);
        Assert.Equal(Presence.AtWork, Enter(new("Desk", "partner", "desk", Hours: "24/7")).Moment(At).Presence);
    }

    internal static Contact Enter(ContactDraft draft, params string[] taken) => Contact.Enter(Guid.Empty, draft, taken, At);
}
