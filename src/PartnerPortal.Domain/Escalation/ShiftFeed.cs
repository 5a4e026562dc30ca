using System.Security.Cryptography;
using System.Text;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Escalation;

/// <summary>
/// A calendar of shifts that a calendar program subscribes to: of one schedule, or of everything that a person is on call for.
/// The secret in its address is the only right; it opens nothing else and can be revoked.
/// </summary>
public sealed class ShiftFeed : IAudited
{
    private ShiftFeed()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>Who made it: a mail address of ours. With their account their feeds end.</summary>
    public string Owner { get; private init; } = "";

    /// <summary>The schedule; null for the owner's shifts in all of them.</summary>
    public Guid? ScheduleId { get; private init; }

    /// <summary>SHA-256 of the secret.</summary>
    [Secret]
    public byte[] Hash { get; private init; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it was read last, to the hour; null while nobody did.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    AuditSubject IAudited.AuditedAs => new("shift feed", Id, Owner, null);

    /// <summary>Makes a feed with a new secret.</summary>
    /// <returns>The feed, and the secret that is shown this once.</returns>
    public static (ShiftFeed Feed, string Secret) Make(string owner, Guid? schedule, DateTimeOffset at)
    {
        var secret = "ppf_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new() { Id = Guid.CreateVersion7(at), Owner = owner, ScheduleId = schedule, Hash = HashOf(secret), CreatedAt = at }, secret);
    }

    /// <summary>What is stored of a secret.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>A shift in a calendar. Its name stays the same while it moves or ends earlier, so that calendars change it instead of showing it twice.</summary>
/// <param name="Uid">Schedule, person and beginning.</param>
/// <param name="Schedule">What people call the schedule.</param>
/// <param name="Person">Mail address.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends.</param>
public sealed record CalendarShift(string Uid, string Schedule, string Person, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The shifts of a schedule, each person's own stretches joined.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="spans">Who is on call when, in order.</param>
    /// <param name="person">The only person; null for everybody.</param>
    public static IEnumerable<CalendarShift> Of(Schedule schedule, IReadOnlyList<OnCallSpan> spans, string? person = null)
    {
        foreach (var who in spans.SelectMany(s => s.People).Distinct().Where(p => person is null || p == person))
        {
            OnCallSpan? open = null;
            foreach (var span in spans.Where(s => s.People.Contains(who)))
            {
                if (open is not null && span.From == open.To)
                {
                    open = open with { To = span.To };
                    continue;
                }

                if (open is not null)
                {
                    yield return Named(open);
                }

                open = span;
            }

            if (open is not null)
            {
                yield return Named(open);
            }

            CalendarShift Named(OnCallSpan shift) => new(FormattableString.Invariant($"{schedule.Id:N}-{shift.From.ToUnixTimeSeconds()}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(who)))[..12]}@partnerportal"), schedule.Name, who, shift.From, shift.To);
        }
    }
}
