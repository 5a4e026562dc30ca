namespace PartnerPortal.Domain.Audit;

/// <summary>One row of the audit log: who changed what, when, before and after. Rows are only ever added; a module chains them by hash.</summary>
public sealed class AuditEntry
{
    private AuditEntry()
    {
    }

    /// <summary>Writes down a change.</summary>
    public AuditEntry(Guid id, DateTimeOffset at, Access.Actor by, AuditSubject subject, string action, string? before, string? after)
    {
        (Id, At, ActorId, ActorName, Through) = (id, at, by.Id, by.Name, by.Through);
        (Kind, SubjectId, Title, PartnerId) = (subject.Kind, subject.Id, subject.Title, subject.PartnerId);
        (Action, Before, After) = (action, before, after);
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>The person; null for the portal itself.</summary>
    public Guid? ActorId { get; private init; }

    /// <summary>The person's mail address, or "portal".</summary>
    public string ActorName { get; private init; } = "";

    /// <summary>page, api, or an engine module's name.</summary>
    public string Through { get; private init; } = "";

    /// <summary>Whose log shows it.</summary>
    public Guid? PartnerId { get; private init; }

    /// <summary>What kind of thing.</summary>
    public string Kind { get; private init; } = "";

    /// <summary>Which one.</summary>
    public Guid SubjectId { get; private init; }

    /// <summary>What people call it.</summary>
    public string Title { get; private init; } = "";

    /// <summary>added, changed, removed, or a word of the trade for a bulk change (imported).</summary>
    public string Action { get; private init; } = "";

    /// <summary>The changed fields before, as JSON; null when added.</summary>
    public string? Before { get; private init; }

    /// <summary>The changed fields after, as JSON; null when removed.</summary>
    public string? After { get; private init; }

    /// <summary>Place in the chain, from 1; null for at most about a second after the change.</summary>
    public long? Position { get; private init; }

    /// <summary>SHA-256 over the previous row's hash and this row; null until chained.</summary>
    public byte[]? Hash { get; private init; }
}
