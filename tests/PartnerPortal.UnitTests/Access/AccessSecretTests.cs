using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.UnitTests.Access;

public sealed class AccessSecretTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Admin = new(Guid.NewGuid(), "ana@example.com", Role.Administrator);

    [Fact]
    public void A_token_is_recognisable_long_and_never_the_same()
    {
        var made = Enumerable.Range(0, 1000).Select(_ => AccessSecret.Make(AccessSecret.TokenPrefix)).ToList();
        Assert.Equal(1000, made.Distinct().Count());
        Assert.All(made, t => Assert.Matches("^ppk_[A-Za-z0-9]{40}$", t));
        Assert.All(made, t => Assert.True(AccessSecret.Fits(t, AccessSecret.TokenPrefix)));
    }

    [Theory]
    [InlineData("ppk_12345678901234567890123456789012", true)]
    [InlineData("ppk_1234567890123456789012345678901", false)]
    [InlineData("ppl_12345678901234567890123456789012", false)]
    [InlineData("ppk_1234567890123456789012345678901 ", false)]
    [InlineData("ppk_123456789012345678901234567890\u00e9\u00e9", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_a_prefix_and_32_plain_characters_make_a_token(string? text, bool fits) =>
        Assert.Equal(fits, AccessSecret.Fits(text, AccessSecret.TokenPrefix));

    [Fact]
    public void A_token_keeps_a_hash_and_a_hint_but_not_the_secret()
    {
        var secret = AccessSecret.Make(AccessSecret.TokenPrefix);
        var token = ApiToken.Issue(new("build", ["read"]), secret, Admin.Id!.Value, null, Admin, Noon);
        Assert.Equal(32, token.Hash.Length);
        Assert.Equal(secret[..8] + "…", token.Hint);
        Assert.DoesNotContain(secret, System.Text.Json.JsonSerializer.Serialize(token), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_works_until_it_runs_out_or_is_revoked()
    {
        var token = ApiToken.Issue(new("build", ["read"], Noon.AddDays(1)), AccessSecret.Make("ppk_"), Guid.NewGuid(), null, Admin, Noon);
        Assert.True(token.Works(Noon));
        Assert.False(token.Works(Noon.AddDays(1)));
        token.Revoke(Noon);
        Assert.False(token.Works(Noon));
    }

    [Fact]
    public void A_token_without_name_scope_or_future_is_refused_field_by_field()
    {
        var refused = Assert.Throws<FieldsRefused>(() =>
            ApiToken.Issue(new(" ", [], Noon), AccessSecret.Make("ppk_"), Guid.NewGuid(), null, Admin, Noon));
        Assert.Equal(["expiresAt", "name", "scopes"], refused.Errors.Keys.Order());
    }

    [Fact]
    public void A_token_for_one_partner_cannot_administer() =>
        Assert.Contains("scopes", Assert.Throws<FieldsRefused>(() =>
            ApiToken.Issue(new("x", ["administer"]), AccessSecret.Make("ppk_"), Guid.NewGuid(), Guid.NewGuid(), Admin, Noon)).Errors.Keys);

    [Fact]
    public void A_token_cannot_make_one_that_may_do_more()
    {
        var by = Admin with { Scopes = [Scope.Read, Scope.Administer] };
        Assert.Contains("scope write", Assert.Throws<RuleBroken>(() =>
            ApiToken.Issue(new("x", ["read", "write"]), AccessSecret.Make("ppk_"), Guid.NewGuid(), null, by, Noon)).Message, StringComparison.Ordinal);
        Assert.Equal([Scope.Read], ApiToken.Issue(new("x", ["read"]), AccessSecret.Make("ppk_"), Guid.NewGuid(), null, by, Noon).Scopes);
    }

    [Fact]
    public void An_invitation_is_accepted_once_and_only_while_it_holds()
    {
        var late = Invitation.For(new("li@example.com"), AccessSecret.Make("ppl_"), null, Admin, Noon);
        Assert.Contains("run out", Assert.Throws<RuleBroken>(() => late.Accept(Guid.NewGuid(), Noon.AddDays(7))).Message, StringComparison.Ordinal);
        late.Accept(Guid.NewGuid(), Noon.AddDays(6));
        Assert.Contains("used already", Assert.Throws<RuleBroken>(() => late.Accept(Guid.NewGuid(), Noon.AddDays(6))).Message, StringComparison.Ordinal);
        var back = Invitation.For(new("li@example.com"), AccessSecret.Make("ppl_"), null, Admin, Noon);
        back.Revoke(Noon);
        Assert.Contains("taken back", back.Refusal(Noon), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_belongs_to_a_partner_and_nobody_else_does()
    {
        Assert.Contains("partner", Assert.Throws<FieldsRefused>(() => Invitation.For(new("g@example.com", "guest"), "x", null, Admin, Noon)).Errors.Keys);
        Assert.Contains("partner", Assert.Throws<FieldsRefused>(() => Invitation.For(new("g@example.com", "viewer"), "x", Guid.NewGuid(), Admin, Noon)).Errors.Keys);
    }

    [Fact]
    public void A_session_ends_when_idle_when_old_and_when_ended()
    {
        var session = Session.Begin(Guid.NewGuid(), "ana@example.com", "password", null, new string('x', 1000), Noon);
        Assert.Equal(400, session.UserAgent!.Length);
        Assert.True(session.Holds(Noon + Session.Idle - TimeSpan.FromSeconds(1)));
        Assert.False(session.Holds(Noon + Session.Idle));
        session.End(Noon);
        Assert.False(session.Holds(Noon));
    }
}
