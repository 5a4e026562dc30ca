using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Access;

/// <summary>A token for lists; its secret is nowhere.</summary>
public sealed record TokenRow(
    Guid Id, string Name, string Owner, string Hint, IReadOnlyList<Scope> Scopes, string? Partner,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>A new token with the secret that is shown once.</summary>
public sealed record IssuedToken(TokenRow Token, string Secret);

/// <summary>API tokens: made, recognised by their hash, revoked.</summary>
public sealed class TokenStore(PortalDatabase database)
{
    private static readonly TimeSpan UsedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Makes a token and its secret.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted, or names nobody.</exception>
    public async Task<IssuedToken> IssueAsync(TokenDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.Administer);
        await using var db = await database.WriteAsync(by, cancel);
        var owner = await OwnerAsync(db, draft.Owner, by, cancel);
        var partner = await PartnerAsync(db, draft.Partner, cancel);
        var secret = AccessSecret.Make(AccessSecret.TokenPrefix);
        var token = ApiToken.Issue(draft, secret, owner, partner, by, database.Now);
        db.Add(token);
        await db.SaveAsync(cancel);
        return new((await ReadAsync(token.Id, cancel))!, secret);
    }

    /// <summary>Makes sure that a token with a secret from the configuration exists, with every scope, and works.</summary>
    public async Task EnsureAsync(Guid ownerId, string name, string secret, CancellationToken cancel)
    {
        var by = Actor.Portal("configuration");
        var hash = AccessSecret.Hash(secret);
        await using var db = await database.WriteAsync(by, cancel);
        var there = await db.Set<ApiToken>().SingleOrDefaultAsync(t => t.Hash == hash, cancel);
        if (there?.Works(database.Now) == true && there.OwnerId == ownerId)
        {
            return;
        }

        if (there is not null)
        {
            db.Remove(there);
        }

        db.Add(ApiToken.Issue(new(name, Words.All<Scope>()), secret, ownerId, null, by, database.Now));
        await db.SaveAsync(cancel, () => new AlreadyTaken("secret", "Another portal made this token at the same moment."));
    }

    /// <summary>Whom a secret lets act, at this moment; null when it is unknown, revoked, has run out, or its owner is disabled.</summary>
    public async Task<Actor?> FindAsync(string secret, CancellationToken cancel)
    {
        if (!AccessSecret.Fits(secret, AccessSecret.TokenPrefix))
        {
            return null;
        }

        // Asked with every request of a program, so one prepared statement; never remembered, so that a revoked token ends at once.
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT t.id, t.owner_id, p.email, p.role, coalesce(t.partner_id, p.partner_id), t.scopes, t.last_used_at
            FROM access.tokens t JOIN access.people p ON p.id = t.owner_id
            WHERE t.hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) AND p.disabled_at IS NULL
            """, connection);
        var now = database.Now;
        command.Parameters.Add(new() { Value = AccessSecret.Hash(secret) });
        command.Parameters.Add(new() { Value = now });
        await command.PrepareAsync(cancel);
        Actor found;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel))
            {
                return null;
            }

            found = new(
                reader.GetGuid(1), reader.GetString(2), WordConverter<Role>.Read(reader.GetString(3)), "api", reader.IsDBNull(4) ? null : reader.GetGuid(4),
                JsonSerializer.Deserialize<IReadOnlyList<Scope>>(reader.GetString(5), JsonColumn.Options), reader.GetGuid(0));
            if (!reader.IsDBNull(6) && now - reader.GetFieldValue<DateTimeOffset>(6) <= UsedEvery)
            {
                return found;
            }
        }

        await using var used = new NpgsqlCommand("UPDATE access.tokens SET last_used_at = $2 WHERE id = $1", connection) { Parameters = { new() { Value = found.TokenId!.Value }, new() { Value = now } } };
        await used.ExecuteNonQueryAsync(cancel);
        return found;
    }

    /// <summary>Every token, the newest first; revoked ones included, so that the log can be understood.</summary>
    public async Task<IReadOnlyList<TokenRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<ApiToken>().OrderByDescending(t => t.Id).Take(500)).ToListAsync(cancel);
    }

    /// <summary>Stops a token for good.</summary>
    /// <exception cref="NotThere">There is no such token.</exception>
    public async Task RevokeAsync(Guid id, Actor by, CancellationToken cancel)
    {
        by.Need(Right.Administer);
        await using var db = await database.WriteAsync(by, cancel);
        var token = await db.Set<ApiToken>().SingleOrDefaultAsync(t => t.Id == id, cancel) ?? throw new NotThere("such token");
        token.Revoke(database.Now);
        await db.SaveAsync(cancel);
    }

    private async Task<TokenRow?> ReadAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<ApiToken>().Where(t => t.Id == id)).SingleOrDefaultAsync(cancel);
    }

    private static IQueryable<TokenRow> Rows(PortalContext db, IQueryable<ApiToken> tokens) => tokens.Select(t => new TokenRow(
        t.Id, t.Name, db.Users.Where(u => u.Id == t.OwnerId).Select(u => u.Email!).First(), t.Hint, t.Scopes,
        db.Partners.Where(p => p.Id == t.PartnerId).Select(p => p.Slug).FirstOrDefault(),
        t.CreatedAt, t.ExpiresAt, t.LastUsedAt, t.RevokedAt));

    private static async Task<Guid> OwnerAsync(PortalContext db, string? email, Actor by, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(email))
        {
            return by.Id ?? throw new FieldsRefused("owner", "Name the person whom the token acts as.");
        }

        var normal = email.Trim().ToUpperInvariant();
        var owner = await db.Users.Where(u => u.NormalizedEmail == normal && u.DisabledAt == null).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(cancel);
        return owner ?? throw new FieldsRefused("owner", $"Nobody here signs in as {email.Trim()}. Invite them first.");
    }

    internal static async Task<Guid?> PartnerAsync(PortalContext db, string? slug, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(slug))
        {
            return null;
        }

        var id = await db.Partners.Where(p => p.Slug == slug.Trim()).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        return id ?? throw new FieldsRefused("partner", $"There is no partner called {slug.Trim()}.");
    }
}
