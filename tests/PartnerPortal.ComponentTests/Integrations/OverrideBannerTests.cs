using PartnerPortal.Domain.Integrations;
using PartnerPortal.Web.Integrations;

namespace PartnerPortal.ComponentTests.Integrations;

public sealed class OverrideBannerTests : BunitContext
{
    [Theory]
    [InlineData("2026-05-31", "degraded", "is tolerated until")]
    [InlineData("2026-06-01", "outage", "move the stage back")]
    public void An_override_shows_until_it_ends_and_louder_afterwards(string today, string look, string says)
    {
        var missing = new MissingProof("a concluded readiness review", "engineer", "Nobody has looked at it.");
        var change = new StageChange(Stage.Integrating, Stage.Live, DateTimeOffset.UnixEpoch, "mia@example.com", "The launch is on Friday.", false, [missing], new(2026, 5, 31));

        var banner = Render<OverrideBanner>(p => p.Add(b => b.Change, change).Add(b => b.Missing, [missing]).Add(b => b.Today, DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture))).Find(".banner");

        Assert.Contains(look, banner.ClassList);
        Assert.Contains("a concluded readiness review", banner.TextContent, StringComparison.Ordinal);
        Assert.Contains("The launch is on Friday.", banner.TextContent, StringComparison.Ordinal);
        Assert.Contains(says, banner.TextContent, StringComparison.Ordinal);
    }
}
