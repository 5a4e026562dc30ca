using Microsoft.AspNetCore.Identity;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Access;

/// <summary>A person who signs in. One role a person.</summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    /// <summary>What people call them; shown beside the mail address.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>What they may do.</summary>
    public Role Role { get; set; } = Role.Viewer;

    /// <summary>The one partner that a guest belongs to.</summary>
    public Guid? PartnerId { get; set; }

    /// <summary>IANA time zone; null means the browser's.</summary>
    public string? TimeZone { get; set; }

    /// <summary>When they were entered.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set when they may no longer sign in.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
