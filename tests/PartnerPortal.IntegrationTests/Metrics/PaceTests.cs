using PartnerPortal.Engine.Metrics;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_source_keeps_its_place_within_the_interval_across_restarts()
    {
        var source = Guid.CreateVersion7(Now);
        var first = Pace.Of(source, TimeSpan.FromSeconds(15)).After(Now);
        var later = Pace.Of(source, TimeSpan.FromSeconds(15)).After(Now.AddHours(7).AddSeconds(3));
        Assert.InRange(first - Now, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(15));
        Assert.Equal(0, (later - first).Ticks % TimeSpan.FromSeconds(15).Ticks);
        Assert.Equal(first + TimeSpan.FromSeconds(15), Pace.Of(source, TimeSpan.FromSeconds(15)).After(first));
    }

    [Fact]
    public void Sources_entered_together_spread_over_the_interval()
    {
        var due = Enumerable.Range(0, 1000).Select(_ => Pace.Of(Guid.CreateVersion7(Now), TimeSpan.FromSeconds(10)).After(Now) - Now).ToList();
        Assert.All(Enumerable.Range(0, 10), second => Assert.InRange(due.Count(d => (int)d.TotalSeconds == second), 60, 140));
    }
}
