using System.Globalization;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Web.Contacts;

/// <summary>How a contact's clock and hours are said.</summary>
public static class ContactWords
{
    /// <summary>"03:12 there, asleep"; with the day where it is another one than in UTC. Empty while the zone is unknown.</summary>
    public static string Clock(ContactMoment moment, DateTimeOffset now) => moment.LocalTime is not { } there ? ""
        : there.Date == now.UtcDateTime.Date ? $"{Time(there)} there{Sleep(moment)}"
        : $"{there.ToString("ddd HH:mm", CultureInfo.InvariantCulture)} there{Sleep(moment)}";

    /// <summary>"At work until 17:00", "Away until Mon 09:00", "Hours unknown"; in their time.</summary>
    public static string Work(ContactMoment moment) => moment.Presence switch
    {
        Presence.AtWork => moment.Until is { } until ? $"At work until {Then(until, moment)}" : "Always there",
        Presence.Away => moment.Next is { } next ? $"Away until {Then(next, moment)}" : "Away",
        _ => "Hours unknown",
    };

    /// <summary>The sign of a presence, as <see cref="Shared.Icon"/> draws it.</summary>
    public static string Icon(Presence presence) => presence switch { Presence.AtWork => "ok", Presence.Away => "moon", _ => "nodata" };

    /// <summary>The colour of a presence.</summary>
    public static string Chip(Presence presence) => presence switch { Presence.AtWork => "ok", Presence.Away => "outline", _ => "nodata" };

    private static string Then(DateTimeOffset at, ContactMoment moment) =>
        at.Date == moment.LocalTime?.Date ? Time(at) : at.ToString("ddd HH:mm", CultureInfo.InvariantCulture);

    private static string Sleep(ContactMoment moment) => moment.Asleep ? ", asleep" : "";

    private static string Time(DateTimeOffset at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);
}
