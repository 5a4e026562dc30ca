namespace PartnerPortal.Domain.Incidents;

/// <summary>Where an incident stands.</summary>
public enum IncidentState
{
    /// <summary>Nobody has it.</summary>
    Open,

    /// <summary>Somebody has it.</summary>
    Acknowledged,

    /// <summary>It is quiet until a moment.</summary>
    Snoozed,

    /// <summary>It is over.</summary>
    Resolved,
}
