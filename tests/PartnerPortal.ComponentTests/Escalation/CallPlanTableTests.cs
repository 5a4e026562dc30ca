using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Web.Escalation;

namespace PartnerPortal.ComponentTests.Escalation;

public sealed class CallPlanTableTests : BunitContext
{
    private static readonly DateTimeOffset Night = new(2026, 11, 24, 2, 3, 0, TimeSpan.Zero);

    private static CallPlan Plan(Func<Target, Reached> reach) => CallPlan.Of(
        EscalationPolicy.Enter(new("Night", Steps: [new("0s", [new(Team: "gone")]), new("15m", [new(Contact: "tunes/desk")])], Repeat: 2), Night), "", reach, Night);

    [Fact]
    public void A_step_shows_both_clocks_and_a_number_to_dial()
    {
        var desk = new Callee("tunes/desk", "Desk", Side.Partner, "+46812345678", null, "Europe/Stockholm", "24/7", ContactKind.Desk, Notes: "customer id 4711");

        var table = Render<CallPlanTable>(p => p.Add(t => t.Plan, Plan(t => t.Kind == TargetKind.Contact ? new("Desk", [desk]) : new("gone", [], "The team gone is no longer there."))).Add(t => t.Zone, "America/New_York"));

        Assert.Equal("tel:+46812345678", table.Find("a[href^=tel]").GetAttribute("href"));
        Assert.Contains("21:03 here", table.Markup, StringComparison.Ordinal);
        Assert.Contains("Always there, 03:03 Tue there", table.Markup, StringComparison.Ordinal);
        Assert.Contains("customer id 4711", table.Markup, StringComparison.Ordinal);
        Assert.Contains("Reaches nobody; the next step follows at once.", table.Markup, StringComparison.Ordinal);
        Assert.Contains("The team gone is no longer there.", table.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_reaches_nobody_says_so_loudly()
    {
        var table = Render<CallPlanTable>(p => p.Add(t => t.Plan, Plan(t => new(t.Key, []))).Add(t => t.Zone, "UTC"));

        Assert.Contains("Nobody at all would be called", table.Find(".banner.outage").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:00:00+00:00")]
    [InlineData("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00")]
    [InlineData("2026-11-24T03:03:00Z", "Europe/Berlin", "2026-11-24T03:03:00+00:00")]
    [InlineData("2026-11-24T03:03", "nowhere", "2026-11-24T08:03:00+00:00")]
    public void A_moment_in_the_address_is_read_in_its_zone(string at, string zone, string expected)
    {
        var moment = AskedMoment.Read(at, zone, "America/New_York", Night);

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), moment.At);
        Assert.False(moment.IsNow);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    [InlineData("9999-12-31T23:59")]
    public void A_moment_that_cannot_be_read_is_now(string? at) => Assert.Equal((Night, true), (AskedMoment.Read(at, null, null, Night).At, AskedMoment.Read(at, null, null, Night).IsNow));
}
