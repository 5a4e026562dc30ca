using CsCheck;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class RuleStandingTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private RuleStanding? _now;
    private DateTimeOffset _at = _start;

    [Fact]
    public void Without_a_wait_a_met_condition_fires_at_once_and_ends_at_once()
    {
        Assert.Equal(RuleState.Inactive, Take(RuleFinding.NotMet).State);
        var fires = Take(RuleFinding.Met, value: 7);
        Assert.Equal((RuleState.Firing, _at, _at, 7d), (fires.State, fires.Since, fires.FiringSince!.Value, fires.Value!.Value));
        Assert.Equal(_at - _minute, fires.LastGood);
        var over = Take(RuleFinding.NotMet);
        Assert.Equal((RuleState.Inactive, false, _at), (over.State, over.IsAlerting, over.LastGood!.Value));
        Assert.Null(over.PendingSince);
    }

    [Fact]
    public void A_condition_is_pending_until_it_was_met_for_long_enough()
    {
        var first = _at + _minute;
        Assert.Equal(RuleState.Pending, Take(RuleFinding.Met, lasts: 2).State);
        Assert.Equal(RuleState.Pending, Take(RuleFinding.Met, lasts: 2).State);
        var fires = Take(RuleFinding.Met, lasts: 2);
        Assert.Equal((RuleState.Firing, first, _at), (fires.State, fires.PendingSince!.Value, fires.FiringSince!.Value));
    }

    [Fact]
    public void One_good_moment_begins_the_wait_anew()
    {
        Take(RuleFinding.Met, lasts: 2);
        Take(RuleFinding.Met, lasts: 2);
        Assert.Null(Take(RuleFinding.NotMet, lasts: 2).PendingSince);
        Assert.Equal(_at + _minute, Take(RuleFinding.Met, lasts: 2).PendingSince);
    }

    [Fact]
    public void An_alert_is_kept_for_as_long_as_asked()
    {
        Take(RuleFinding.Met, keeps: 2);
        Assert.Equal(RuleState.Firing, Take(RuleFinding.NotMet, keeps: 2).State);
        Assert.Equal(RuleState.Firing, Take(RuleFinding.Met, keeps: 2).State);
        Assert.Null(_now!.ClearSince);
        Take(RuleFinding.NotMet, keeps: 2);
        Assert.Equal(RuleState.Firing, Take(RuleFinding.NotMet, keeps: 2).State);
        Assert.Equal(RuleState.Inactive, Take(RuleFinding.NotMet, keeps: 2).State);
    }

    [Fact]
    public void Missing_figures_are_a_state_of_their_own_and_resolve_nothing()
    {
        Assert.Equal(RuleState.NoData, Take(RuleFinding.Missing).State);
        Take(RuleFinding.Met);
        var missing = Take(RuleFinding.Missing);
        Assert.Equal((RuleState.NoData, true), (missing.State, missing.IsAlerting));
        Assert.Equal(missing, Take(RuleFinding.Missing));
        var back = Take(RuleFinding.Met);
        Assert.Equal((RuleState.Firing, missing.FiringSince), (back.State, back.FiringSince));
        Take(RuleFinding.Missing);
        Assert.False(Take(RuleFinding.NotMet).IsAlerting);
    }

    [Fact]
    public void A_wait_goes_on_over_missing_figures()
    {
        var pending = Take(RuleFinding.Met, lasts: 3).PendingSince;
        Take(RuleFinding.Missing, lasts: 3);
        Assert.Equal(pending, Take(RuleFinding.Met, lasts: 3).PendingSince);
        Assert.Equal(RuleState.Firing, Take(RuleFinding.Met, lasts: 3).State);
    }

    /// <summary>Whatever comes: an alert is out only when the condition was met for the whole wait, and never ends by missing figures alone.</summary>
    [Fact]
    public void What_holds_for_every_history() => Gen.Select(Gen.Enum<RuleFinding>().Array[1, 60], Gen.Int[0, 4], Gen.Int[0, 4]).Sample((history, lasts, keeps) =>
    {
        RuleStanding? standing = null;
        for (var i = 0; i < history.Length; i++)
        {
            var before = standing;
            standing = RuleStanding.Next(before, history[i], i, _start + i * _minute, lasts * _minute, keeps * _minute);
            var began = standing.IsAlerting && before?.IsAlerting != true;
            var metFor = history.Take(i + 1).Reverse().TakeWhile(f => f != RuleFinding.NotMet).Reverse().SkipWhile(f => f != RuleFinding.Met).Count() - 1;
            var ended = before?.IsAlerting == true && !standing.IsAlerting;
            if ((began && metFor < lasts) || (ended && history[i] != RuleFinding.NotMet)
                || (history[i] == RuleFinding.Missing) != (standing.State == RuleState.NoData)
                || (standing.State == RuleState.Firing && !standing.IsAlerting))
            {
                return false;
            }
        }

        return true;
    });

    private RuleStanding Take(RuleFinding found, double? value = null, int lasts = 0, int keeps = 0)
    {
        _at += _minute;
        return _now = RuleStanding.Next(_now, found, value, _at, lasts * _minute, keeps * _minute);
    }
}
