using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>What a waiver is about. Every area of the portal that can let something pass for a while uses the same waivers.</summary>
public enum WaiverArea
{
    /// <summary>An item of a checklist, for one integration.</summary>
    ReviewItem,

    /// <summary>A target, for one integration.</summary>
    Target,
}

/// <summary>How a waiver stands.</summary>
public enum WaiverState
{
    /// <summary>Somebody asked for it; nothing is waived yet.</summary>
    Requested,

    /// <summary>A manager agreed; it holds until its last day.</summary>
    Approved,

    /// <summary>Its last day is over.</summary>
    Expired,

    /// <summary>Refused, or taken back.</summary>
    Ended,
}

/// <summary>Lets one thing of one integration pass for a while: with a reason, a second person who agrees, and a last day. When it ends, the thing is open again.</summary>
public sealed class Waiver : IAudited
{
    /// <summary>The longest time ahead that a waiver may hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private Waiver()
    {
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration for which it holds.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>What kind of thing is waived.</summary>
    public WaiverArea Area { get; private init; }

    /// <summary>Which one; for review items <c>template/item</c>.</summary>
    public string Subject { get; private init; } = "";

    /// <summary>The thing in words, as it was called then.</summary>
    public string Title { get; private init; } = "";

    /// <summary>Why it may pass.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Last day on which it holds (UTC).</summary>
    public DateOnly Until { get; private init; }

    /// <summary>Who asked.</summary>
    public string RequestedBy { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset RequestedAt { get; private init; }

    /// <summary>Who agreed; null while nobody has.</summary>
    public string? ApprovedBy { get; private set; }

    /// <summary>When they agreed.</summary>
    public DateTimeOffset? ApprovedAt { get; private set; }

    /// <summary>Who refused it or took it back; null while nobody has.</summary>
    public string? EndedBy { get; private set; }

    /// <summary>When it was refused, taken back, or replaced after its last day.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Guards against two people deciding at once.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("waiver", Id, Title, PartnerId);

    /// <summary>Names an item of a review for <see cref="Subject"/>.</summary>
    public static string OfItem(string template, string key) => $"{template}/{key}";

    /// <summary>Asks for a waiver.</summary>
    /// <exception cref="FieldsRefused">The reason is missing, or the last day lies in the past or more than a year ahead.</exception>
    public static Waiver Request(Guid partnerId, Guid integrationId, WaiverArea area, string subject, string title, WaiverDraft draft, Actor by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var reason = check.Needed("reason", draft.Reason, "why this may pass, and what makes it bearable", 4000);
        var today = DateOnly.FromDateTime(at.UtcDateTime);
        if (draft.Until is null)
        {
            check.Refuse("until", "Say until which day it holds. A waiver without an end is a rule nobody wrote down.");
        }
        else if (draft.Until < today)
        {
            check.Refuse("until", "The last day must not lie in the past.");
        }
        else if (draft.Until > DateOnly.FromDateTime((at + Longest).UtcDateTime))
        {
            check.Refuse("until", "A waiver holds for a year at most. Ask again then.");
        }

        check.ThrowIfRefused();
        return new()
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partnerId,
            IntegrationId = integrationId,
            Area = area,
            Subject = subject,
            Title = title,
            Reason = reason,
            Until = draft.Until!.Value,
            RequestedBy = by.Name,
            RequestedAt = at,
        };
    }

    /// <summary>How it stands at an instant.</summary>
    public WaiverState StateAt(DateTimeOffset at) =>
        EndedAt is not null ? WaiverState.Ended
        : DateOnly.FromDateTime(at.UtcDateTime) > Until ? WaiverState.Expired
        : ApprovedAt is not null ? WaiverState.Approved : WaiverState.Requested;

    /// <summary>Whether the thing is waived at an instant.</summary>
    public bool HoldsAt(DateTimeOffset at) => StateAt(at) == WaiverState.Approved;

    /// <summary>Agrees to it.</summary>
    /// <exception cref="RuleBroken">The requester agrees to their own request, or there is nothing to agree to any more.</exception>
    public void Approve(Actor by, DateTimeOffset at)
    {
        if (string.Equals(by.Name, RequestedBy, StringComparison.OrdinalIgnoreCase))
        {
            throw new RuleBroken("Whoever asks for a waiver cannot approve it. Another manager has to.");
        }

        if (StateAt(at) is var state and not WaiverState.Requested)
        {
            throw new RuleBroken(state switch
            {
                WaiverState.Approved => $"{ApprovedBy} approved this waiver already.",
                WaiverState.Expired => "The last day of this waiver is over. Ask for a new one.",
                _ => $"{EndedBy} ended this waiver. Ask for a new one.",
            });
        }

        (ApprovedBy, ApprovedAt) = (by.Name, at);
    }

    /// <summary>Refuses it or takes it back. What has ended stays ended.</summary>
    public void End(string by, DateTimeOffset at)
    {
        if (EndedAt is null)
        {
            (EndedBy, EndedAt) = (by, at);
        }
    }
}

/// <summary>A waiver as somebody asks for it.</summary>
/// <param name="Reason">Why it may pass.</param>
/// <param name="Until">Last day.</param>
public sealed record WaiverDraft(string? Reason, DateOnly? Until);
