namespace PartnerPortal.Domain.Incidents;

/// <summary>Whether an alert still says that something is wrong.</summary>
public enum AlertState
{
    /// <summary>Something is wrong.</summary>
    Firing,

    /// <summary>It is over.</summary>
    Resolved,
}

/// <summary>
/// Something said that something is wrong with an integration: a rule, a check, a partner's status page. One alert per source and
/// <see cref="DedupKey"/> fires at a time; when it comes back after it was resolved, that is a new one.
/// </summary>
public sealed class Alert
{
    /// <summary>The source of alerts that rules raise.</summary>
    public const string FromRule = "rule";

    private const int MostChanges = 100;

    private Alert()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it is about.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration it is about.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>What kind of thing raised it, such as <see cref="FromRule"/>.</summary>
    public string Source { get; private init; } = "";

    /// <summary>The name of what raised it within its kind: a rule's slug.</summary>
    public string SourceName { get; private init; } = "";

    /// <summary>Its id, where the portal has one.</summary>
    public Guid? SourceId { get; private init; }

    /// <summary>What makes two reports the same problem. For a rule its id and the labels.</summary>
    public string DedupKey { get; private init; } = "";

    /// <summary>What people call the problem.</summary>
    public string Title { get; private init; } = "";

    /// <summary>A sentence with the figures.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>How bad it is.</summary>
    public Severity Severity { get; private init; }

    /// <summary>What tells it from its neighbours.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private init; } = new Dictionary<string, string>();

    /// <summary>The last value that was computed; null when nothing was computed yet, or the figures are missing.</summary>
    public double? Value { get; private set; }

    /// <summary>When it began, as far as is known.</summary>
    public Onset Onset { get; private set; } = default!;

    /// <summary>When the portal knew: the moment of the alert, not of the problem.</summary>
    public DateTimeOffset FirstSeenAt { get; private init; }

    /// <summary>Since when the figures behind it are missing; null while they come. A missing figure resolves nothing.</summary>
    public DateTimeOffset? NoDataSince { get; private set; }

    /// <summary>When it was over; null while it fires.</summary>
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>The slug of the partner's runbook that helps, if any.</summary>
    public string? Runbook { get; private init; }

    /// <summary>What happened to it, oldest first; of very many changes the newest.</summary>
    public IReadOnlyList<AlertChange> History { get; private set; } = [];

    /// <summary>How often its source said so again; the first time does not count.</summary>
    public int Repeats { get; private set; }

    /// <summary>When its source last said anything about it.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    /// <summary>Since when the sender itself says so; null when it named no start.</summary>
    public DateTimeOffset? SenderStartedAt { get; private init; }

    /// <summary>Where the sender shows it.</summary>
    public string? Link { get; private init; }

    /// <summary>What makes alerts one incident: alerts of one integration with the same group join the same open incident. By default the alert's own key.</summary>
    public string Group { get; private init; } = "";

    /// <summary>How loudly people are told, as its source says; null when <see cref="Urgencies"/> decides.</summary>
    public Urgency? Urgency { get; private init; }

    /// <summary>The incident it belongs to; null while none was opened for it: it was only just raised, is held back by a silence, or is only recorded.</summary>
    public Guid? IncidentId { get; private set; }

    /// <summary>Whether its last change (raised, resolved) has reached its incident. Set by who opens and closes incidents, cleared by every change.</summary>
    public bool Settled { get; private set; }

    /// <summary>Until when a silence holds back its incident; null when none does.</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

