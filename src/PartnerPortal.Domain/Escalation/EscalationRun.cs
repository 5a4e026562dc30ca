using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Domain.Escalation;

/// <summary>What a run waits for.</summary>
public enum RunTimer
{
    /// <summary>The next step.</summary>
    Step,

    /// <summary>The moment at which whoever took the incident must have acted.</summary>
    Acknowledgement,

    /// <summary>The end of the quiet time.</summary>
    Snooze,

    /// <summary>The end of the incident on us that its incident is a part of.</summary>
    Parent,
}

/// <summary>
/// The way of one incident through its policy. While it is open it has exactly one moment at which it goes on (<see cref="DueAt"/>):
/// the next step, the end of an acknowledgement, or the end of a quiet time. It never stops by itself: after the last round of the
/// policy comes the last resort, and after that the last resort again, every <see cref="LastPause"/>, until somebody takes it.
/// </summary>
public sealed class EscalationRun
{
    /// <summary>How often the last resort begins anew when all its rounds brought nobody.</summary>
    public static readonly TimeSpan LastPause = TimeSpan.FromMinutes(30);

    /// <summary>How long a step may wait until somebody is on call; then it is skipped as a gap.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromDays(7);

    // Somebody may be put on call meanwhile.
    private static readonly TimeSpan HoldLook = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ParentLook = TimeSpan.FromMinutes(1);

    private EscalationRun()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The incident; one run each.</summary>
    public Guid IncidentId { get; private init; }

    /// <summary>What is followed, in this order: the linked policy, if there is one, then the last resort.</summary>
    public IReadOnlyList<FrozenPolicy> Policies { get; private set; } = [];

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>The place of the policy that is followed now.</summary>
    public int At { get; private set; }

    /// <summary>The round of that policy, from 1.</summary>
    public int Round { get; private set; } = 1;

    /// <summary>The place of the next step in that policy, from 0.</summary>
    public int Next { get; private set; }

    /// <summary>How many steps were carried out.</summary>
    public int Turn { get; private set; }

    /// <summary>Whether any step of this round reached somebody so far.</summary>
    public bool ReachedSomebody { get; private set; }

    /// <summary>What it waits for.</summary>
    public RunTimer Timer { get; private set; }

