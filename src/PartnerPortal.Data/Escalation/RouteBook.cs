using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>How some recipients want to be reached, and when: their channels in order, or mail where they chose none.</summary>
internal sealed class RouteBook
{
    private readonly ILookup<string, Channel> _channels;
    private readonly Dictionary<string, NotificationHabits> _habits;

    private RouteBook(ILookup<string, Channel> channels, Dictionary<string, NotificationHabits> habits) => (_channels, _habits) = (channels, habits);

    /// <param name="db">Where to read.</param>
    /// <param name="recipients">Mail addresses of ours, services; what is neither has no entry.</param>
    /// <param name="cancel">Cancels.</param>
    public static async Task<RouteBook> ReadAsync(PortalContext db, IEnumerable<string> recipients, CancellationToken cancel)
    {
        var keys = recipients.Distinct().ToList();
        if (keys.Count == 0)
        {
            return new(Array.Empty<Channel>().ToLookup(_ => ""), []);
        }

        var services = keys.Where(k => k.StartsWith(Callee.ServiceMark, StringComparison.Ordinal)).Select(k => k[Callee.ServiceMark.Length..]).ToList();
        var channels = await db.Set<Channel>().AsNoTracking()
            .Where(c => (c.Owner != null && keys.Contains(c.Owner)) || (c.Slug != null && services.Contains(c.Slug))).OrderBy(c => c.Order).ThenBy(c => c.Id).ToListAsync(cancel);
        var habits = await db.Set<NotificationHabits>().AsNoTracking().Where(h => keys.Contains(h.Owner)).ToDictionaryAsync(h => h.Owner, cancel);
        return new(channels.ToLookup(c => c.Owner ?? Callee.ServiceMark + c.Slug), habits);
    }

    /// <summary>The ways to a recipient, the first one first.</summary>
    /// <param name="recipient">Mail address of ours, partner/contact or service/slug.</param>
    /// <param name="mail">Their mail address; null when unknown.</param>
    public IReadOnlyList<ContactRoute> Of(string recipient, string? mail) =>
        _channels[recipient].Select(c => new ContactRoute(c.Kind, c.Address, c.After, c.Id)).ToList() is { Count: > 0 } chosen ? chosen : ContactRoute.Usual(mail);

    /// <summary>When a message may go out to them; pages and the end of an incident are never held.</summary>
    public DateTimeOffset When(string recipient, NotificationKind kind, DateTimeOffset at) => _habits.GetValueOrDefault(recipient)?.When(kind, at) ?? at;
}
