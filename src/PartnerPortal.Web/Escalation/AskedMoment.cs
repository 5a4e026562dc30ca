using System.Globalization;
using PartnerPortal.Domain;

namespace PartnerPortal.Web.Escalation;

/// <summary>The moment and the zone that an address asks about: <c>?at=2026-03-29T01:30&amp;zone=Europe/Berlin</c>. Without them it is now, in the reader's own zone.</summary>
/// <param name="At">The moment.</param>
/// <param name="Zone">The zone in which it was asked and is shown.</param>
/// <param name="IsNow">True when no moment was asked for.</param>
public sealed record AskedMoment(DateTimeOffset At, string Zone, bool IsNow)
{
    /// <summary>How the moment stands in the address and in the field: the zone's wall clock, to the minute.</summary>
    public string Clock => Domain.Contacts.Zone.There(Zone, At).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Reads the address; what cannot be read is now, or UTC.</summary>
    /// <param name="at">A wall-clock time of the zone, or a moment with its offset.</param>
    /// <param name="zone">An IANA name.</param>
    /// <param name="own">The reader's own zone.</param>
    /// <param name="now">The moment.</param>
    public static AskedMoment Read(string? at, string? zone, string? own, DateTimeOffset now)
    {
        var named = Known(zone) ?? Known(own) ?? "UTC";
        if (string.IsNullOrWhiteSpace(at))
        {
            return new(now, named, true);
        }

        if (DateTime.TryParseExact(at, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock) && clock.Year is > 1970 and < 2200)
        {
            return new(Domain.Contacts.Zone.When(named, clock), named, false);
        }

        return DateTimeOffset.TryParse(at.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year is > 1970 and < 2200
            ? new(moment, named, false)
            : new(now, named, true);
    }

    private static string? Known(string? zone) => string.IsNullOrWhiteSpace(zone) ? null : Domain.Contacts.Zone.Check(new FieldCheck(), "zone", zone);
}
