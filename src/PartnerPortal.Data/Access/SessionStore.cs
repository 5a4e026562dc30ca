using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Access;

/// <summary>Who is signed in by a session, with the role of this moment.</summary>
public sealed record SignedInRow(Guid SessionId, Guid PersonId, string Email, string DisplayName, Role Role, Guid? PartnerId, string? TimeZone);

/// <summary>A session for lists.</summary>
public sealed record SessionRow(Guid Id, Guid PersonId, string Email, string DisplayName, string How, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, string? Ip, string? UserAgent);

/// <summary>Sessions: what a cookie names, read on every request and by every open page.</summary>
public sealed class SessionStore(PortalDatabase database)
{
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    /// <summary>Notes a sign-in.</summary>
    public async Task<Session> BeginAsync(Guid personId, string email, string how, string? ip, string? userAgent, CancellationToken cancel)
    {
        var session = Session.Begin(personId, email, how, ip, userAgent, database.Now);
        await using var db = await database.WriteAsync(new(personId, email, Role.Guest), cancel);
        db.Add(session);
        await db.SaveAsync(cancel);
        return session;
    }

    /// <summary>Who a session lets in at this moment; null when it was ended, ran out, or its person is disabled. Notes that it was used.</summary>
    public async Task<SignedInRow?> FindAsync(Guid id, CancellationToken cancel)
    {
        var now = database.Now;
        await using var db = await database.ReadAsync(cancel);
        var found = await (
            from session in db.Set<Session>()
            join person in db.Users on session.PersonId equals person.Id
            where session.Id == id && person.DisabledAt == null
            select new { session, row = new SignedInRow(session.Id, person.Id, person.Email!, person.DisplayName, person.Role, person.PartnerId, person.TimeZone) })
            .SingleOrDefaultAsync(cancel);
        if (found is null || !found.session.Holds(now))
        {
            return null;
        }

        if (now - found.session.SeenAt > SeenEvery)
        {
            await db.Set<Session>().Where(s => s.Id == id).ExecuteUpdateAsync(s => s.SetProperty(x => x.SeenAt, now), cancel);
        }

        return found.row;
    }

    /// <summary>Sessions that let somebody in now: one person's, or everybody's; the last used first.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListAsync(Guid? personId, CancellationToken cancel)
    {
        var now = database.Now;
        var (idleSince, madeSince) = (now - Session.Idle, now - Session.Longest);
        await using var db = await database.ReadAsync(cancel);
        return await (
            from session in db.Set<Session>()
            join person in db.Users on session.PersonId equals person.Id
            where session.EndedAt == null && person.DisabledAt == null
                && (session.Until == null ? session.SeenAt > idleSince && session.CreatedAt > madeSince : session.Until > now && session.SeenAt > madeSince)
                && (personId == null || session.PersonId == personId)
            orderby session.SeenAt descending, session.Id descending
            select new SessionRow(session.Id, person.Id, person.Email!, person.DisplayName, session.How, session.CreatedAt, session.SeenAt, session.Ip, session.UserAgent))
            .Take(500).ToListAsync(cancel);
    }

    /// <summary>Ends one session at once. People end their own; somebody else's needs <see cref="Right.Administer"/>.</summary>
    /// <exception cref="NotThere">No such session, or it is somebody else's.</exception>
    public async Task EndAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var session = await db.Set<Session>().SingleOrDefaultAsync(s => s.Id == id, cancel);
        if (session is null || (session.PersonId != by.Id && !by.May(Right.Administer)))
        {
            throw new NotThere("such session");
        }

        session.End(database.Now);
        await db.SaveAsync(cancel);
    }

    /// <summary>Ends every session of a person, apart from one that is kept. Says how many.</summary>
    public async Task<int> EndAllAsync(Guid personId, Guid? except, Actor by, CancellationToken cancel)
    {
        if (personId != by.Id)
        {
            by.Need(Right.Administer);
        }

        await using var db = await database.WriteAsync(by, cancel);
        var open = await db.Set<Session>().Where(s => s.PersonId == personId && s.EndedAt == null && s.Id != except).ToListAsync(cancel);
        open.ForEach(s => s.End(database.Now));
        await db.SaveAsync(cancel);
        return open.Count;
    }
}
