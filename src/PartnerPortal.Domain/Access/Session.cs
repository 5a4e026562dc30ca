using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Access;

/// <summary>One sign-in of a person on one device. The cookie only names it; whether it still holds is decided here, on every request.</summary>
public sealed class Session : IAudited
{
    /// <summary>A session ends after this long without a request.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>A session ends this long after the sign-in, used or not.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private Session()
    {
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>Whose.</summary>
    public Guid PersonId { get; private init; }

    /// <summary>The person's mail address at the time, for the audit log.</summary>
    public string PersonName { get; private init; } = "";

    /// <summary>How they signed in: password, passkey, code, recovery code, OpenID Connect, invitation.</summary>
    public string How { get; private init; } = "";

    /// <summary>When they signed in.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>The last request, to the minute.</summary>
    [NotAudited]
    public DateTimeOffset SeenAt { get; private set; }

    /// <summary>The address they came from.</summary>
    public string? Ip { get; private init; }

    /// <summary>What their browser calls itself.</summary>
    public string? UserAgent { get; private init; }

    /// <summary>A guest's session ends at this moment, when the invitation does, and may rest for days; null for everybody else.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>When it was ended; null while it was not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    AuditSubject IAudited.AuditedAs => new("session", Id, PersonName, null);

    /// <summary>Notes a sign-in.</summary>
    public static Session Begin(Guid personId, string personName, string how, string? ip, string? userAgent, DateTimeOffset at, DateTimeOffset? until = null) => new()
    {
        Id = Guid.CreateVersion7(at),
        PersonId = personId,
        PersonName = personName,
        How = how,
        CreatedAt = at,
        SeenAt = at,
        Ip = ip,
        UserAgent = userAgent is { Length: > 400 } ? userAgent[..400] : userAgent,
        Until = until,
    };

    /// <summary>Whether it still lets its person in.</summary>
    public bool Holds(DateTimeOffset at) => EndedAt is null && (Until is { } until
        ? at < until && at < SeenAt + Longest
        : at < SeenAt + Idle && at < CreatedAt + Longest);

    /// <summary>Ends it; ending twice changes nothing.</summary>
    public void End(DateTimeOffset at) => EndedAt ??= at;
}
