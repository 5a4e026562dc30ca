namespace PartnerPortal.Domain.Escalation;

/// <summary>A step that a run carried out. One per turn of the run, whatever happens: it is never carried out twice.</summary>
public sealed class RunStep
{
    private RunStep()
    {
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>The run.</summary>
    public Guid RunId { get; private init; }

    /// <summary>The incident.</summary>
    public Guid IncidentId { get; private init; }

    /// <summary>Counts the steps of the run from 1 without a gap, over all rounds and policies; unique within the run.</summary>
    public int Turn { get; private init; }

    /// <summary>Slug of the policy that it belongs to.</summary>
    public string Policy { get; private init; } = "";

    /// <summary>The round, from 1.</summary>
    public int Round { get; private init; }

    /// <summary>The step's number in its policy, from 1.</summary>
    public int Number { get; private init; }

    /// <summary>When it was due.</summary>
    public DateTimeOffset DueAt { get; private init; }

    /// <summary>When it was carried out.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>Who was paged; empty when it reached nobody and was skipped at once.</summary>
    public IReadOnlyList<SteppedCall> Calls { get; private init; } = [];

    /// <summary>Targets that reached nobody, and why.</summary>
    public IReadOnlyList<string> Gaps { get; private init; } = [];

    /// <summary>Whom the step's condition left out, and why; that was meant.</summary>
    public IReadOnlyList<string> Passed { get; private init; } = [];

    internal static RunStep Of(EscalationRun run, FrozenPolicy policy, int number, DateTimeOffset due, IReadOnlyList<SteppedCall> calls, PlannedStep planned, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        RunId = run.Id,
        IncidentId = run.IncidentId,
        Turn = run.Turn,
        Policy = policy.Slug,
        Round = run.Round,
        Number = number,
        DueAt = due,
        At = at,
        Calls = calls,
        Gaps = planned.Gaps,
        Passed = planned.Passed,
    };
}

/// <summary>Somebody whom a step paged.</summary>
/// <param name="Key">Mail address, or partner/contact.</param>
/// <param name="Name">What people call them.</param>
/// <param name="Side">Ours or theirs.</param>
/// <param name="Phone">Number in E.164, for the one who must call a partner's contact.</param>
/// <param name="Email">Mail address; null when unknown.</param>
/// <param name="Reasons">What speaks for and against it.</param>
public sealed record SteppedCall(string Key, string Name, Side Side, string? Phone, string? Email, IReadOnlyList<string> Reasons);
