namespace PartnerPortal.Domain.Integrations;

/// <summary>Where an integration stands, from the first talk to the end.</summary>
public enum Stage
{
    /// <summary>Talked about.</summary>
    Prospect,

    /// <summary>Our engineers and theirs review it before anything is signed.</summary>
    InReview,

    /// <summary>Signed.</summary>
    Contracted,

    /// <summary>Being built, engineers side by side.</summary>
    Integrating,

    /// <summary>Users depend on it.</summary>
    Live,

    /// <summary>Switched off for now.</summary>
    Suspended,

    /// <summary>Being replaced; still in use.</summary>
    Retiring,

    /// <summary>No longer in use.</summary>
    Retired,

    /// <summary>Stopped before a contract.</summary>
    Declined,
}
