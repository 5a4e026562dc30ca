using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>What waits for working hours: the owner of the partner gets one message, by their first channel, when the next working day begins.</summary>
internal static class QueueNews
{
    private static readonly WorkingHours Usual = WorkingHours.Parse("mon-fri 09:00-17:00");

    public static async Task TellOwnerAsync(PortalContext db, Incident incident, IncidentPlace place, IncidentLinks links, DateTimeOffset at, CancellationToken cancel)
    {
        var key = $"{incident.Id:N}.queue";
        if (await db.Set<Notification>().AnyAsync(n => n.Key == key, cancel))
        {
            return;
        }

        var upper = place.Owner.ToUpperInvariant();
        var zone = await db.Users.Where(u => u.NormalizedEmail == upper).Select(u => u.TimeZone).SingleOrDefaultAsync(cancel) ?? "Etc/UTC";
        var moment = Usual.At(at, zone);
        var text = Pages.Text(incident, place, links.UrlFor(incident.Id, place.Owner, at), at);
        var owner = place.Owner.ToLowerInvariant();
        var routes = await RouteBook.ReadAsync(db, [owner], cancel);
        var (route, due) = (routes.Of(owner, owner)[0], moment.AtWork ? at : moment.Next ?? at);
        db.Add(Notification.Write(
            new(key, NotificationKind.Update, false, owner, owner, route.Channel, route.Address, text, incident.Id, DueAt: routes.When(owner, NotificationKind.Update, due), ChannelId: route.ChannelId), at));
    }
}
