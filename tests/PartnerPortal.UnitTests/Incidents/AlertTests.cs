using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class AlertTests
{
    private static readonly DateTimeOffset _night = new(2026, 3, 2, 2, 51, 15, TimeSpan.Zero);

    [Fact]
    public void An_alert_began_before_it_was_seen()
    {
        var alert = Raise(new Onset(_night.AddSeconds(-15), _night, "rule"));
        alert.Refine(new Onset(_night.AddMinutes(-2), _night.AddSeconds(-105), "change in `x{a=\"b\"}`", 0.2, 41), _night.AddMinutes(1));
        Assert.Equal("change in `x{a=\"b\"}` between 02:49:15 and 02:49:30, from 0.2 to 41", alert.Onset.Sentence);
        alert.Refine(new Onset(_night, _night.AddMinutes(1), "later"), _night.AddMinutes(2));
        Assert.Equal(_night.AddSeconds(-105), alert.Onset.FirstBad);
    }

    [Fact]
    public void A_start_says_what_is_not_known()
    {
        Assert.Equal("rule before 02:51:15", new Onset(null, _night, "rule").Sentence);
        Assert.Equal("between 2026-03-01 23:51:15 and 2026-03-02 02:51:15", new Onset(_night.AddHours(-3), _night, "rule").Said);
    }

    [Fact]
    public void Missing_figures_do_not_resolve_it_and_resolving_keeps_the_first_moment()
    {
        var alert = Raise(new Onset(null, _night, "rule"));
        alert.LoseData(_night.AddMinutes(1));
        Assert.Equal((AlertState.Firing, _night.AddMinutes(1)), (alert.State, alert.NoDataSince!.Value));
        alert.Repeat("now 9", 9, _night.AddMinutes(2));
        Assert.Null(alert.NoDataSince);
        alert.Resolve(_night.AddMinutes(5));
        alert.Resolve(_night.AddMinutes(9));
        Assert.Equal((AlertState.Resolved, _night.AddMinutes(5)), (alert.State, alert.ResolvedAt!.Value));
    }

    [Fact]
    public void Its_history_tells_what_happened_once_each()
    {
        var alert = Raise(new Onset(_night.AddSeconds(-15), _night, "rule"));
        alert.Refine(new Onset(_night.AddSeconds(-30), _night.AddSeconds(-15), "change"), _night.AddMinutes(1));
        alert.Repeat("Slow: 5", 5, _night.AddMinutes(2));
        alert.LoseData(_night.AddMinutes(3));
        alert.LoseData(_night.AddMinutes(4));
        alert.Repeat("Slow: 6", 6, _night.AddMinutes(5));
        alert.Resolve(_night.AddMinutes(6));
        alert.Resolve(_night.AddMinutes(7));
        Assert.Equal(
            [
                (1, "Raised: Slow: 4"), (1, "The start is known better: between 02:50:45 and 02:51:00 UTC."), (3, "The figures behind it are missing; it goes on."),
                (5, "The figures are back: Slow: 6"), (6, "Resolved."),
            ],
            alert.History.Select(h => ((int)(h.At - _night).TotalMinutes, h.What)));
        for (var n = 10; n < 300; n++)
        {
            alert.LoseData(_night.AddMinutes(n));
            alert.Repeat("again", 1, _night.AddMinutes(n));
        }

        Assert.Equal(100, alert.History.Count);
    }

    private static Alert Raise(Onset onset) => Alert.Raise(
        new AlertReport(Guid.NewGuid(), Guid.NewGuid(), Alert.FromRule, "slow", "k", "Slow", "Slow: 4", Severity.Critical, new Dictionary<string, string>(), 4, onset, null), _night.AddMinutes(1));
}
