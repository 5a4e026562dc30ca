namespace PartnerPortal.Domain.Partners;

/// <summary>How much weight both sides give the partnership; it decides what may be asked of the partner.</summary>
public enum Tier
{
    /// <summary>Their engineers work with ours; nearly everything can be asked.</summary>
    Strategic,

    /// <summary>A contract and named contacts.</summary>
    Standard,

    /// <summary>Signed up on a web page; takes no wishes, publishes a status page at best.</summary>
    SelfService,
}
