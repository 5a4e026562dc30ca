namespace PartnerPortal.Domain.Incidents;

/// <summary>What became of a delivery.</summary>
public enum DeliveryOutcome
{
    /// <summary>Its alerts are stored.</summary>
    Accepted,

    /// <summary>It came before, and changed nothing.</summary>
    Repeat,

    /// <summary>It did not fit the format.</summary>
    Refused,
}
