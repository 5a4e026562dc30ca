using PartnerPortal.Data.Metrics;
using PartnerPortal.Engine.Metrics;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class PartnerShareTests
{
    private static readonly Guid[] Partners = [.. Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7())];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_partner_falls_to_exactly_one_portal_and_evenly(int portals)
    {
        var all = Portals(portals);
        var shares = all.Select(self => PartnerShare.Of(Partners, all, self)).ToList();
        Assert.Equal(Partners.Order(), shares.SelectMany(s => s).Order());
        Assert.All(shares, s => Assert.InRange(s.Count, 101 / portals - portals, (101 + portals - 1) / portals));
    }

    [Fact]
    public void When_a_portal_goes_most_partners_stay_where_they_are()
    {
        var all = Portals(4);
        var before = all.Take(3).SelectMany(self => PartnerShare.Of(Partners, all, self).Select(p => (p, self))).ToDictionary(p => p.p, p => p.self);
        var after = all.Take(3).SelectMany(self => PartnerShare.Of(Partners, all.Take(3), self).Select(p => (p, self))).ToDictionary(p => p.p, p => p.self);
        Assert.InRange(before.Count(p => after[p.Key] != p.Value), 0, before.Count / 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(300)]
    public void Windows_divide_two_hours_and_hold_about_480_scrapes(int seconds)
    {
        var window = SealStore.WindowOf(TimeSpan.FromSeconds(seconds));
        Assert.Equal(0, SealStore.LongestWindow.Ticks % window.Ticks);
        Assert.InRange(window.TotalSeconds / seconds, 1, 500);
    }

    private static Guid[] Portals(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];
}
