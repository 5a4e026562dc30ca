using Microsoft.AspNetCore.Identity;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Access;

/// <summary>A person who signs in. One role a person. Identity keeps the ways to sign in; the portal's rules are the verbs below.</summary>
/// <remarks>Identity's own properties are overridden only to say what the audit log shows of them.</remarks>
public sealed class PortalUser : IdentityUser<Guid>, IAudited
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

    /// <summary>The time step of the last accepted code of an authenticator app; no step works twice (RFC 6238, section 5.2).</summary>
    [NotAudited]
    public long LastCodeStep { get; set; }

    /// <inheritdoc/>
    [Secret]
    public override string? PasswordHash { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override string? UserName { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override string? NormalizedUserName { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override string? NormalizedEmail { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override bool EmailConfirmed { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override string? SecurityStamp { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override string? PhoneNumber { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override bool PhoneNumberConfirmed { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override DateTimeOffset? LockoutEnd { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override bool LockoutEnabled { get; set; }

    /// <inheritdoc/>
    [NotAudited]
    public override int AccessFailedCount { get; set; }

    AuditSubject IAudited.AuditedAs => new("person", Id, Email ?? "", PartnerId);

    /// <summary>Enters a person. Without a password they sign in through OpenID Connect or a passkey.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static PortalUser Enter(string? email, string? displayName, Role role, Guid? partnerId, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var address = check.Mail("email", email);
        if (string.IsNullOrWhiteSpace(email))
        {
            check.Refuse("email", "Enter a mail address.");
        }

        var name = check.Text("name", displayName, 200);
        check.ThrowIfRefused();
        return new()
        {
            Id = Guid.CreateVersion7(at),
            UserName = address,
            NormalizedUserName = address!.ToUpperInvariant(),
            Email = address,
            NormalizedEmail = address.ToUpperInvariant(),
            EmailConfirmed = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            DisplayName = name.Length == 0 ? address.Split('@')[0] : name,
            Role = role,
            PartnerId = partnerId,
            CreatedAt = at,
        };
    }

    /// <summary>Changes what people call them and where they are.</summary>
    /// <param name="name">1 to 200 characters.</param>
    /// <param name="timeZone">IANA name; empty for the browser's.</param>
    /// <param name="known">Whether a zone exists.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Introduce(string? name, string? timeZone, Func<string, bool> known)
    {
        var check = new FieldCheck();
        var shown = check.Needed("name", name, "a name");
        var zone = check.Text("timeZone", timeZone, 60);
        if (zone.Length > 0 && !known(zone))
        {
            check.Refuse("timeZone", $"“{zone}” is no time zone. Choose one like Europe/Stockholm.");
        }

        check.ThrowIfRefused();
        DisplayName = shown;
        TimeZone = zone.Length == 0 ? null : zone;
    }

    /// <summary>Gives them another role.</summary>
    /// <exception cref="RuleBroken">A guest cannot become one of ours, nor the other way: invite them anew.</exception>
    public void ChangeRole(Role role)
    {
        if (role != Role && (role == Role.Guest || Role == Role.Guest))
        {
            throw new RuleBroken("A guest belongs to a partner and stays a guest. Invite the person anew with the other role.");
        }

        Role = role;
    }

    /// <summary>Keeps them out until they are enabled again.</summary>
    public void Disable(DateTimeOffset at) => DisabledAt ??= at;

    /// <summary>Lets them in again.</summary>
    public void Enable() => DisabledAt = null;
}
