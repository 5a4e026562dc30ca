namespace PartnerPortal.Domain.Contacts;

/// <summary>Whether a contact can be expected to answer.</summary>
public enum Presence
{
    /// <summary>Neither hours nor a guess: their hours or their zone were not entered.</summary>
    Unknown,

    /// <summary>Within their hours.</summary>
    AtWork,

    /// <summary>Outside their hours.</summary>
    Away,
}

/// <summary>How it is for a contact at a moment: their clock, and whether they are at work.</summary>
/// <param name="LocalTime">Their wall clock; null while their zone is unknown.</param>
/// <param name="Presence">At work, away or unknown.</param>
/// <param name="Until">When they go, on their wall clock; null while away or when they never go.</param>
/// <param name="Next">When they come, on their wall clock; null while at work.</param>
/// <param name="Asleep">A person outside their hours, with a wall clock between 22:00 and 07:00.</param>
public sealed record ContactMoment(DateTimeOffset? LocalTime, Presence Presence, DateTimeOffset? Until, DateTimeOffset? Next, bool Asleep)
{
    private const int NightBegins = 22;
    private const int NightEnds = 7;

    /// <summary>How it is for somebody with these hours in this zone.</summary>
    /// <param name="kind">Desks do not sleep.</param>
    /// <param name="zone">Their zone; null when unknown.</param>
    /// <param name="hours">Their hours as <see cref="WorkingHours"/> spells them; null when unknown.</param>
    /// <param name="at">The moment.</param>
    public static ContactMoment Of(ContactKind kind, string? zone, string? hours, DateTimeOffset at)
    {
        DateTimeOffset? there = zone is null ? null : Zone.There(zone, at);
        var known = hours is null ? null : WorkingHours.Parse(hours);
        // Who is always there needs no zone.
        var work = known is null || (zone is null && known != WorkingHours.Always) ? null : known.At(at, zone ?? "UTC");
        var presence = work is null ? Presence.Unknown : work.AtWork ? Presence.AtWork : Presence.Away;
        var night = there is { } clock && (clock.Hour >= NightBegins || clock.Hour < NightEnds);
        return new(there, presence, ThereOrNull(zone, work?.Until), ThereOrNull(zone, work?.Next), night && kind == ContactKind.Person && presence != Presence.AtWork);
    }

    private static DateTimeOffset? ThereOrNull(string? zone, DateTimeOffset? at) => zone is not null && at is { } moment ? Zone.There(zone, moment) : at;
}
