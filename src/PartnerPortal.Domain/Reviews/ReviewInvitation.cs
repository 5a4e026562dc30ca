using System.Globalization;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>A link that lets one engineer of the partner answer one review. Opening it changes nothing; it is traded once, by a button, for a guest's session.</summary>
public sealed class ReviewInvitation : IAudited
{
    /// <summary>How long it holds when nothing else is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(14);

    /// <summary>The longest that it may hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    private ReviewInvitation()
    {
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>The review that it opens.</summary>
    public Guid ReviewId { get; private init; }

    /// <summary>The partner whose review that is.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>Whom it is for: a mail address.</summary>
    public string Email { get; private init; } = "";

    /// <summary>SHA-256 of the secret in the link.</summary>
    [Secret]
    public byte[] Hash { get; private init; } = [];

    /// <summary>Who invited: a mail address.</summary>
    public string InvitedBy { get; private init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it, and what it was traded for, stops working.</summary>
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>When it was taken back; null while it was not.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>When it was traded; null while it was not.</summary>
    public DateTimeOffset? TradedAt { get; private set; }

    /// <summary>The guest who traded it.</summary>
    public Guid? TradedBy { get; private set; }

    /// <summary>The session that it was traded for.</summary>
    public Guid? SessionId { get; private set; }

    /// <summary>When the guest last used it, to the minute.</summary>
    [NotAudited]
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>Guards against two people trading at once.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("review invitation", Id, Email, PartnerId);

    /// <summary>Invites an engineer of the partner; the caller shows the link with the secret once.</summary>
    /// <param name="reviewId">The review.</param>
    /// <param name="partnerId">Whose review that is.</param>
    /// <param name="draft">Whom, and for how long.</param>
    /// <param name="secret">The secret part of the link.</param>
    /// <param name="by">Who invites.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static ReviewInvitation For(Guid reviewId, Guid partnerId, ReviewInvitationDraft draft, string secret, Actor by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var email = check.Mail("email", draft.Email);
        if (string.IsNullOrWhiteSpace(draft.Email))
        {
            check.Refuse("email", "Enter the mail address of the partner's engineer.");
        }

        var days = draft.Days ?? (int)Usual.TotalDays;
        if (days < 1 || days > Longest.TotalDays)
        {
            check.Refuse("days", $"A link holds 1 to {Longest.TotalDays:0} days.");
        }

        check.ThrowIfRefused();
        return new()
        {
            Id = Guid.CreateVersion7(at),
            ReviewId = reviewId,
            PartnerId = partnerId,
            Email = email!,
            Hash = AccessSecret.Hash(secret),
            InvitedBy = by.Name,
            CreatedAt = at,
            ExpiresAt = at + TimeSpan.FromDays(days),
        };
    }

    /// <summary>Whether what it was traded for still lets its guest in.</summary>
    public bool Opens(DateTimeOffset at) => TradedAt is not null && RevokedAt is null && at < ExpiresAt;

    /// <summary>Why it cannot be traded; null when it can.</summary>
    public string? Refusal(DateTimeOffset at) => RefusalOf(RevokedAt, TradedAt, ExpiresAt, InvitedBy, at);

    /// <summary>Notes that it was traded for a guest's session.</summary>
    /// <exception cref="RuleBroken">It was traded, taken back, or has run out.</exception>
    public void Trade(Guid guestId, Guid sessionId, DateTimeOffset at)
    {
        if (Refusal(at) is { } refusal)
        {
            throw new RuleBroken(refusal);
        }

        (TradedAt, TradedBy, SessionId, UsedAt) = (at, guestId, sessionId, at);
    }

    /// <summary>Takes it back, traded or not; doing so twice changes nothing.</summary>
    public void Revoke(DateTimeOffset at) => RevokedAt ??= at;

    /// <summary>The sentence why a link in this state cannot be traded; null when it can.</summary>
    public static string? RefusalOf(DateTimeOffset? revokedAt, DateTimeOffset? tradedAt, DateTimeOffset expiresAt, string invitedBy, DateTimeOffset at)
    {
        if (revokedAt is not null)
        {
            return $"This link was taken back. Ask {invitedBy} for a new one.";
        }

        if (tradedAt is { } traded)
        {
            return $"This link was used on {traded.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}, and it works once. Ask {invitedBy} for a new one.";
        }

        return at < expiresAt ? null : $"This link has run out. Ask {invitedBy} for a new one.";
    }
}

/// <summary>Whom somebody wants to invite to a review.</summary>
/// <param name="Email">The mail address of the partner's engineer.</param>
/// <param name="Days">How long the link, and then the access, holds: 1 to 90; 14 when absent.</param>
public sealed record ReviewInvitationDraft(string? Email, int? Days = null);
