using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>
/// When a person wants to hear what can wait. Quiet hours and the digest move news and "somebody has it"; they never touch a page,
/// and never the message that an incident they were paged for is over.
/// </summary>
public sealed class NotificationHabits : IAudited
{
    private NotificationHabits()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>Whose: a mail address of ours.</summary>
    public string Owner { get; private init; } = "";

    /// <summary>When quiet begins on the clock of the zone; null for no quiet hours.</summary>
    public TimeOnly? QuietFrom { get; private set; }

    /// <summary>When quiet ends; earlier than the beginning means the next day.</summary>
    public TimeOnly? QuietTo { get; private set; }

    /// <summary>When all news of a day come together; null: each at once.</summary>
    public TimeOnly? DigestAt { get; private set; }

    /// <summary>The IANA zone of these clock times.</summary>
    public string TimeZone { get; private set; } = "Etc/UTC";

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("notification habits", Id, Owner, null);

    /// <summary>The habits of somebody who chose none.</summary>
    public static NotificationHabits Usual(string owner, string? zone, DateTimeOffset at) => new() { Id = Guid.CreateVersion7(at), Owner = owner, TimeZone = zone is { Length: > 0 } ? zone : "Etc/UTC" };

    /// <summary>Takes over what was typed; both quiet times, or none.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(HabitsDraft draft)
    {
        var check = new FieldCheck();
        (QuietFrom, QuietTo, DigestAt) = (Clock(check, "quietFrom", draft.QuietFrom), Clock(check, "quietTo", draft.QuietTo), Clock(check, "digestAt", draft.DigestAt));
        if (QuietFrom is null != QuietTo is null || (QuietFrom is not null && QuietFrom == QuietTo))
        {
            check.Refuse("quietTo", "Enter both when quiet begins and when it ends, or neither.");
        }

        TimeZone = string.IsNullOrWhiteSpace(draft.TimeZone) ? TimeZone : Zone.Check(check, "timeZone", draft.TimeZone) ?? TimeZone;
        check.ThrowIfRefused();
    }

    /// <summary>When a message that was decided at a moment may go out.</summary>
    public DateTimeOffset When(NotificationKind kind, DateTimeOffset at) => kind switch
    {
        NotificationKind.Update or NotificationKind.Digest => Awake(DigestAt is { } digest ? Next(digest, at) : at),
        NotificationKind.Acknowledged => Awake(at),
        _ => at,
    };

    private DateTimeOffset Awake(DateTimeOffset at)
    {
        if (QuietFrom is not { } from || QuietTo is not { } to)
        {
            return at;
        }

        var clock = TimeOnly.FromDateTime(Zone.There(TimeZone, at).DateTime);
        return clock.IsBetween(from, to) ? Next(to, at) : at;
    }

    private DateTimeOffset Next(TimeOnly clock, DateTimeOffset at)
    {
        var day = Zone.There(TimeZone, at).DateTime.Date;
        var today = Zone.When(TimeZone, day + clock.ToTimeSpan());
        return today >= at ? today : Zone.When(TimeZone, day.AddDays(1) + clock.ToTimeSpan());
    }

    private static TimeOnly? Clock(FieldCheck check, string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return null;
        }

        if (TimeOnly.TryParseExact(typed.Trim(), ["HH:mm", "HH:mm:ss"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var clock))
        {
            return clock;
        }

        check.Refuse(field, $"“{(typed.Length > 20 ? typed[..20] + "…" : typed)}” is not a time of day. Write it like 22:00.");
        return null;
    }
}

/// <summary>Habits as they were typed; clock times like 22:00, absent for none.</summary>
/// <param name="QuietFrom">When quiet begins.</param>
/// <param name="QuietTo">When quiet ends.</param>
/// <param name="DigestAt">When all news of a day come together.</param>
/// <param name="TimeZone">IANA zone of these times.</param>
public sealed record HabitsDraft(string? QuietFrom = null, string? QuietTo = null, string? DigestAt = null, string? TimeZone = null);
