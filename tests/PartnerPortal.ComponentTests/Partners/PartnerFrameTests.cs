using PartnerPortal.Domain.Partners;
using PartnerPortal.Web.Partners;

namespace PartnerPortal.ComponentTests.Partners;

public sealed class PartnerFrameTests : BunitContext
{
    private static readonly Partner Bank = TwoIntegrations();

    [Theory]
    [InlineData("Overview", null, "/partners/bank?integration=payouts")]
    [InlineData("Build", "Reviews", "/partners/bank/reviews?integration=payouts")]
    [InlineData("Operations", "Metric sources", "/partners/bank/metric-sources?integration=payouts")]
    public void Another_integration_opens_on_the_same_page(string tab, string? part, string address)
    {
        var frame = Render<PartnerFrame>(p => p.Add(f => f.Partner, Bank).Add(f => f.Integration, Bank.Integrations[0]).Add(f => f.Tab, tab).Add(f => f.Part, part));

        Assert.Equal(address, frame.Find("[aria-label=Integrations] a:not([aria-current])").GetAttribute("href"));
    }

    [Fact]
    public void Tabs_stay_with_the_integration_that_is_open()
    {
        var frame = Render<PartnerFrame>(p => p.Add(f => f.Partner, Bank).Add(f => f.Integration, Bank.Integrations[1]).Add(f => f.Tab, "Overview"));

        Assert.All(frame.FindAll(".tabs a"), a => Assert.EndsWith("?integration=payouts", a.GetAttribute("href"), StringComparison.Ordinal));
    }

    private static Partner TwoIntegrations()
    {
        var at = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        var bank = Partner.Enter(new(Name: "Bank"), null, "ana@example.com", at);
        bank.Add(new(Name: "Payouts"), "ana@example.com", at);
        return bank;
    }
}
