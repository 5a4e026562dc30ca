using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>Everybody whom some targets stand for, read in six queries whatever their number.</summary>
internal sealed class CalleeBook
{
    private readonly Dictionary<string, Team> _teams = [];
    private readonly Dictionary<string, (Schedule Schedule, (IReadOnlyList<string> People, DateTimeOffset? Until) Now)> _schedules = [];
    private readonly Dictionary<string, PortalUser> _people = [];
    private readonly Dictionary<string, Channel> _services = [];
    private readonly Dictionary<string, Contact> _ours = [];
    private readonly Dictionary<string, Contact> _contacts = [];
    private ILookup<Role, PortalUser> _roles = Array.Empty<PortalUser>().ToLookup(u => u.Role);

    private CalleeBook()
    {
    }

    /// <param name="db">Where to read.</param>
    /// <param name="targets">Which targets.</param>
    /// <param name="partner">Whose cards say more about our people than an account does.</param>
    /// <param name="at">The moment for which schedules are asked.</param>
    /// <param name="cancel">Cancels.</param>
    public static async Task<CalleeBook> ReadAsync(PortalContext db, IReadOnlyList<Target> targets, Guid? partner, DateTimeOffset at, CancellationToken cancel)
    {
        var book = new CalleeBook();
        var schedules = Keys(targets, TargetKind.Schedule);
        foreach (var schedule in await db.Set<Schedule>().AsNoTracking().Where(s => schedules.Contains(s.Slug)).ToListAsync(cancel))
        {
            book._schedules[schedule.Slug] = (schedule, new OnCallTimes(schedule).Now(at));
        }

        var services = Keys(targets, TargetKind.Service);
        foreach (var service in await db.Set<Channel>().AsNoTracking().Where(c => c.Slug != null && services.Contains(c.Slug)).ToListAsync(cancel))
        {
            book._services[service.Slug!] = service;
        }

        var teams = Keys(targets, TargetKind.Team);
        foreach (var team in await db.Teams.Where(t => teams.Contains(t.Slug)).ToListAsync(cancel))
        {
            book._teams[team.Slug] = team;
        }

        var mails = Keys(targets, TargetKind.Person).Concat(book._teams.Values.SelectMany(t => t.Members)).Concat(book._schedules.Values.SelectMany(s => s.Now.People)).Distinct().ToList();
        var roles = targets.Where(t => t.Kind == TargetKind.Role).Select(t => Words.TryParse<Role>(t.Key, out var role) ? role : Role.Guest).Distinct().ToList();
        var upper = mails.Select(m => m.ToUpperInvariant()).ToList();
        var users = await db.Users.Where(u => u.Email != null && (upper.Contains(u.NormalizedEmail!) || (roles.Contains(u.Role) && u.DisabledAt == null)))
            .OrderBy(u => u.DisplayName).ThenBy(u => u.Email).ToListAsync(cancel);
        book._roles = users.Where(u => u.DisabledAt is null).ToLookup(u => u.Role);
        foreach (var user in users)
        {
            book._people[user.Email!.ToLowerInvariant()] = user;
        }

        await book.ReadContactsAsync(db, Keys(targets, TargetKind.Contact), [.. mails, .. book._people.Keys], partner, cancel);
        return book;
    }

    public Reached Reach(Target target) => target.Kind switch
    {
        TargetKind.Person => PersonOf(target.Key) is var (who, gap) && who is not null ? new(who.Name, [who]) : new(target.Key, [], gap),
        TargetKind.Team => TeamOf(target.Key),
        TargetKind.Schedule => ScheduleOf(target.Key),
        TargetKind.Service => _services.GetValueOrDefault(target.Key) is { } service
            ? new(service.Name, [new Callee(Callee.ServiceMark + service.Slug, service.Name, Side.Ours, null, null, null, null)])
            : new(target.Key, [], $"The service {target.Key} is no longer there."),
        TargetKind.Contact => _contacts.GetValueOrDefault(target.Key) is { } contact
            ? new(contact.Name, [Of(contact, target.Key)])
            : new(target.Key, [], $"The contact {target.Key} is no longer there."),
        _ => RoleOf(target.Key),
    };

