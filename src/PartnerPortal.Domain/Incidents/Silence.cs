using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Domain.Incidents;

/// <summary>
/// Holds back the opening of incidents for a while, once or again and again. Alerts are recorded all the same, are over when they are over, and join
/// incidents that are open already; one that still fires when the silence ends opens its incident then.
/// </summary>
public sealed class Silence : IAudited
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(366);

    private Silence()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The only partner whose alerts are held back; null for all.</summary>
    public Guid? PartnerId { get; private init; }

    /// <summary>Conditions on labels, all of which must hold, as in <c>service="pay"</c> or <c>alertname=~"Disk.*"</c>.</summary>
    public IReadOnlyList<string> Matchers { get; private init; } = [];

    /// <summary>When it begins for the first time.</summary>
    public DateTimeOffset StartsAt { get; private init; }

    /// <summary>When that first time ends.</summary>
    public DateTimeOffset EndsAt { get; private init; }

    /// <summary>How it comes back, on the wall clock of its zone: daily, weekly or monthly; null: once.</summary>
    public RotationKind? Repeat { get; private init; }

    /// <summary>The IANA zone on whose wall clock it comes back.</summary>
    public string TimeZone { get; private init; } = "Etc/UTC";

    /// <summary>When it comes back no more; null while nobody said so.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>Why.</summary>
    public string Comment { get; private init; } = "";

    /// <summary>Who entered it.</summary>
    public string CreatedBy { get; private init; } = "";

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When somebody ended it early; null while nobody did.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("silence", Id, Comment.Length > 0 ? Comment : string.Join(", ", Matchers), PartnerId);

    /// <summary>Enters a silence.</summary>
    /// <param name="draft">What was typed.</param>
    /// <param name="partner">The partner it is about; null for all.</param>
    /// <param name="by">Who enters it.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Silence Enter(SilenceDraft draft, Guid? partner, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var starts = (draft.StartsAt ?? at).ToUniversalTime();
        var ends = (draft.EndsAt ?? starts).ToUniversalTime();
        if (draft.EndsAt is null || ends <= starts || ends - starts > _longest)
        {
            check.Refuse("endsAt", "Name an end after the start, at most a year later.");
        }

        RotationKind? repeat = string.IsNullOrWhiteSpace(draft.Repeat) ? null : check.Word("repeat", draft.Repeat, RotationKind.Weekly);
        if (repeat == RotationKind.Hourly || (repeat is { } unit && ends - starts > LengthOf(unit)))
        {
            check.Refuse("repeat", "It comes back daily, weekly or monthly, and ends before it begins again.");
        }

        if (draft.EndsAt is not null && ends <= at && repeat is null)
        {
            check.Refuse("endsAt", "It would be over already.");
        }

        var matchers = AlertMatch.Check(check, "matchers", draft.Matchers);
        if (matchers.Count == 0 && partner is null)
        {
            check.Refuse("matchers", "Say what is silenced: a partner, labels, or both.");
        }

        var zone = draft.TimeZone is null ? "Etc/UTC" : Zone.Check(check, "timeZone", draft.TimeZone) ?? "Etc/UTC";
        var comment = check.Text("comment", draft.Comment ?? "", 500);
        check.ThrowIfRefused();
        return new()
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partner,
            Matchers = matchers,
            StartsAt = starts,
            EndsAt = ends,
            Repeat = repeat,
            TimeZone = zone,
            Until = draft.Until?.ToUniversalTime(),
            Comment = comment,
            CreatedBy = by,
            CreatedAt = at,
        };
    }

    /// <summary>Ends it now; what it holds back opens its incident.</summary>
    public void End(DateTimeOffset at) => EndedAt ??= at;

    /// <summary>The occurrence that holds at a moment, or the next one; null when none comes any more.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Next(DateTimeOffset at)
    {
        if (EndedAt <= at)
        {
            return null;
        }

        if (Repeat is not { } kind)
        {
            return EndsAt > at ? (StartsAt, EndsAt) : null;
        }

        var rotation = new Rotation(kind, 1, Zone.There(TimeZone, StartsAt).DateTime, TimeZone);
        var number = Math.Max(0, rotation.NumberAt(at));
        var from = rotation.Start(number);
        if (from + (EndsAt - StartsAt) <= at)
        {
            from = rotation.Start(number + 1);
        }

        return Until <= from ? null : (from, from + (EndsAt - StartsAt));
    }

    /// <summary>Until when it holds at a moment; null when it does not.</summary>
    public DateTimeOffset? HoldsUntil(DateTimeOffset at) => Next(at) is { } next && next.From <= at ? next.To : null;

    /// <summary>Whether it is about an alert.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="partner">Slug of its partner.</param>
    /// <param name="integration">Slug of its integration.</param>
    public bool IsAbout(Alert alert, string partner, string integration)
    {
        if (PartnerId is { } only && only != alert.PartnerId)
        {
            return false;
        }

        return AlertMatch.All(Matchers, AlertMatch.Labels(alert, partner, integration));
    }

    private static TimeSpan LengthOf(RotationKind kind) => TimeSpan.FromDays(kind switch { RotationKind.Daily => 1, RotationKind.Weekly => 7, _ => 28 });
}

/// <summary>A silence as it was typed.</summary>
/// <param name="Partner">Slug of the only partner it is about; absent: all.</param>
/// <param name="Matchers">Conditions on labels, partner, integration, source, severity and alertname among them.</param>
/// <param name="StartsAt">When it begins; absent: now.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="Repeat">daily, weekly or monthly; absent: once.</param>
/// <param name="TimeZone">The IANA zone on whose wall clock it comes back; Etc/UTC when absent.</param>
/// <param name="Until">When it comes back no more.</param>
/// <param name="Comment">Why; at most 500 characters.</param>
public sealed record SilenceDraft(
    string? Partner = null, IReadOnlyList<string>? Matchers = null, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null, string? Repeat = null, string? TimeZone = null,
    DateTimeOffset? Until = null, string? Comment = null);
