namespace PartnerPortal.Domain;

/// <summary>Whose it is: a contact, a metric source, an action.</summary>
public enum Side
{
    /// <summary>Our company's.</summary>
    Ours,

    /// <summary>The partner's.</summary>
    Partner,
}
