using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.UnitTests.Escalation;

public sealed class ChannelRulesTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 2, 2, 51, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("mail", "nobody", "address")]
    [InlineData("sms", "12345", "address")]
    [InlineData("slack", "hooks.slack.com/x", "address")]
    [InlineData("ntfy", "https://ntfy.sh", "address")]
    [InlineData("pagerduty", "https://events.pagerduty.com", "kind")]
    [InlineData("pigeon", "roof", "kind")]
    [InlineData(null, "a@example.com", "kind")]
    public void What_cannot_be_used_is_refused_with_its_field(string? kind, string address, string field) =>
        Assert.Contains(field, Assert.Throws<FieldsRefused>(() => Channel.Enter("a@example.com", new(kind, address), 0, Seal, T0)).Errors.Keys);

    [Fact]
    public void A_service_of_PagerDuty_needs_its_key_and_knows_its_usual_address()
    {
        Assert.Contains("secret", Assert.Throws<FieldsRefused>(() => Channel.Service(new("pagerduty", Name: "Pay"), Seal, T0)).Errors.Keys);
        var service = Channel.Service(new("pagerduty", Secret: "key", Name: "Pay"), Seal, T0);
        Assert.Equal(("https://events.pagerduty.com", "pay"), (service.Address, service.Slug));
    }

    [Theory]
    [InlineData("23:30", NotificationKind.Acknowledged, "07:00")]
    [InlineData("12:00", NotificationKind.Acknowledged, "12:00")]
    [InlineData("23:30", NotificationKind.Page, "23:30")]
    [InlineData("23:30", NotificationKind.Resolved, "23:30")]
    [InlineData("12:00", NotificationKind.Update, "16:00")]
    [InlineData("16:30", NotificationKind.Update, "16:00")]
    public void Habits_move_only_what_can_wait(string at, NotificationKind kind, string expected)
    {
        var habits = NotificationHabits.Usual("a@example.com", "Europe/Stockholm", T0);
        habits.Change(new("22:00", "07:00", "16:00"));
        var clock = DateTimeOffset.Parse($"2026-03-02T{at}:00+01:00", System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime();
        var when = habits.When(kind, clock);
        Assert.True(when >= clock);
        Assert.Equal(TimeSpan.Zero, when.Offset);
        Assert.Equal(expected, when.ToOffset(TimeSpan.FromHours(1)).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Several_messages_are_one_with_ten_lines_and_the_same_one_is_one_line()
    {
        var one = new NotificationText("INC-1 CRITICAL: a", "a");
        Assert.Equal(one.Title, NotificationText.Together([one, one]).Title);
        var many = NotificationText.Together([.. Enumerable.Range(1, 12).Select(n => new NotificationText($"INC-{n}", "x", $"https://p/{n}"))]);
        Assert.StartsWith("12 messages: INC-1", many.Title, StringComparison.Ordinal);
        Assert.EndsWith("and 2 more", many.Body, StringComparison.Ordinal);
        Assert.Contains("https://p/10", many.Body, StringComparison.Ordinal);
    }

    private static byte[] Seal(Guid id, string secret) => [1];
}
