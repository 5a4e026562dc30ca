using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>An invitation to a review, for the list of it.</summary>
public sealed record ReviewInvitationRow(
    Guid Id, string Email, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? TradedAt, DateTimeOffset? RevokedAt, DateTimeOffset? UsedAt);

/// <summary>A new invitation with the secret of its link, which is shown once.</summary>
public sealed record MadeReviewInvitation(ReviewInvitationRow Invitation, string Secret);

/// <summary>What the page of a link says before it is traded.</summary>
public sealed record ReviewInvitationSheet(ReviewInvitationRow Invitation, Guid ReviewId, string Review, string Partner, Guid? Guest)
{
    /// <summary>Why it cannot be traded; null when it can.</summary>
    public string? Refusal(DateTimeOffset at) =>
        ReviewInvitation.RefusalOf(Invitation.RevokedAt, Invitation.TradedAt, Invitation.ExpiresAt, Invitation.InvitedBy, at);
}

/// <summary>What a link was traded for.</summary>
public sealed record TradedInvitation(PortalUser Guest, Session Session, Guid ReviewId);

/// <summary>A review that a guest may open.</summary>
/// <param name="Id">The review.</param>
/// <param name="Title">Its title.</param>
/// <param name="Partner">The guest's own company.</param>
/// <param name="InvitedBy">Who invited them.</param>
/// <param name="Until">Until when they may.</param>
/// <param name="Concluded">Nothing can be answered any more.</param>
public sealed record GuestReviewRow(Guid Id, string Title, string Partner, string InvitedBy, DateTimeOffset Until, bool Concluded);
