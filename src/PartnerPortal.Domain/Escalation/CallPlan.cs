using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Domain.Escalation;

/// <summary>One call that would be made.</summary>
/// <param name="Target">The target that asks for it.</param>
/// <param name="Label">What people call that target.</param>
/// <param name="Who">Who is called.</param>
/// <param name="At">When.</param>
/// <param name="Reasons">What speaks for and against it, the policy's reason last.</param>
public sealed record PlannedCall(Target Target, string Label, Callee Who, DateTimeOffset At, IReadOnlyList<string> Reasons);

/// <summary>One step as it would be carried out.</summary>
/// <param name="Number">From 1.</param>
/// <param name="After">How long after the alert.</param>
/// <param name="At">When.</param>
/// <param name="Calls">Who is called; empty when the step reaches nobody and is skipped at once.</param>
/// <param name="Gaps">Targets that reach nobody, and why.</param>
public sealed record PlannedStep(int Number, TimeSpan After, DateTimeOffset At, IReadOnlyList<PlannedCall> Calls, IReadOnlyList<string> Gaps)
{
    /// <summary>Whom the step's condition leaves out, and why; that is meant.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];

    /// <summary>When somebody will be on call for a step that waits for it; null when it does not wait.</summary>
    public DateTimeOffset? HeldUntil { get; init; }
}

/// <summary>Who would be called if an alert came at a moment, in order, and when.</summary>
/// <param name="At">The moment of the alert.</param>
/// <param name="Policy">Slug of the policy that is followed.</param>
/// <param name="PolicyName">Its name.</param>
/// <param name="Why">Why this policy, in a sentence.</param>
/// <param name="Steps">What it does.</param>
/// <param name="RepeatsAt">When all steps begin again if nobody took it.</param>
/// <param name="Gaps">Everything that reaches nobody, the linked policy's included.</param>
public sealed record CallPlan(
    DateTimeOffset At, string Policy, string PolicyName, string Why, IReadOnlyList<PlannedStep> Steps, IReadOnlyList<DateTimeOffset> RepeatsAt, IReadOnlyList<string> Gaps)
{
    /// <summary>Every call, in order.</summary>
    public IEnumerable<PlannedCall> Calls => Steps.SelectMany(s => s.Calls);

    /// <summary>Whether nobody at all would be called.</summary>
    public bool IsEmpty => Steps.All(s => s.Calls.Count == 0);

    /// <summary>The plan for an integration: its policy, or the last resort where none is linked or where the linked one reaches nobody.</summary>
    /// <param name="linked">The integration's policy; null when none is linked.</param>
    /// <param name="lastResort">The company's last resort.</param>
    /// <param name="reach">What each target of both policies stands for.</param>
    /// <param name="at">The moment of the alert.</param>
    public static CallPlan For(EscalationPolicy? linked, EscalationPolicy lastResort, Func<Target, Reached> reach, DateTimeOffset at)
    {
        if (linked is null)
        {
            return Of(lastResort, "No policy is linked here, so the company's last resort is followed.", reach, at);
        }

        var plan = Of(linked, linked.IsLastResort ? "The company's last resort is linked here." : $"{linked.Name} is linked here.", reach, at);
        if (!plan.IsEmpty || linked.IsLastResort)
        {
            return plan;
        }

        var caught = Of(lastResort, $"{linked.Name} reaches nobody, so the company's last resort is followed.", reach, at);
        return caught with { Gaps = [.. plan.Gaps, .. caught.Gaps] };
    }

    /// <summary>The plan of one policy. A step that reaches nobody is skipped at once: the next one does not wait for its own delay.</summary>
    public static CallPlan Of(EscalationPolicy policy, string why, Func<Target, Reached> reach, DateTimeOffset at)
    {
        List<PlannedStep> steps = [];
        var after = TimeSpan.Zero;
        var skipped = false;
        foreach (var step in policy.Steps)
        {
            after += skipped ? TimeSpan.Zero : step.Delay;
            var planned = Plan(steps.Count + 1, step, policy.Name, reach, after, at);
            skipped = planned.Calls.Count == 0;
            steps.Add(planned);
        }

        var round = after + policy.Pause;
        return new(
            at, policy.Slug, policy.Name, why, steps,
            [.. Enumerable.Range(1, policy.Repeat).Select(n => at + (round * n))],
            [.. steps.SelectMany(s => s.Gaps.Select(g => $"Step {s.Number} of {policy.Name}: {g}"))]);
    }

    internal static PlannedStep Plan(int number, EscalationStep step, string policy, Func<Target, Reached> reach, TimeSpan after, DateTimeOffset at, Severity? severity = null)
    {
        if (step.When is { } rule && !rule.IsFor(severity))
        {
            return new(number, after, at + after, [], []) { Passed = [$"{rule.Said}."] };
        }

        List<PlannedCall> calls = [];
        List<string> gaps = [];
        List<string> passed = [];
        DateTimeOffset? back = null;
        foreach (var target in step.Targets)
        {
            var reached = reach(target);
            foreach (var who in reached.Callees)
            {
                if (step.When is { } when && !when.IsFor(who, at + after))
                {
                    passed.Add($"{who.Name}: {when.Said}.");
                }
                else if (who.CanBeReached)
                {
                    calls.Add(new(target, reached.Label, who, at + after, Reasons(target, reached, who, number, policy, step.When, at + after)));
                }
                else
                {
                    gaps.Add($"{who.Name} has neither phone nor mail.");
                }
            }

            if (reached.Callees.Count == 0)
            {
                gaps.Add(reached.Gap ?? $"{reached.Label} is nobody.");
                back = reached.Back is { } then && (back is null || then < back) ? then : back;
            }
        }

        return new(number, after, at + after, calls, gaps) { Passed = passed, HeldUntil = step.Hold && calls.Count == 0 ? back : null };
    }

    private static List<string> Reasons(Target target, Reached reached, Callee who, int number, string policy, StepCondition? when, DateTimeOffset at)
    {
        List<string> reasons = [.. who.Reasons(at)];
        if (target.Kind is TargetKind.Team or TargetKind.Role or TargetKind.Schedule)
        {
            reasons.Add(target.Kind == TargetKind.Team ? $"in {reached.Label}" : reached.Label);
        }

        if (when is { Severity: not null })
        {
            reasons.Add(when.Said);
        }

        reasons.Add($"step {number} of {policy}");
        return reasons;
    }
}
