using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>Invitations of the partner's engineers to reviews: made, traded once for a guest's session, taken back; and which reviews a guest may open.</summary>
public sealed class ReviewInvitationStore(PortalDatabase database)
{
    private static readonly TimeSpan UsedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Invites an engineer of the partner. Links for the same address that nobody has used yet are taken back.</summary>
    /// <exception cref="NotThere">There is no such review.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted, or the address is that of somebody who is no guest of this partner.</exception>
    /// <exception cref="RuleBroken">The review is concluded.</exception>
    public async Task<MadeReviewInvitation> InviteAsync(Guid review, ReviewInvitationDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.AnswerReviews);
        await using var db = await database.WriteAsync(by, cancel);
        var of = await ReviewAsync(db, review, by, cancel);
        if (of.ConcludedAt is not null)
        {
            throw new RuleBroken("This review is concluded, so nobody can answer it any more. Start a new one and invite to that.");
        }

        var now = database.Now;
        var secret = AccessSecret.Make(AccessSecret.LinkPrefix);
        var invitation = ReviewInvitation.For(review, of.PartnerId, draft, secret, by, now);
        if (await PersonAsync(db, invitation.Email, cancel) is { } person && RefusalOf(person, of.PartnerId) is { } refusal)
        {
            throw new FieldsRefused("email", refusal);
        }

