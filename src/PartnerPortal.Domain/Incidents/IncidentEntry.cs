namespace PartnerPortal.Domain.Incidents;

/// <summary>What kind of thing happened to an incident.</summary>
public enum EntryKind
{
    /// <summary>It was opened: by an alert, or by a person.</summary>
    Opened,

    /// <summary>An alert joined it.</summary>
    Alert,

    /// <summary>One of its alerts is over.</summary>
    AlertOver,

    /// <summary>A step of the escalation was carried out.</summary>
    Step,

    /// <summary>A step, or all of them, reached nobody.</summary>
    Gap,

    /// <summary>Somebody took it.</summary>
    Acknowledged,

    /// <summary>Nobody acted for too long: it is nobody's again.</summary>
    AcknowledgementOver,

    /// <summary>Somebody asked for the next step at once.</summary>
    Escalated,

    /// <summary>It was given to somebody else.</summary>
    Reassigned,

    /// <summary>Somebody was added.</summary>
    Responder,

    /// <summary>It is quiet until a moment.</summary>
    Snoozed,

    /// <summary>The quiet time is over.</summary>
    SnoozeOver,

    /// <summary>Somebody wrote something down.</summary>
    Note,

    /// <summary>How a call to the partner ended.</summary>
    Call,

    /// <summary>A message to the partner was written.</summary>
    ToldPartner,

    /// <summary>A runbook was started, or a step of it was done.</summary>
    Runbook,

    /// <summary>A detail was changed: title, ticket, bridge, severity.</summary>
    Changed,

    /// <summary>It was merged into another one, or another one into it.</summary>
    Merged,

    /// <summary>It is over.</summary>
    Resolved,
}

/// <summary>One line of an incident's timeline. Lines are added and never changed.</summary>
public sealed class IncidentEntry
{
    private IncidentEntry()
    {
    }

    /// <summary>Its place: what was written first has the smaller number. Given by the database.</summary>
    public long Id { get; private init; }

    /// <summary>The incident.</summary>
    public Guid IncidentId { get; private init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>What kind of thing.</summary>
    public EntryKind Kind { get; private init; }

    /// <summary>Who did it: a mail address, a source, or "portal".</summary>
    public string By { get; private init; } = "";

    /// <summary>A sentence.</summary>
    public string What { get; private init; } = "";

    /// <summary>A line.</summary>
    public static IncidentEntry Of(Guid incident, EntryKind kind, string by, string what, DateTimeOffset at) => new()
    {
        IncidentId = incident,
        At = at,
        Kind = kind,
        By = by,
        What = what.Length > 4000 ? what[..3999] + "…" : what,
    };
}
