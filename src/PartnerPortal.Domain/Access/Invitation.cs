using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Access;

/// <summary>A link that lets one person in, once, until a date. Opening it changes nothing (mail scanners open links); only accepting does.</summary>
public sealed class Invitation : IAudited
{
    /// <summary>How long a link holds when nothing else is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    /// <summary>The longest that a link may hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private Invitation()
    {
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>Whom it is for; null only for the link that sets the portal up.</summary>
    public string? Email { get; private init; }

    /// <summary>The role they get.</summary>
    public Role Role { get; private init; }

    /// <summary>The partner of a guest.</summary>
    public Guid? PartnerId { get; private init; }

    /// <summary>SHA-256 of the secret in the link.</summary>
    [Secret]
    public byte[] Hash { get; private init; } = [];

    /// <summary>Who invited.</summary>
    public string InvitedBy { get; private init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it stops working.</summary>
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>When it was taken back.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset? AcceptedAt { get; private set; }

    /// <summary>Who accepted it.</summary>
    public Guid? AcceptedBy { get; private set; }

    /// <summary>Guards against two people accepting at once.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("invitation", Id, Email ?? "set-up", PartnerId);

    /// <summary>Invites somebody; the caller shows the link with the secret once.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Invitation For(InvitationDraft draft, string secret, Guid? partnerId, Actor by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var email = check.Mail("email", draft.Email);
        if (string.IsNullOrWhiteSpace(draft.Email))
        {
            check.Refuse("email", "Enter the mail address of the person you invite.");
        }

        var role = check.Word("role", draft.Role, Role.Viewer);
        if (role == Role.Guest && partnerId is null)
        {
            check.Refuse("partner", "A guest belongs to one partner. Choose which.");
        }
        else if (role != Role.Guest && partnerId is not null)
        {
            check.Refuse("partner", $"Only a guest belongs to a partner; the role {Words.Of(role)} sees all of them.");
        }

        var holds = TimeSpan.FromDays(draft.Days ?? Usual.TotalDays);
        if (holds < TimeSpan.FromHours(1) || holds > Longest)
        {
            check.Refuse("days", $"A link holds 1 to {Longest.TotalDays:0} days.");
        }

        check.ThrowIfRefused();
        return new()
        {
            Id = Guid.CreateVersion7(at),
            Email = email,
            Role = role,
            PartnerId = partnerId,
            Hash = AccessSecret.Hash(secret),
            InvitedBy = by.Name,
            CreatedAt = at,
            ExpiresAt = at + holds,
        };
    }

    /// <summary>The link that makes the first administrator of an empty portal.</summary>
    public static Invitation SetUp(string secret, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Role = Role.Administrator,
        Hash = AccessSecret.Hash(secret),
        InvitedBy = "portal",
        CreatedAt = at,
        ExpiresAt = at + Longest,
    };

    /// <summary>Why it cannot be accepted; null when it can.</summary>
    public string? Refusal(DateTimeOffset at) => this switch
    {
        { RevokedAt: not null } => "This link was taken back. Ask for a new one.",
        { AcceptedAt: not null } => "This link was used already. Sign in, or ask for a new one.",
        _ when at >= ExpiresAt => "This link has run out. Ask for a new one.",
        _ => null,
    };

    /// <summary>Notes who accepted it.</summary>
    /// <exception cref="RuleBroken">It was used, taken back, or has run out.</exception>
    public void Accept(Guid personId, DateTimeOffset at)
    {
        if (Refusal(at) is { } refusal)
        {
            throw new RuleBroken(refusal);
        }

        (AcceptedAt, AcceptedBy) = (at, personId);
    }

    /// <summary>Takes it back.</summary>
    public void Revoke(DateTimeOffset at) => RevokedAt ??= at;
}

/// <summary>What somebody wants an invitation to be.</summary>
/// <param name="Email">Whom it is for.</param>
/// <param name="Role">viewer when absent.</param>
/// <param name="Partner">Slug of a guest's partner.</param>
/// <param name="Days">How long the link holds; 7 when absent.</param>
public sealed record InvitationDraft(string? Email, string? Role = null, string? Partner = null, double? Days = null);