        var unused = await db.Set<ReviewInvitation>()
            .Where(i => i.ReviewId == review && i.TradedAt == null && i.RevokedAt == null).ToListAsync(cancel);
        unused.Where(i => string.Equals(i.Email, invitation.Email, StringComparison.OrdinalIgnoreCase)).ToList().ForEach(i => i.Revoke(now));
        db.Add(invitation);
        await db.SaveAsync(cancel);
        return new(Row(invitation), secret);
    }

    /// <summary>The invitations to a review, the newest first.</summary>
    /// <exception cref="NotThere">There is no such review.</exception>
    public async Task<IReadOnlyList<ReviewInvitationRow>> ListAsync(Guid review, Actor by, CancellationToken cancel)
    {
        by.Need(Right.Read);
        await using var db = await database.ReadAsync(cancel);
        await ReviewAsync(db, review, by, cancel);
        return [.. (await db.Set<ReviewInvitation>().Where(i => i.ReviewId == review).OrderByDescending(i => i.Id).Take(200).ToListAsync(cancel)).Select(Row)];
    }

    /// <summary>What a link is for; reading it changes nothing.</summary>
    public async Task<ReviewInvitationSheet?> FindAsync(string? secret, CancellationToken cancel)
    {
        if (!AccessSecret.Fits(secret, AccessSecret.LinkPrefix))
        {
            return null;
        }

        var hash = AccessSecret.Hash(secret!);
        await using var db = await database.ReadAsync(cancel);
        var found = await (
            from i in db.Set<ReviewInvitation>()
            join r in db.Set<Review>() on i.ReviewId equals r.Id
            join p in db.Partners on r.PartnerId equals p.Id
            where i.Hash == hash
            select new { Invitation = i, r.Title, p.Name }).SingleOrDefaultAsync(cancel);
        return found is null ? null : new(Row(found.Invitation), found.Invitation.ReviewId, found.Title, found.Name, found.Invitation.TradedBy);
    }

    /// <summary>Trades a link for a guest's session that ends with the invitation: the guest, the session and the trade, all or nothing, once.</summary>
    /// <param name="secret">Of the link.</param>
    /// <param name="name">What people call the guest, when they are new here.</param>
    /// <param name="ip">The address they come from.</param>
    /// <param name="userAgent">What their browser calls itself.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="RuleBroken">The link is unknown, used, taken back, has run out, or its address is not that of a guest of this partner.</exception>
    public async Task<TradedInvitation> TradeAsync(string? secret, string? name, string? ip, string? userAgent, CancellationToken cancel)
    {
        var hash = AccessSecret.Hash(secret ?? "");
        var now = database.Now;
        await using var db = await database.WriteAsync(Actor.Portal("review invitation"), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // The row is locked, so of many at once the first trades and the others read that it did.
        var invitation = await db.Set<ReviewInvitation>()
            .FromSql($"SELECT *, xmin FROM reviews.invitations WHERE hash = {hash} FOR UPDATE")
            .SingleOrDefaultAsync(cancel) ?? throw new RuleBroken("This link is not known. Check that it was copied whole, or ask for a new one.");
        if (invitation.Refusal(now) is { } refusal)
        {
            throw new RuleBroken(refusal);
        }

        var guest = await PersonAsync(db, invitation.Email, cancel);
        if (guest is not null && RefusalOf(guest, invitation.PartnerId) is { } stranger)
        {
            throw new RuleBroken(stranger);
        }

        if (guest is null)
        {
            guest = PortalUser.Enter(invitation.Email, name, Role.Guest, invitation.PartnerId, now);
            db.Add(guest);
        }

        db.By = new(guest.Id, guest.Email!, Role.Guest, PartnerId: guest.PartnerId);
        var session = Session.Begin(guest.Id, guest.Email!, "invitation", ip, userAgent, now, invitation.ExpiresAt);
        db.Add(session);
        invitation.Trade(guest.Id, session.Id, now);
        await db.SaveAsync(cancel, () => new AlreadyTaken("email", $"{invitation.Email} was entered a moment ago. Press the button again."));
        await transaction.CommitAsync(cancel);
        return new(guest, session, invitation.ReviewId);
    }

    /// <summary>Takes an invitation back and ends what it was traded for at once: its session, and every other of the guest when no invitation is left.</summary>
    /// <exception cref="NotThere">There is no such invitation.</exception>
    public async Task RevokeAsync(Guid review, Guid id, Actor by, CancellationToken cancel)
    {
        by.Need(Right.AnswerReviews);
        await using var db = await database.WriteAsync(by, cancel);
        await ReviewAsync(db, review, by, cancel);
        var invitation = await db.Set<ReviewInvitation>().SingleOrDefaultAsync(i => i.Id == id && i.ReviewId == review, cancel) ?? throw new NotThere("such invitation");
        await EndAsync(db, [invitation], database.Now, cancel);
        await db.SaveAsync(cancel);
    }

    /// <summary>Whether somebody may open a review as far as invitations decide it: a guest only while an invitation of theirs was traded, is not taken back and has not run out. Notes that it was used.</summary>
    public async Task<bool> MayOpenAsync(Guid review, Actor by, CancellationToken cancel)
    {
        if (by.Role != Role.Guest)
        {
            return true;
        }

        var now = database.Now;
        await using var db = await database.ReadAsync(cancel);
        var opens = await db.Set<ReviewInvitation>()
            .Where(i => i.ReviewId == review && i.TradedBy == by.Id && i.RevokedAt == null && i.ExpiresAt > now && i.PartnerId == by.PartnerId)
            .Select(i => new { i.Id, i.UsedAt }).ToListAsync(cancel);
        if (opens.Count > 0 && !opens.Exists(i => now - i.UsedAt < UsedEvery))
        {
            await db.Set<ReviewInvitation>().Where(i => i.Id == opens[0].Id).ExecuteUpdateAsync(i => i.SetProperty(x => x.UsedAt, now), cancel);
        }

        return opens.Count > 0;
    }

    /// <summary>The reviews that a guest may open now, the newest first.</summary>
    public async Task<IReadOnlyList<GuestReviewRow>> OfGuestAsync(Actor by, CancellationToken cancel)
    {
        by.Need(Right.AnswerOwnItems);
        var (now, guest, partner) = (database.Now, by.Id, by.PartnerId);
        await using var db = await database.ReadAsync(cancel);
        var rows = await (
            from i in db.Set<ReviewInvitation>()
            join r in db.Set<Review>() on i.ReviewId equals r.Id
            join p in db.Partners on r.PartnerId equals p.Id
            where i.TradedBy == guest && i.RevokedAt == null && i.ExpiresAt > now && i.PartnerId == partner
            orderby i.ExpiresAt descending
            select new GuestReviewRow(r.Id, r.Title, p.Name, i.InvitedBy, i.ExpiresAt, r.ConcludedAt != null)).Take(200).ToListAsync(cancel);
        return [.. rows.DistinctBy(r => r.Id).OrderByDescending(r => r.Id)];
    }

    /// <summary>Takes back every invitation to the reviews of an integration: its partnership ends. The caller saves. Says whose they were.</summary>
    internal static async Task<IReadOnlyList<string>> RevokeAllAsync(PortalContext db, Guid integration, DateTimeOffset now, CancellationToken cancel)
    {
        var open = await (
            from i in db.Set<ReviewInvitation>()
            join r in db.Set<Review>() on i.ReviewId equals r.Id
            where r.IntegrationId == integration && i.RevokedAt == null
            select i).ToListAsync(cancel);
        await EndAsync(db, open, now, cancel);
        return [.. open.Select(i => i.Email).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static async Task EndAsync(PortalContext db, List<ReviewInvitation> invitations, DateTimeOffset now, CancellationToken cancel)
    {
        invitations.ForEach(i => i.Revoke(now));
        var ended = invitations.Select(i => i.Id).ToList();
        var sessions = invitations.Select(i => i.SessionId).ToList();
        var guests = invitations.Select(i => i.TradedBy).OfType<Guid>().Distinct().ToList();
        var staying = await db.Set<ReviewInvitation>()
            .Where(i => guests.Contains(i.TradedBy!.Value) && !ended.Contains(i.Id) && i.RevokedAt == null && i.ExpiresAt > now)
            .Select(i => i.TradedBy!.Value).ToListAsync(cancel);
        var leaving = guests.Except(staying).ToList();
        var open = await db.Set<Session>().Where(s => s.EndedAt == null && (sessions.Contains(s.Id) || leaving.Contains(s.PersonId))).ToListAsync(cancel);
        open.ForEach(s => s.End(now));
    }

    private static async Task<(Guid PartnerId, DateTimeOffset? ConcludedAt)> ReviewAsync(PortalContext db, Guid review, Actor by, CancellationToken cancel)
    {
        var found = await db.Set<Review>().Where(r => r.Id == review).Select(r => new { r.PartnerId, r.ConcludedAt }).SingleOrDefaultAsync(cancel);
        return found is not null && by.Sees(found.PartnerId) ? (found.PartnerId, found.ConcludedAt) : throw new NotThere("review with this id");
    }

    private static Task<PortalUser?> PersonAsync(PortalContext db, string email, CancellationToken cancel)
    {
        var normal = email.ToUpperInvariant();
        return db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == normal, cancel);
    }

    // An account that is here already is never changed by a link.
    private static string? RefusalOf(PortalUser person, Guid partner) => person switch
    {
        { Role: not Role.Guest } => $"{person.Email} is one of the portal's own people and answers after signing in. Invite another address.",
        _ when person.PartnerId != partner => $"{person.Email} is a guest of another partner. Invite another address.",
        { DisabledAt: not null } => $"{person.Email} may not sign in any more. An administrator can change that.",
        _ => null,
    };

    private static ReviewInvitationRow Row(ReviewInvitation i) => new(i.Id, i.Email, i.InvitedBy, i.CreatedAt, i.ExpiresAt, i.TradedAt, i.RevokedAt, i.UsedAt);
}
