using PartnerPortal.TestKit;

namespace PartnerPortal.Torture.Escalation;

/// <summary>The checker of the torture must be able to find what it looks for.</summary>
public sealed class EscalationCheckerTests
{
    private static readonly DateTimeOffset _at = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);
    private static readonly Guid _incident = Guid.NewGuid();
    private static readonly Guid _run = Guid.NewGuid();
    private static readonly Guid _step = Guid.NewGuid();
    private static readonly MessageSeen _page = new("page", "page", "sent", _incident, _step, "ana@example.com", false, "");
    private static readonly MessageSeen _over = new("over", "resolved", "sent", _incident, null, "ana@example.com", false, "");
    private static readonly Op[] _history = [new(1, "fire", "source", "k1", _at, Op.Ok)];

    private static readonly EscalationSnapshot _good = new(
        [new("source", "k1", _incident, true)], [new(_incident, "page", _at.AddMinutes(5), "bo@example.com")], [new(_run, _incident, 1, null, _at.AddMinutes(5))],
        [new(_step, _run, 1, _at, _at.AddSeconds(1), ["ana@example.com"])], [_page, _over]);

    [Fact]
    public void What_is_as_promised_is_no_problem() => Assert.Empty(Check(_good, [_page, _over]));

    [Fact]
    public void A_lost_alert_a_missing_incident_and_a_missing_run_are_found()
    {
        Assert.Equal("Alert k1 was accepted and is lost.", Assert.Single(Check(_good with { Alerts = [] }, [_page, _over])));
        Assert.Equal("Alert k1 has no incident.", Assert.Single(Check(_good with { Alerts = [new("source", "k1", null, false)] }, [_page, _over])));
        Assert.Contains(Check(_good with { Runs = [] }, [_page, _over]), p => p.EndsWith("pages and has no run.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_skipped_a_doubled_and_a_silent_step_are_found()
    {
        Assert.Contains("has the steps .", Assert.Single(Check(_good with { Steps = [] }, [_page, _over])), StringComparison.Ordinal);
        Assert.Contains("has the steps 1, 1.", Assert.Single(Check(_good with { Steps = [.. _good.Steps, .. _good.Steps] }, [_page, _over])), StringComparison.Ordinal);
        Assert.Contains("called ana@example.com without a message", Assert.Single(Check(_good with { Messages = [] }, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_that_never_came_one_that_nobody_sent_and_unmarked_copies_are_found()
    {
        Assert.Contains("did not arrive", Assert.Single(Check(_good, [_over])), StringComparison.Ordinal);
        Assert.Contains("stands nowhere", Assert.Single(Check(_good, [_page, _over, _page with { Key = "bogus" }])), StringComparison.Ordinal);
        Assert.Equal(["The page page arrived 2 times and is not marked.", "1 pages arrived twice after 0 kills."], Check(_good, [_page, _page, _over]));
        var pending = _page with { State = "pending" };
        Assert.Contains("arrived and is pending", Assert.Single(Check(_good with { Messages = [pending, _over] }, [_page, _over])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_due_moment_somebody_not_told_and_a_late_step_are_found()
    {
        Assert.Contains("its incident is over", Assert.Single(Check(_good with { Runs = [new(_run, _incident, 1, _at, null)] }, [_page, _over])), StringComparison.Ordinal);
        Assert.Contains("its incident is open", Assert.Single(Check(_good with { Incidents = [new(_incident, "page", null, null)], Runs = [new(_run, _incident, 1, null, null)] }, [_page, _over])), StringComparison.Ordinal);
        Assert.Contains("and not that it is over", Assert.Single(Check(_good with { Messages = [_page] }, [_page])), StringComparison.Ordinal);
        Assert.Contains("too late", Assert.Single(Check(_good with { Steps = [_good.Steps[0] with { At = _at.AddSeconds(6) }] }, [_page, _over])), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Check(EscalationSnapshot seen, MessageSeen[] arrived) =>
        new EscalationChecker(_history, [.. arrived.Select(a => new ArrivedMail(a.Recipient, $"Message-Id: {a.MessageId}\r\n\r\ntext"))], seen, [], []).Problems();
}
