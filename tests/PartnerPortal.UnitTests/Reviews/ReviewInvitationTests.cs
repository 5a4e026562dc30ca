using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public sealed class ReviewInvitationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ana = new(Guid.NewGuid(), "ana@ours.example", Role.Engineer);
    private static readonly string Secret = AccessSecret.Make(AccessSecret.LinkPrefix);

    [Fact]
    public void It_holds_fourteen_days_when_nothing_else_is_said()
    {
        var invitation = Make();

        Assert.Equal(Noon.AddDays(14), invitation.ExpiresAt);
        Assert.Null(invitation.Refusal(Noon.AddDays(14).AddTicks(-1)));
        Assert.Contains("has run out. Ask ana@ours.example", invitation.Refusal(Noon.AddDays(14)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(90, true)]
    [InlineData(0, false)]
    [InlineData(91, false)]
    [InlineData(-5, false)]
    public void It_holds_one_to_ninety_days(int days, bool accepted)
    {
        var refused = Record.Exception(() => Make(days: days)) as FieldsRefused;

        Assert.Equal(accepted, refused is null);
        Assert.True(accepted || refused!.Errors.ContainsKey("days"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("li")]
    public void It_needs_a_mail_address(string? email) =>
        Assert.Contains("email", Assert.Throws<FieldsRefused>(() => Make(email)).Errors.Keys);

    [Fact]
    public void Only_the_hash_of_the_secret_is_kept() => Assert.Equal(AccessSecret.Hash(Secret), Make().Hash);

    [Fact]
    public void It_is_traded_once_and_opens_the_review_until_it_runs_out()
    {
        var (invitation, guest, session) = (Make(), Guid.NewGuid(), Guid.NewGuid());
        Assert.False(invitation.Opens(Noon));

        invitation.Trade(guest, session, Noon);

        Assert.Equal((guest, session), (invitation.TradedBy!.Value, invitation.SessionId!.Value));
        Assert.True(invitation.Opens(Noon.AddDays(13)));
        Assert.False(invitation.Opens(Noon.AddDays(14)));
        Assert.Contains("used on 2 March 2026, and it works once", Assert.Throws<RuleBroken>(() => invitation.Trade(guest, session, Noon)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Taken_back_it_can_neither_be_traded_nor_opens_what_it_opened()
    {
        var (unused, used) = (Make(), Make());
        used.Trade(Guid.NewGuid(), Guid.NewGuid(), Noon);
        unused.Revoke(Noon);
        used.Revoke(Noon);
        used.Revoke(Noon.AddDays(1));

        Assert.Contains("taken back", Assert.Throws<RuleBroken>(() => unused.Trade(Guid.NewGuid(), Guid.NewGuid(), Noon)).Message, StringComparison.Ordinal);
        Assert.False(used.Opens(Noon));
        Assert.Equal(Noon, used.RevokedAt);
    }

    [Fact]
    public void A_guests_session_may_rest_for_days_but_ends_with_the_invitation()
    {
        var guests = Session.Begin(Guid.NewGuid(), "li@theirs.example", "invitation", null, null, Noon, Noon.AddDays(3));

        Assert.True(guests.Holds(Noon.AddDays(2)));
        Assert.False(guests.Holds(Noon.AddDays(3)));
        Assert.False(Session.Begin(Guid.NewGuid(), "li@theirs.example", "invitation", null, null, Noon, Noon.AddDays(60)).Holds(Noon.AddDays(7)));
        Assert.False(Session.Begin(Guid.NewGuid(), "ana@ours.example", "password", null, null, Noon).Holds(Noon.AddDays(1)));
    }

    private static ReviewInvitation Make(string? email = "li@theirs.example", int? days = null) =>
        ReviewInvitation.For(Guid.NewGuid(), Guid.NewGuid(), new(email, days), Secret, Ana, Noon);
}
