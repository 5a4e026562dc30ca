using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.UnitTests.Escalation;

public sealed class EscalationRunTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 2, 2, 51, 0, TimeSpan.Zero);
    private static readonly EscalationPolicy LastResort = EscalationPolicy.LastResort(T0);
    private static readonly EscalationPolicy Night = EscalationPolicy.Enter(
        new("Night", null, [new("0s", [new(Person: "ana@example.com")]), new("15m", [new(Contact: "tunes/asa"), new(Person: "li@example.com")])], 1), T0);

    private static Reached Everybody(Target target) => new(target.Key, [new(target.Key, target.Key, Side.Ours, "+4612345678", "a@example.com", null, null)]);

    private static Reached Nobody(Target target) => new(target.Key, [], $"{target.Key} is nobody.");

    [Fact]
    public void Steps_come_at_their_delays_then_again_then_the_last_resort_and_it_never_stops_by_itself()
    {
        var run = Start();
        Assert.Equal(
            [
                "0 night 1.1 ana@example.com", "15 night 1.2 tunes/asa,li@example.com", "30 night 2.1 ana@example.com", "45 night 2.2 tunes/asa,li@example.com",
                "60 last-resort 1.1 administrator", "65 last-resort 2.1 administrator", "70 last-resort 3.1 administrator", "75 last-resort 4.1 administrator",
                "105 last-resort 5.1 administrator", "135 last-resort 6.1 administrator",
            ],
            Follow(run, Everybody, 10).Select(Said));
        Assert.Null(run.EndedAt);
    }

    [Fact]
    public void Steps_that_reach_nobody_are_skipped_at_once_and_recorded()
    {
        var run = Start();

        var steps = run.CarryOut(t => t.Kind == TargetKind.Person && t.Key == "ana@example.com" ? Nobody(t) : Everybody(t), T0);

        Assert.Equal(["0 night 1.1 ", "0 night 1.2 tunes/asa,li@example.com"], steps.Select(Said));
        Assert.Equal(["ana@example.com is nobody."], steps[0].Gaps);
        Assert.Equal(T0.AddMinutes(15), run.DueAt);
    }

    [Fact]
    public void A_policy_whose_steps_are_all_empty_goes_to_the_last_resort_in_the_same_moment()
    {
        var run = Start();

        var steps = run.CarryOut(t => t.Kind == TargetKind.Role ? Everybody(t) : Nobody(t), T0);

        Assert.Equal(["0 night 1.1 ", "0 night 1.2 ", "0 last-resort 1.1 administrator"], steps.Select(Said));
    }

    [Fact]
    public void With_nobody_at_all_it_looks_again_in_five_minutes()
    {
        var run = Start();

        Assert.Equal(3, run.CarryOut(Nobody, T0).Count);
        Assert.Equal(T0.AddMinutes(5), run.DueAt);
        Assert.Equal(["5 last-resort 2.1 administrator"], run.CarryOut(Everybody, T0.AddMinutes(5)).Select(Said));
    }

    [Fact]
    public void Without_a_policy_the_last_resort_is_followed()
    {
        var run = EscalationRun.Start(Guid.NewGuid(), null, LastResort, T0);
        Assert.Equal(["0 last-resort 1.1 administrator"], run.CarryOut(Everybody, T0).Select(Said));
    }

    [Fact]
    public void Who_has_it_stops_the_steps_and_who_lets_it_go_starts_them_anew()
    {
        var run = Start();
        run.CarryOut(Everybody, T0);
        run.Hold(T0.AddMinutes(40));

        Assert.Empty(run.CarryOut(Everybody, T0.AddMinutes(40)));
        Assert.Equal((RunTimer.Acknowledgement, T0.AddMinutes(40)), (run.Timer, run.DueAt!.Value));

        run.Resume(T0.AddMinutes(40));
        Assert.Equal(["40 night 1.1 ana@example.com"], run.CarryOut(Everybody, T0.AddMinutes(40)).Select(Said));
        Assert.Equal(2, run.Turn);
    }

    [Fact]
    public void Escalating_brings_the_next_step_at_once_and_after_the_last_one_the_first()
    {
        var run = Start();
        run.CarryOut(Everybody, T0);
        run.Hurry(T0.AddMinutes(1));
        Assert.Equal(["1 night 1.2 tunes/asa,li@example.com"], run.CarryOut(Everybody, T0.AddMinutes(1)).Select(Said));
        run.Hurry(T0.AddMinutes(2));
        Assert.Equal(["2 night 2.1 ana@example.com"], run.CarryOut(Everybody, T0.AddMinutes(2)).Select(Said));
    }

    [Fact]
    public void An_edited_policy_does_not_change_a_run_until_somebody_asks_for_it()
    {
        var run = Start();
        var edited = EscalationPolicy.Enter(new("Night", null, [new("0s", [new(Person: "bo@example.com")])], 0), T0);
        Assert.Equal("ana@example.com", run.Policy.Steps[0].Targets[0].Key);

        run.Rebind(edited, LastResort, T0.AddMinutes(3));

        Assert.Equal(["3 night 1.1 bo@example.com"], run.CarryOut(Everybody, T0.AddMinutes(3)).Select(Said));
    }

    [Fact]
    public void At_every_instant_an_open_run_has_exactly_one_due_moment_and_turns_have_no_gap() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 60], Gen.Bool, (verb, minutes, somebody) => (verb, minutes, somebody)).List[1, 60].Sample(acts =>
        {
            var (run, at, turns) = (Start(), T0, 0);
            var incident = Incident.Open(new(null, null, "g", "t", "", Severity.Critical, Urgency.Page, new(null, T0, "rule"), "rule"), T0);
            foreach (var (verb, minutes, somebody) in acts)
            {
                at += TimeSpan.FromMinutes(minutes);
                Act(run, incident, verb, at);
                foreach (var step in run.CarryOut(somebody ? Everybody : Nobody, at))
                {
                    Assert.Equal(++turns, step.Turn);
                    Assert.True(step.DueAt <= step.At);
                    Assert.Equal(IncidentState.Open, incident.State);
                }

                Assert.Equal(run.EndedAt is null, run.DueAt is not null);
                Assert.Equal(run.EndedAt is null, incident.ResolvedAt is null);
                Assert.Equal(run.IsPaging, incident.State == IncidentState.Open);
            }
        });

    [Fact]
    public void A_step_that_holds_waits_until_somebody_is_on_call_and_escalating_now_skips_it()
    {
        var policy = EscalationPolicy.Enter(new("Desk", null, [new("0s", [new(Schedule: "desk")], Hold: true), new("15m", [new(Person: "li@example.com")])], 0), T0);
        var morning = T0.AddHours(5);
        Reached Desk(Target t, DateTimeOffset at) => t.Kind == TargetKind.Schedule && at < morning ? new("desk", [], "Nobody is on call.", morning) : Everybody(t);
        var run = EscalationRun.Start(Guid.NewGuid(), policy, LastResort, T0);

        Assert.Empty(run.CarryOut(t => Desk(t, T0), T0));
        Assert.Equal((T0, T0.AddMinutes(1)), (run.HeldSince!.Value, run.DueAt!.Value));
        for (var at = run.DueAt.Value; at < morning; at = run.DueAt!.Value)
        {
            Assert.Empty(run.CarryOut(t => Desk(t, at), at));
        }

        Assert.Equal(["300 desk 1.1 desk"], run.CarryOut(t => Desk(t, morning), morning).Select(Said));
        Assert.Null(run.HeldSince);

        var hurried = EscalationRun.Start(Guid.NewGuid(), policy, LastResort, T0);
        hurried.CarryOut(t => Desk(t, T0), T0);
        hurried.Hurry(T0.AddMinutes(2));
        Assert.Equal(["2 desk 1.1 ", "2 desk 1.2 li@example.com"], hurried.CarryOut(t => Desk(t, T0), T0.AddMinutes(2)).Select(Said));
    }

    [Fact]
    public void A_hold_that_nobody_ends_within_a_week_is_a_gap()
    {
        var policy = EscalationPolicy.Enter(new("Desk", null, [new("0s", [new(Schedule: "desk")], Hold: true)], 0), T0);
        var run = EscalationRun.Start(Guid.NewGuid(), policy, LastResort, T0);
        Reached Far(Target t) => t.Kind == TargetKind.Schedule ? new("desk", [], "Nobody is on call.", T0.AddDays(20)) : Everybody(t);
        Assert.Equal(["0 desk 1.1 ", "0 last-resort 1.1 administrator"], run.CarryOut(Far, T0).Select(Said));
    }

    [Theory]
    [InlineData(Severity.Critical, "2026-03-02T10:00Z", "0 both 1.1 ana@example.com")]
    [InlineData(Severity.Warning, "2026-03-02T10:00Z", "0 both 1.1 |0 both 1.2 li@example.com")] // only if critical
    [InlineData(Severity.Critical, "2026-03-02T16:30Z", "0 both 1.1 |0 both 1.2 |0 both 1.3 bo@example.com")] // Stockholm is home at 17:30
    [InlineData(Severity.Warning, "2026-03-07T10:00Z", "0 both 1.1 |0 both 1.2 |0 both 1.3 bo@example.com")] // Saturday
    public void A_branch_asks_for_severity_and_for_the_hours_in_the_targets_own_zone(Severity severity, string now, string expected)
    {
        const string Hours = "mon-fri 09:00-17:00";
        var policy = EscalationPolicy.Enter(
            new("Both", null, [new("0s", [new(Person: "ana@example.com")], new("critical", Hours)), new("5m", [new(Person: "li@example.com")], new(null, Hours)), new("5m", [new(Person: "bo@example.com")], new(null, Hours, true))], 0), T0);
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        var run = EscalationRun.Start(Guid.NewGuid(), policy, LastResort, at);
        var steps = run.CarryOut(t => new(t.Key, [new(t.Key, t.Key, Side.Ours, null, t.Key, "Europe/Stockholm", null)]), at, severity);
        Assert.Equal(expected, string.Join('|', steps.Select(s => $"0 both {s.Round}.{s.Number} {string.Join(',', s.Calls.Select(c => c.Key))}")));
        Assert.All(steps.SkipLast(1), s => Assert.True(s.Passed.Count > 0 && s.Gaps.Count == 0));
    }

    [Fact]
    public void A_condition_that_cannot_be_read_is_refused_with_its_place() =>
        Assert.Contains("steps[0].when.hours", Assert.Throws<FieldsRefused>(() => EscalationPolicy.Enter(new("X", null, [new("0s", [new(Person: "a@example.com")], new(null, "sometimes"))], 0), T0)).Errors.Keys);

    private static void Act(EscalationRun run, Incident incident, int verb, DateTimeOffset at)
    {
        if (run is { EndedAt: null, Timer: not RunTimer.Step } && run.DueAt <= at)
        {
            _ = run.Timer == RunTimer.Snooze ? incident.WakeUp() : incident.LoseAcknowledgement();
            run.Resume(at);
        }

        if (incident.ResolvedAt is not null)
        {
            return;
        }

        switch (verb)
        {
            case 0:
                incident.Acknowledge("ana@example.com", Incident.UsualPatience, at);
                run.Hold(incident.AcknowledgedUntil!.Value);
                break;
            case 1:
                incident.Escalate("ana@example.com");
                run.Hurry(at);
                break;
            case 2:
                incident.Snooze(at.AddMinutes(20), "ana@example.com", at);
                run.Snooze(incident.SnoozedUntil!.Value);
                break;
            case 3:
                incident.Reassign("li@example.com", "ana@example.com", Incident.UsualPatience, at);
                run.Hold(incident.AcknowledgedUntil!.Value);
                break;
            case 4:
                incident.Resolve("ana@example.com", at);
                run.End(at);
                break;
            case 5:
                run.Rebind(Night, LastResort, at);
                break;
            default:
                break;
        }
    }

    private static EscalationRun Start() => EscalationRun.Start(Guid.NewGuid(), Night, LastResort, T0);

    private static IEnumerable<RunStep> Follow(EscalationRun run, Func<Target, Reached> reach, int most)
    {
        for (var steps = 0; steps < most; steps++)
        {
            yield return Assert.Single(run.CarryOut(reach, run.DueAt!.Value));
        }
    }

    private static string Said(RunStep step) => FormattableString.Invariant(
        $"{(step.At - T0).TotalMinutes:0} {step.Policy} {step.Round}.{step.Number} {string.Join(',', step.Calls.Select(c => c.Key))}");
}
