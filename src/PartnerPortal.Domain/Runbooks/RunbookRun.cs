using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>Where a step of a run stands.</summary>
public enum StepState
{
    /// <summary>Nobody has done it yet.</summary>
    ToDo,

    /// <summary>Somebody did it.</summary>
    Done,

    /// <summary>Somebody left it out, and said why.</summary>
    Skipped,

    /// <summary>Somebody tried, and it did not work.</summary>
    Failed,
}

/// <summary>How a step stands.</summary>
/// <param name="Key">The step.</param>
/// <param name="State">Done, skipped or failed; what is to do is not written down.</param>
/// <param name="Comment">Why, or what was seen; may be empty for what is done.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
public sealed record StepStanding(string Key, StepState State, string Comment, string By, DateTimeOffset At);

/// <summary>
/// Somebody follows a runbook in an incident. The run keeps its own copy of the text: later edits never touch it. It ends when every step is
/// settled or the incident is over, and then never changes again. Every verb answers with the line for the incident's timeline.
/// </summary>
public sealed class RunbookRun : IAudited
{
    private RunbookRun()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The incident.</summary>
    public Guid IncidentId { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The runbook.</summary>
    public Guid RunbookId { get; private init; }

    /// <summary>The runbook's title when it began.</summary>
    public string Title { get; private init; } = "";

    /// <summary>The version that is followed.</summary>
    public int Number { get; private init; }

    /// <summary>The frozen Markdown.</summary>
    [NotAudited] // The version that Number names has it.
    public string Text { get; private init; } = "";

    /// <summary>The frozen steps, in order.</summary>
    [NotAudited] // Made of the text.
    public IReadOnlyList<RunbookStep> Steps { get; private init; } = [];

    /// <summary>What became of the steps that are settled.</summary>
    public IReadOnlyList<StepStanding> Standings { get; private set; } = [];

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>Who began it.</summary>
    public string StartedBy { get; private init; } = "";

    /// <summary>When it ended; null while it is followed.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    /// <summary>How many steps are done.</summary>
    public int Done => Count(StepState.Done);

    /// <summary>How many did not work.</summary>
    public int Failed => Count(StepState.Failed);

    /// <summary>How many were left out.</summary>
    public int Skipped => Count(StepState.Skipped);

    /// <summary>How many are done, left out or did not work.</summary>
    public int Settled => Standings.Count;

    /// <summary>The first step that is to do; null when none is.</summary>
    public RunbookStep? Next => Steps.FirstOrDefault(s => StandingOf(s.Key) is null);

    /// <summary>Whether every step was settled and none failed: whoever followed it may say that the runbook works.</summary>
    public bool WentWell => EndedAt is not null && Settled == Steps.Count && Failed == 0 && Done > 0;

    AuditSubject IAudited.AuditedAs => new("runbook run", Id, Title, PartnerId);

    /// <summary>Freezes a runbook and begins.</summary>
    /// <exception cref="RuleBroken">The runbook is archived.</exception>
    public static RunbookRun Start(Guid incident, Runbook runbook, string by, DateTimeOffset at) => runbook.ArchivedAt is not null
        ? throw new RuleBroken($"“{runbook.Title}” is archived. Choose another runbook, or bring it back first.")
        : new()
        {
            Id = Guid.CreateVersion7(at),
            IncidentId = incident,
            PartnerId = runbook.PartnerId,
            RunbookId = runbook.Id,
            Title = runbook.Title,
            Number = runbook.Number,
            Text = runbook.Text,
            Steps = RunbookSteps.Of(runbook.Text, runbook.Title),
            StartedAt = at,
            StartedBy = by,
        };

    /// <summary>How a step stands; null while it is to do.</summary>
    public StepStanding? StandingOf(string key) => Standings.FirstOrDefault(s => s.Key == key);

    /// <summary>Settles a step or sets it back. The first one wins: what is settled must be set back before it can be something else.</summary>
    /// <returns>The line for the timeline; null when it stands so already.</returns>
    /// <exception cref="NotThere">There is no such step.</exception>
    /// <exception cref="FieldsRefused">The reason is missing or too long.</exception>
    /// <exception cref="RuleBroken">The run has ended, or somebody settled the step in another way.</exception>
    public string? Set(string key, StepState state, string? comment, string by, DateTimeOffset at)
    {
        var step = Steps.FirstOrDefault(s => s.Key == key) ?? throw new NotThere($"step {key} in “{Title}”");
        var before = StandingOf(key);
        if (before?.State == state || (before is null && state == StepState.ToDo))
        {
            return null;
        }

        if (EndedAt is not null)
        {
            throw new RuleBroken($"This run of “{Title}” has ended and stays as it is. Start the runbook again if it is needed.");
        }

        if (before is not null && state != StepState.ToDo)
        {
            throw new RuleBroken($"Step {key} is already {Words.Of(before.State)} by {before.By}. Set it back first if that is wrong.");
        }

        var said = Check(state, comment);
        Standings = state == StepState.ToDo ? [.. Standings.Where(s => s.Key != key)] : [.. Standings, new StepStanding(key, state, said, by, at)];
        EndedAt = Settled == Steps.Count ? at : null;
        var words = state == StepState.ToDo ? "set back" : state == StepState.Failed ? "could not do" : state == StepState.Skipped ? "skipped" : "did";
        return $"{by} {words} step {key} of “{Title}”: {step.Title}{(said.Length > 0 ? $" — {said}" : "")}{(EndedAt is null ? "" : $"\n{Sum}")}";
    }

    /// <summary>The incident is over, and so is the run.</summary>
    public void End(DateTimeOffset at) => EndedAt ??= at;

    /// <summary>What became of it: "5 of 6 done, 1 failed".</summary>
    public string Sum => $"{Done} of {Steps.Count} done{(Skipped > 0 ? $", {Skipped} skipped" : "")}{(Failed > 0 ? $", {Failed} failed" : "")}";

    private int Count(StepState state) => Standings.Count(s => s.State == state);

    private static string Check(StepState state, string? comment)
    {
        var check = new FieldCheck();
        var said = state switch
        {
            StepState.Skipped => check.Needed("comment", comment, "why it is skipped", 1000),
            StepState.Failed => check.Needed("comment", comment, "what went wrong", 1000),
            _ => check.Text("comment", comment, 1000),
        };
        check.ThrowIfRefused();
        return said;
    }
}
