using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What changed on our side.</summary>
public enum EventKind
{
    /// <summary>A version went out.</summary>
    Deployment,

    /// <summary>A setting changed.</summary>
    Configuration,

    /// <summary>A feature was switched.</summary>
    Flag,

    /// <summary>Anything else worth a mark.</summary>
    Note,
}

/// <summary>What a build or a person wants to mark.</summary>
/// <param name="Partner">The partner's slug; absent for what concerns all partners.</param>
/// <param name="Integration">The integration's slug; default <c>main</c>.</param>
/// <param name="Kind">deployment, configuration, flag or note (default).</param>
/// <param name="Title">What happened, at most 200 characters.</param>
/// <param name="At">When; default now. At most a day ahead.</param>
/// <param name="Url">Where to read more.</param>
public sealed record EventDraft(string? Partner = null, string? Integration = null, string? Kind = null, string? Title = null, DateTimeOffset? At = null, string? Url = null);

/// <summary>A change of ours, marked on charts and incidents: the first suspect when something breaks.</summary>
public sealed class MarkedEvent : IAudited
{
    private static readonly TimeSpan LongestAhead = TimeSpan.FromDays(1);

    private MarkedEvent()
    {
    }

    /// <summary>Id, sortable by time of entry.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner; null for what concerns all.</summary>
    public Guid? PartnerId { get; private init; }

    /// <summary>The integration; null for what concerns all.</summary>
    public Guid? IntegrationId { get; private init; }

    /// <summary>What kind of change.</summary>
    public EventKind Kind { get; private init; }

    /// <summary>What happened.</summary>
    public string Title { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>Where to read more.</summary>
    public string? Url { get; private init; }

    /// <summary>Who marked it.</summary>
    public string By { get; private init; } = "";

    AuditSubject IAudited.AuditedAs => new("event", Id, Title, PartnerId);

    /// <summary>Marks a change.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static MarkedEvent Mark(Guid? partnerId, Guid? integrationId, EventDraft draft, string by, DateTimeOffset now)
    {
        var check = new FieldCheck();
        var kind = check.Word("kind", draft.Kind, EventKind.Note);
        var title = check.Needed("title", draft.Title, "what happened, for example checkout 4f2a is live", 200);
        var url = check.WebAddress("url", draft.Url);
        if (draft.At > now + LongestAhead)
        {
            check.Refuse("at", "Mark what happened, or happens within a day.");
        }

        check.ThrowIfRefused();
        return new MarkedEvent
        {
            Id = Guid.CreateVersion7(now),
            PartnerId = partnerId,
            IntegrationId = integrationId,
            Kind = kind,
            Title = title,
            At = (draft.At ?? now).ToUniversalTime(),
            Url = url,
            By = by,
        };
    }
}