    private Reached TeamOf(string slug)
    {
        if (!_teams.TryGetValue(slug, out var team))
        {
            return new($"team {slug}", [], $"The team {slug} is no longer there.");
        }

        var members = team.Members.Select(m => PersonOf(m).Who).OfType<Callee>().ToList();
        return new($"team {team.Name}", members, members.Count == 0 ? $"Nobody of the team {team.Name} can sign in any more." : null);
    }

    private Reached ScheduleOf(string slug)
    {
        if (!_schedules.TryGetValue(slug, out var found))
        {
            return new($"schedule {slug}", [], $"The schedule {slug} is no longer there.");
        }

        var (schedule, now) = found;
        var people = now.People.Select(m => PersonOf(m).Who).OfType<Callee>().ToList();
        return new(
            $"on call in {schedule.Name}", people,
            people.Count > 0 ? null : now.Until is { } until ? FormattableString.Invariant($"Nobody is on call in {schedule.Name} until {until.UtcDateTime:HH:mm} UTC on {until.UtcDateTime:d MMMM}.") : $"Nobody is on call in {schedule.Name}.",
            people.Count > 0 ? null : now.Until);
    }

    private Reached RoleOf(string word)
    {
        var people = Words.TryParse<Role>(word, out var role) ? _roles[role].Select(u => PersonOf(u.Email!.ToLowerInvariant()).Who).OfType<Callee>().ToList() : [];
        return new($"every {word}", people, people.Count == 0 ? $"Nobody here has the role {word}." : null);
    }

    // A mail address need not be an account: it can be called all the same. An account that was closed is nobody.
    private (Callee? Who, string? Gap) PersonOf(string mail)
    {
        var user = _people.GetValueOrDefault(mail);
        if (user?.DisabledAt is not null)
        {
            return (null, $"The account of {Named(user)} is closed.");
        }

        var card = _ours.GetValueOrDefault(mail);
        var name = user is { DisplayName.Length: > 0 } ? user.DisplayName : card?.Name ?? mail;
        var phone = card?.Phone ?? user?.PhoneNumber;
        return (new Callee(
            mail, name, Side.Ours, string.IsNullOrWhiteSpace(phone) ? null : phone, mail, card?.TimeZone ?? user?.TimeZone, card?.Hours,
            card?.Kind ?? ContactKind.Person, card?.Language ?? "", card?.Notes ?? "", card?.ConfirmedAt, card?.LastAttempt?.Outcome == AttemptOutcome.WrongNumber), null);
    }

    private async Task ReadContactsAsync(PortalContext db, List<string> keys, List<string> mails, Guid? partner, CancellationToken cancel)
    {
#pragma warning disable CA1304, CA1311 // becomes lower() in SQL
        var found = await db.Contacts.Where(c => c.RemovedAt == null)
            .Join(db.Partners, c => c.PartnerId, p => p.Id, (c, p) => new { Contact = c, Key = p.Slug + "/" + c.Slug })
            .Where(x => keys.Contains(x.Key) || (x.Contact.Side == Side.Ours && x.Contact.Email != null && mails.Contains(x.Contact.Email.ToLower())))
            .ToListAsync(cancel);
#pragma warning restore CA1304, CA1311
        foreach (var row in found.OrderBy(x => x.Contact.PartnerId == partner).ThenBy(x => x.Contact.Id)) // the partner's own card is written last and wins
        {
            _contacts[row.Key] = row.Contact;
            if (row.Contact is { Side: Side.Ours, Email: { } mail })
            {
                _ours[mail.ToLowerInvariant()] = row.Contact;
            }
        }
    }

    private static Callee Of(Contact c, string key) => new(
        key, c.Name, c.Side, c.Phone, c.Email, c.TimeZone, c.Hours, c.Kind, c.Language, c.Notes, c.ConfirmedAt, c.LastAttempt?.Outcome == AttemptOutcome.WrongNumber);

    private static string Named(PortalUser user) => user.DisplayName.Length > 0 ? user.DisplayName : user.Email!;

    private static List<string> Keys(IReadOnlyList<Target> targets, TargetKind kind) => [.. targets.Where(t => t.Kind == kind).Select(t => t.Key)];
}
