namespace PartnerPortal.Domain.Incidents;

/// <summary>How bad it is, and so how loudly people are told.</summary>
public enum Severity
{
    /// <summary>Users are hurt: somebody is called.</summary>
    Critical,

    /// <summary>It will hurt unless somebody acts in working hours.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Info,
}