    /// <summary>When it goes on; null only when it has ended.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Since when the next step waits for somebody to be on call; null while none does.</summary>
    public DateTimeOffset? HeldSince { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    /// <summary>Whether steps come by themselves: nobody has the incident.</summary>
    public bool IsPaging => EndedAt is null && Timer == RunTimer.Step;

    /// <summary>The policy that is followed now.</summary>
    public FrozenPolicy Policy => Policies[At];

    /// <summary>Begins a run.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="linked">The integration's policy; null when none is linked.</param>
    /// <param name="lastResort">The company's last resort.</param>
    /// <param name="at">When.</param>
    public static EscalationRun Start(Guid incident, EscalationPolicy? linked, EscalationPolicy lastResort, DateTimeOffset at)
    {
        var run = new EscalationRun { Id = Guid.CreateVersion7(at), IncidentId = incident, Policies = Freeze(linked, lastResort), StartedAt = at };
        run.FromTheTop(at);
        return run;
    }

    /// <summary>Carries out what is due, if steps are: the next one that reaches somebody, with those before it that reach nobody.</summary>
    /// <param name="reach">What each target stands for now.</param>
    /// <param name="at">When.</param>
    /// <param name="severity">How bad the incident is; null while nobody knows.</param>
    /// <returns>The steps in order; empty when the run waits for something else, or until somebody is on call.</returns>
    public IReadOnlyList<RunStep> CarryOut(Func<Target, Reached> reach, DateTimeOffset at, Severity? severity = null)
    {
        List<RunStep> steps = [];
        // One time through everything at most; what is then still due comes with the next look.
        for (var left = Policies.Sum(p => p.Steps.Count); left > 0 && IsPaging && DueAt <= at; left--)
        {
            var (policy, number, due) = (Policy, Next + 1, DueAt!.Value);
            var planned = CallPlan.Plan(number, policy.Steps[number - 1], policy.Name, reach, TimeSpan.Zero, at, severity);
            if (planned.HeldUntil is { } back && back < (HeldSince ?? at) + LongestHold)
            {
                HeldSince ??= at;
                DueAt = back < at + HoldLook && back > at ? back : at + HoldLook;
                break;
            }

            IReadOnlyList<SteppedCall> calls = [.. planned.Calls.DistinctBy(c => c.Who.Key).Select(c => new SteppedCall(c.Who.Key, c.Who.Name, c.Who.Side, c.Who.Phone, c.Who.Email, c.Reasons))];
            (Turn, HeldSince) = (Turn + 1, null);
            steps.Add(RunStep.Of(this, policy, number, due, calls, planned, at));
            GoOn(calls.Count == 0, at);
        }

        return steps;
    }

    /// <summary>Somebody has the incident until a moment.</summary>
    public void Hold(DateTimeOffset until) => Wait(RunTimer.Acknowledgement, until);

    /// <summary>It is quiet until a moment.</summary>
    public void Snooze(DateTimeOffset until) => Wait(RunTimer.Snooze, until);

    /// <summary>Another incident pages in its place; it looks again in a minute.</summary>
    public void WaitForParent(DateTimeOffset at) => Wait(RunTimer.Parent, at + ParentLook);

    /// <summary>The incident is nobody's again: all steps begin anew, at once.</summary>
    public void Resume(DateTimeOffset at)
    {
        if (EndedAt is null)
        {
            (Timer, At, Round) = (RunTimer.Step, 0, 1);
            FromTheTop(at);
        }
    }

    /// <summary>The next step is wanted at once; after the last one the first comes again. One that waits for somebody to be on call waits no longer.</summary>
    public void Hurry(DateTimeOffset at)
    {
        if (EndedAt is null)
        {
            HeldSince = HeldSince is null ? null : at - LongestHold;
            (Timer, DueAt) = (RunTimer.Step, at);
        }
    }

    /// <summary>Follows the policies as they are now, from the first step.</summary>
    public void Rebind(EscalationPolicy? linked, EscalationPolicy lastResort, DateTimeOffset at)
    {
        Policies = Freeze(linked, lastResort);
        (At, Round, Next, ReachedSomebody, HeldSince) = (0, 1, 0, false, null);
        if (IsPaging)
        {
            FromTheTop(at);
        }
    }

    /// <summary>The incident is over.</summary>
    public void End(DateTimeOffset at)
    {
        EndedAt ??= at;
        DueAt = null;
    }

    private static IReadOnlyList<FrozenPolicy> Freeze(EscalationPolicy? linked, EscalationPolicy lastResort) =>
        [.. linked is null || linked.IsLastResort ? [] : new[] { FrozenPolicy.Of(linked) }, FrozenPolicy.Of(lastResort)];

    private void FromTheTop(DateTimeOffset at)
    {
        (Next, ReachedSomebody, HeldSince) = (0, false, null);
        DueAt = at + Policy.Steps[0].Delay;
    }

    private void Wait(RunTimer timer, DateTimeOffset until)
    {
        if (EndedAt is null)
        {
            (Timer, DueAt) = (timer, until);
        }
    }

    private void GoOn(bool skipped, DateTimeOffset at)
    {
        ReachedSomebody |= !skipped;
        if (Next + 1 < Policy.Steps.Count)
        {
            Next++;
            DueAt = skipped ? at : at + Policy.Steps[Next].Delay;
            return;
        }

        var (pause, isLast, wait) = (Policy.Pause, At == Policies.Count - 1, ReachedSomebody);
        (Next, ReachedSomebody) = (0, false);
        if (!wait && isLast)
        {
            Round++;
            DueAt = at + EscalationPolicy.ShortestPause;
        }
        else if (!wait || (Round > Policy.Repeat && !isLast))
        {
            (At, Round) = (At + 1, 1);
            DueAt = at + (wait ? pause : TimeSpan.Zero) + Policy.Steps[0].Delay;
        }
        else
        {
            pause = Round > Policy.Repeat && pause < LastPause ? LastPause : pause;
            Round++;
            DueAt = at + pause + Policy.Steps[0].Delay;
        }
    }
}