    /// <summary>The silence that holds it back, or did last.</summary>
    public Guid? SilenceId { get; private set; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    /// <summary>Whether it still says that something is wrong.</summary>
    public AlertState State => ResolvedAt is null ? AlertState.Firing : AlertState.Resolved;

    /// <summary>Raises an alert.</summary>
    public static Alert Raise(AlertReport report, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        PartnerId = report.PartnerId,
        IntegrationId = report.IntegrationId,
        Source = report.Source,
        SourceName = report.SourceName,
        SourceId = report.SourceId,
        DedupKey = report.DedupKey,
        Title = report.Title,
        Summary = report.Summary,
        Severity = report.Severity,
        Labels = report.Labels,
        Value = report.Value,
        Onset = report.Onset,
        Runbook = report.Runbook,
        SenderStartedAt = report.SenderStartedAt,
        Link = report.Link,
        Urgency = report.Urgency,
        Group = report.Group ?? $"{report.Source} {report.DedupKey}",
        FirstSeenAt = at,
        LastSeenAt = at,
        History = [new AlertChange(at, $"Raised: {report.Summary}")],
    };

    /// <summary>Its source still says so, with a newer figure.</summary>
    public void Repeat(string summary, double? value, DateTimeOffset at)
    {
        if (NoDataSince is not null)
        {
            Note(at, $"The figures are back: {summary}");
        }

        (Summary, Value, NoDataSince) = (summary, value ?? Value, null);
        (Repeats, LastSeenAt) = (Repeats + 1, at);
    }

    /// <summary>The figures behind it are missing: it neither goes on nor is it over.</summary>
    public void LoseData(DateTimeOffset at)
    {
        if (NoDataSince is null)
        {
            NoDataSince = at;
            Note(at, "The figures behind it are missing; it goes on.");
        }
    }

    /// <summary>It is over. Saying so twice keeps the first moment.</summary>
    public void Resolve(DateTimeOffset at)
    {
        NoDataSince = null;
        if (ResolvedAt is null)
        {
            (ResolvedAt, LastSeenAt, Settled, HeldUntil) = (at, at, false, null);
            Note(at, "Resolved.");
        }
    }

    /// <summary>The start is known more exactly; an estimate that is no part of the known interval's past is refused.</summary>
    public void Refine(Onset onset, DateTimeOffset at)
    {
        if (onset.FirstBad <= Onset.FirstBad)
        {
            Onset = onset;
            Note(at, $"The start is known better: {onset.Said} UTC.");
        }
    }

    /// <summary>Its source said something that changes nothing: it goes on.</summary>
    public void Hear(string what, DateTimeOffset at)
    {
        LastSeenAt = at;
        Note(at, what);
    }

    /// <summary>It belongs to an incident now.</summary>
    public void Join(Guid incident, DateTimeOffset at)
    {
        if (IncidentId != incident)
        {
            Note(at, IncidentId is null ? "Joined an incident." : "Moved to another incident.");
        }

        (IncidentId, Settled, HeldUntil) = (incident, true, null);
    }

    /// <summary>A silence or an inhibition holds back its incident; it is looked at again then.</summary>
    /// <param name="by">The silence or the inhibition.</param>
    /// <param name="why">Why, as a sentence without its beginning.</param>
    /// <param name="until">When it is looked at again.</param>
    /// <param name="at">When.</param>
    public void HoldBack(Guid by, string why, DateTimeOffset until, DateTimeOffset at)
    {
        if (SilenceId != by || HeldUntil is null)
        {
            Note(at, $"Held back {why}");
        }

        (SilenceId, HeldUntil) = (by, until);
    }

    /// <summary>Its last change has reached its incident, or there is none that must know.</summary>
    /// <param name="at">When.</param>
    /// <param name="why">Why no incident was opened; null when one was.</param>
    public void Settle(DateTimeOffset at, string? why = null)
    {
        Settled = true;
        if (why is not null)
        {
            Note(at, why);
        }
    }

    private void Note(DateTimeOffset at, string what) => History = [.. History.TakeLast(MostChanges - 1), new AlertChange(at, what)];
}

/// <summary>One thing that happened to an alert.</summary>
/// <param name="At">When.</param>
/// <param name="What">A sentence.</param>
public sealed record AlertChange(DateTimeOffset At, string What);

/// <summary>What a source says when it raises an alert; see <see cref="Alert"/> for each part.</summary>
public sealed record AlertReport(
    Guid PartnerId, Guid IntegrationId, string Source, string SourceName, string DedupKey, string Title, string Summary, Severity Severity,
    IReadOnlyDictionary<string, string> Labels, double? Value, Onset Onset, string? Runbook, Guid? SourceId = null,
    DateTimeOffset? SenderStartedAt = null, string? Link = null, string? Group = null, Urgency? Urgency = null);
