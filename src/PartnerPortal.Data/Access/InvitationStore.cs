using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Access;

/// <summary>An invitation for lists and for the page that accepts it.</summary>
public sealed record InvitationRow(
    Guid Id, string? Email, Role Role, string? Partner, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? AcceptedAt);

/// <summary>A new invitation with the secret of its link, which is shown once.</summary>
public sealed record MadeInvitation(InvitationRow Invitation, string Secret);

/// <summary>Invitations: made, found by the hash of their link, accepted once.</summary>
public sealed class InvitationStore(PortalDatabase database)
{
    /// <summary>Invites somebody.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted, or the person is here already.</exception>
    public async Task<MadeInvitation> InviteAsync(InvitationDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.Administer);
        await using var db = await database.WriteAsync(by, cancel);
        var partner = await TokenStore.PartnerAsync(db, draft.Partner, cancel);
        var secret = AccessSecret.Make(AccessSecret.LinkPrefix);
        var invitation = Invitation.For(draft, secret, partner, by, database.Now);
        var normal = invitation.Email!.ToUpperInvariant();
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == normal, cancel))
        {
            throw new AlreadyTaken("email", $"{invitation.Email} is here already. Change their role in the list of people.");
        }

        db.Add(invitation);
        await db.SaveAsync(cancel);
        return new((await RowAsync(i => i.Id == invitation.Id, cancel))!, secret);
    }

    /// <summary>Makes the link that sets up an empty portal and takes earlier ones back; null when somebody is here already.</summary>
    public async Task<string?> SetUpLinkAsync(CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("set-up"), cancel);
        if (await db.Users.AnyAsync(cancel))
        {
            return null;
        }

        var earlier = await db.Set<Invitation>().Where(i => i.Email == null && i.AcceptedAt == null && i.RevokedAt == null).ToListAsync(cancel);
        earlier.ForEach(i => i.Revoke(database.Now));
        var secret = AccessSecret.Make(AccessSecret.LinkPrefix);
        db.Add(Invitation.SetUp(secret, database.Now));
        await db.SaveAsync(cancel);
        return secret;
    }

    /// <summary>The invitation of a link; reading it changes nothing.</summary>
    public Task<InvitationRow?> FindAsync(string? secret, CancellationToken cancel)
    {
        if (!AccessSecret.Fits(secret, AccessSecret.LinkPrefix))
        {
            return Task.FromResult<InvitationRow?>(null);
        }

        var hash = AccessSecret.Hash(secret!);
        return RowAsync(i => i.Hash == hash, cancel);
    }

    /// <summary>Lets the person in who was invited: enters them and uses the invitation up, both or neither.</summary>
    /// <param name="secret">Of the link.</param>
    /// <param name="email">Only for the set-up link, which names nobody.</param>
    /// <param name="name">What people call them.</param>
    /// <param name="passwordHash">As Identity made it; null when they will sign in with a passkey or through OpenID Connect.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="RuleBroken">The link is unknown, used, taken back, or has run out.</exception>
    public async Task<PortalUser> AcceptAsync(string? secret, string? email, string? name, string? passwordHash, CancellationToken cancel)
    {
        var hash = AccessSecret.Hash(secret ?? "");
        var now = database.Now;
        await using var db = await database.WriteAsync(Actor.Portal("invitation"), cancel);
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Hash == hash, cancel)
            ?? throw new RuleBroken("This link is not known. Ask for a new one.");
        if (invitation.Email is null && await db.Users.AnyAsync(cancel))
        {
            throw new RuleBroken("This portal is set up already. Sign in.");
        }

        var person = PortalUser.Enter(invitation.Email ?? email, name, invitation.Role, invitation.PartnerId, now);
        person.PasswordHash = passwordHash;
        db.By = new(person.Id, person.Email!, person.Role);
        invitation.Accept(person.Id, now);
        db.Add(person);
        try
        {
            await db.SaveAsync(cancel, () => new AlreadyTaken("email", $"{person.Email} is here already. Sign in."));
        }
        catch (ChangedMeanwhile)
        {
            throw new RuleBroken("This link was used a moment ago. Sign in, or ask for a new one.");
        }

        return person;
    }

    /// <summary>Invitations that still may be accepted, the newest first.</summary>
    public async Task<IReadOnlyList<InvitationRow>> OpenAsync(CancellationToken cancel)
    {
        var now = database.Now;
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<Invitation>()
            .Where(i => i.Email != null && i.AcceptedAt == null && i.RevokedAt == null && i.ExpiresAt > now)
            .OrderByDescending(i => i.Id).Take(200)).ToListAsync(cancel);
    }

    /// <summary>Takes an invitation back.</summary>
    /// <exception cref="NotThere">There is no such invitation.</exception>
    public async Task RevokeAsync(Guid id, Actor by, CancellationToken cancel)
    {
        by.Need(Right.Administer);
        await using var db = await database.WriteAsync(by, cancel);
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Id == id, cancel) ?? throw new NotThere("such invitation");
        invitation.Revoke(database.Now);
        await db.SaveAsync(cancel);
    }

    private async Task<InvitationRow?> RowAsync(System.Linq.Expressions.Expression<Func<Invitation, bool>> which, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<Invitation>().Where(which)).SingleOrDefaultAsync(cancel);
    }

    private static IQueryable<InvitationRow> Rows(PortalContext db, IQueryable<Invitation> invitations) => invitations.Select(i => new InvitationRow(
        i.Id, i.Email, i.Role, db.Partners.Where(p => p.Id == i.PartnerId).Select(p => p.Slug).FirstOrDefault(),
        i.InvitedBy, i.CreatedAt, i.ExpiresAt, i.RevokedAt, i.AcceptedAt));
}
