using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Access;

/// <summary>A person for lists.</summary>
public sealed record PersonRow(
    Guid Id, string Email, string DisplayName, Role Role, string? Partner, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt,
    DateTimeOffset? SeenAt, bool SecondFactor, int Passkeys);

/// <summary>What to change of a person; null stays.</summary>
public sealed record PersonDraft(string? Name = null, string? Role = null, bool? Disabled = null);

/// <summary>Who an identity provider says somebody is.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The account there; never given to somebody else.</param>
/// <param name="Email">Its mail address.</param>
/// <param name="EmailVerified">Whether the provider has verified the address.</param>
/// <param name="Name">What the provider calls them.</param>
public sealed record ProviderAccount(string Issuer, string Subject, string Email, bool EmailVerified, string? Name);

/// <summary>People: who is here, with which role. How they sign in is kept by Identity.</summary>
public sealed class PersonStore(PortalDatabase database)
{
    /// <summary>Whether anybody is here; an empty portal shows how to set it up.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Users.AnyAsync(cancel);
    }

    /// <summary>People by name; disabled ones last.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(string? text, Role? role, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var people = db.Users.AsQueryable();
        if (role is { } only)
        {
            people = people.Where(p => p.Role == only);
        }

        if (!string.IsNullOrWhiteSpace(text))
        {
            var like = "%" + text.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            people = people.Where(p => EF.Functions.ILike(p.Email!, like, "\\") || EF.Functions.ILike(p.DisplayName, like, "\\"));
        }

        return await Rows(db, people.OrderBy(p => p.DisabledAt != null).ThenBy(p => p.DisplayName).ThenBy(p => p.Email).Take(1000)).ToListAsync(cancel);
    }

    /// <summary>One person.</summary>
    /// <exception cref="NotThere">Nobody has this id.</exception>
    public async Task<PersonRow> GetAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Users.Where(p => p.Id == id)).SingleOrDefaultAsync(cancel) ?? throw new NotThere("such person");
    }

    /// <summary>Changes name, role, or whether they may come in. Disabling ends their sessions; their tokens stop working.</summary>
    /// <exception cref="RuleBroken">The last administrator cannot step down.</exception>
    public async Task<PersonRow> ChangeAsync(Guid id, PersonDraft draft, Actor by, CancellationToken cancel)
    {
        by.Need(Right.Administer);
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Two administrators who take each other's role away at once must not both succeed.
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM access.people WHERE role = 'administrator' AND disabled_at IS NULL ORDER BY id FOR UPDATE", cancel);
        var person = await db.Users.SingleOrDefaultAsync(p => p.Id == id, cancel) ?? throw new NotThere("such person");
        var leads = person.Role == Role.Administrator && person.DisabledAt is null;
        var check = new FieldCheck();
        person.DisplayName = draft.Name is null ? person.DisplayName : check.Needed("name", draft.Name, "a name");
        var role = check.Word("role", draft.Role, person.Role);
        check.ThrowIfRefused();
        person.ChangeRole(role);
        await DisableAsync(db, person, draft.Disabled, cancel);
        if (leads && !await AnotherAdministratorAsync(db, person, cancel))
        {
            throw new RuleBroken("This is the last administrator. Give somebody else that role first.");
        }

        await db.SaveAsync(cancel);
        await transaction.CommitAsync(cancel);
        return await GetAsync(id, cancel);
    }

    /// <summary>Makes sure that the administrator of the configuration exists, may come in and has this role and password.</summary>
    /// <param name="email">Their mail address.</param>
    /// <param name="same">Whether a stored hash is that of the configured password.</param>
    /// <param name="hash">Hashes the configured password; null when none is configured.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<Guid> EnsureAdministratorAsync(string email, Func<PortalUser, bool> same, Func<PortalUser, string>? hash, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("configuration"), cancel);
        var normal = email.Trim().ToUpperInvariant();
        var person = await db.Users.SingleOrDefaultAsync(p => p.NormalizedEmail == normal, cancel);
        if (person is null)
        {
            person = PortalUser.Enter(email, null, Role.Administrator, null, database.Now);
            db.Add(person);
        }

        person.Role = Role.Administrator;
        person.PartnerId = null;
        person.Enable();
        if (hash is not null && !same(person))
        {
            person.PasswordHash = hash(person);
        }

        try
        {
            await db.SaveAsync(cancel, () => new AlreadyTaken("email", "Another portal entered this person at the same moment."));
            return person.Id;
        }
        catch (AlreadyTaken)
        {
            await using var again = await database.ReadAsync(cancel);
            return await again.Users.Where(p => p.NormalizedEmail == normal).Select(p => p.Id).SingleAsync(cancel);
        }
    }

    /// <summary>The person of an identity provider's account: found by that account, or by a mail address that the provider has verified, or entered. Their role follows their groups.</summary>
    /// <param name="account">Who the provider says this is.</param>
    /// <param name="role">From their groups; for a new person it is taken, for a known one only when <paramref name="groupsDecide"/>.</param>
    /// <param name="groupsDecide">Whether groups decide the role.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="RuleBroken">The person is disabled here, or the address belongs to somebody else and was not verified.</exception>
    public async Task<PortalUser> FromProviderAsync(ProviderAccount account, Role role, bool groupsDecide, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("OpenID Connect"), cancel);
        var normal = account.Email.Trim().ToUpperInvariant();
        var known = await db.UserLogins.Where(l => l.LoginProvider == account.Issuer && l.ProviderKey == account.Subject).Select(l => (Guid?)l.UserId).SingleOrDefaultAsync(cancel);
        var person = await db.Users.SingleOrDefaultAsync(p => known == null ? p.NormalizedEmail == normal : p.Id == known, cancel);
        if (person?.DisabledAt is not null)
        {
            throw new RuleBroken("Your account here is disabled. Ask an administrator.");
        }

        if (person is not null && known is null && (!account.EmailVerified || person.Role == Role.Guest))
        {
            throw new RuleBroken("Somebody here already has this mail address, and your provider has not verified that it is yours.");
        }

        if (person is null)
        {
            person = PortalUser.Enter(account.Email, account.Name, role, null, database.Now);
            db.Add(person);
        }
        else if (groupsDecide && person.Role != Role.Guest)
        {
            person.ChangeRole(role);
        }

        if (known is null)
        {
            db.UserLogins.Add(new() { LoginProvider = account.Issuer, ProviderKey = account.Subject, ProviderDisplayName = "OpenID Connect", UserId = person.Id });
        }

        await db.SaveAsync(cancel, () => new AlreadyTaken("email", "This account signed in twice at the same moment. Sign in again."));
        return person;
    }

    private async Task DisableAsync(PortalContext db, PortalUser person, bool? disabled, CancellationToken cancel)
    {
        if (disabled is not { } off)
        {
            return;
        }

        if (!off)
        {
            person.Enable();
            return;
        }

        person.Disable(database.Now);
        var open = await db.Set<Session>().Where(s => s.PersonId == person.Id && s.EndedAt == null).ToListAsync(cancel);
        open.ForEach(s => s.End(database.Now));
    }

    private static async Task<bool> AnotherAdministratorAsync(PortalContext db, PortalUser changed, CancellationToken cancel) =>
        (changed.Role == Role.Administrator && changed.DisabledAt is null)
        || await db.Users.AnyAsync(p => p.Id != changed.Id && p.Role == Role.Administrator && p.DisabledAt == null, cancel);

    private static IQueryable<PersonRow> Rows(PortalContext db, IQueryable<PortalUser> people) => people.Select(p => new PersonRow(
        p.Id, p.Email!, p.DisplayName, p.Role, db.Partners.Where(x => x.Id == p.PartnerId).Select(x => x.Slug).FirstOrDefault(),
        p.CreatedAt, p.DisabledAt, db.Set<Session>().Where(s => s.PersonId == p.Id).Max(s => (DateTimeOffset?)s.SeenAt),
        p.TwoFactorEnabled, db.UserPasskeys.Count(k => k.UserId == p.Id)));
}
