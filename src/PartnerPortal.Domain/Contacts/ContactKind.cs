namespace PartnerPortal.Domain.Contacts;

/// <summary>Who answers.</summary>
public enum ContactKind
{
    /// <summary>One person.</summary>
    Person,

    /// <summary>A desk, hotline or team: whoever is on duty there.</summary>
    Desk,
}
