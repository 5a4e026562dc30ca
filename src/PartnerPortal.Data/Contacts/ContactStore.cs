using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Contacts;

/// <summary>A partner's contacts and what belongs around them.</summary>
/// <param name="PartnerName">The company's name, for cards and headings.</param>
/// <param name="MailAddress">The one address of ours that the partner writes to.</param>
/// <param name="Contacts">Our side first, each side in the order in which to try.</param>
public sealed record ContactSheet(string PartnerName, string? MailAddress, IReadOnlyList<Contact> Contacts);

/// <summary>Contacts in the database. A contact is named by its slug or its id.</summary>
public sealed class ContactStore(PortalDatabase database)
{
    /// <summary>The contacts of a partner.</summary>
    /// <param name="partner">The partner's slug.</param>
    /// <param name="removed">The removed ones instead of the active ones.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="NotThere">No partner has this slug.</exception>
    public async Task<ContactSheet> ListAsync(string partner, bool removed, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await PartnerAsync(db, partner, cancel);
        var contacts = await db.Contacts.Where(c => c.PartnerId == found.Id && removed == (c.RemovedAt != null)).ToListAsync(cancel);
        return new(found.Name, found.MailAddress, [.. TryOrder.Sorted(contacts).OrderBy(c => c.Side)]);
    }

    /// <summary>One contact, removed ones included.</summary>
    /// <exception cref="NotThere">The partner or the contact does not exist.</exception>
    public async Task<Contact> GetAsync(string partner, string contact, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var owner = await PartnerAsync(db, partner, cancel);
        return await Named(db, owner.Id, contact).SingleOrDefaultAsync(cancel) ?? throw Nobody(partner, contact);
    }

    /// <summary>The newest attempts to reach a contact, on old numbers, too.</summary>
    public async Task<IReadOnlyList<ContactAttempt>> AttemptsAsync(string partner, string contact, int take, CancellationToken cancel)
    {
        var found = await GetAsync(partner, contact, cancel);
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<AttemptLine>().Where(a => a.ContactId == found.Id).OrderByDescending(a => a.Id).Take(take)
            .Select(a => new ContactAttempt(a.Outcome, a.By, a.At)).ToListAsync(cancel);
    }

    /// <summary>Enters a contact.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">The partner is archived.</exception>
    public async Task<Contact> EnterAsync(string partner, ContactDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var owner = await PartnerAsync(db, partner, cancel);
        if (owner.ArchivedAt is not null)
        {
            throw new RuleBroken($"{owner.Name} is archived. Bring it back before you add contacts.");
        }

        await using var alone = await AloneAsync(db, owner.Id, cancel);
        var taken = await db.Contacts.Where(c => c.PartnerId == owner.Id).Select(c => c.Slug).ToListAsync(cancel);
        var contact = Contact.Enter(owner.Id, draft, taken, database.Now);
        var side = await SideAsync(db, contact, cancel);
        TryOrder.Move([.. side, contact], contact, draft.Order ?? int.MaxValue);
        db.Add(contact);
        await db.SaveAsync(cancel);
        await alone.CommitAsync(cancel);
        return contact;
    }

    /// <summary>Changes what the draft names.</summary>
    /// <param name="partner">The partner's slug.</param>
    /// <param name="contact">Slug or id.</param>
    /// <param name="draft">What to change; null stays.</param>
    /// <param name="version">The version that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version.</exception>
    public Task<Contact> ChangeAsync(string partner, string contact, ContactDraft draft, uint? version, Actor by, CancellationToken cancel) =>
        EditAsync(partner, contact, by, async (db, found) =>
        {
            if (version is { } read && read != found.Version)
            {
                throw new ChangedMeanwhile(found);
            }

            found.Change(draft);
            if (draft.Order is { } place)
            {
                TryOrder.Move(await SideAsync(db, found, cancel), found, place);
            }
        }, cancel);

    /// <summary>Puts a contact into a place among the active ones of its side, from 1.</summary>
    public Task<Contact> MoveAsync(string partner, string contact, int place, Actor by, CancellationToken cancel) =>
        EditAsync(partner, contact, by, async (db, found) => TryOrder.Move(await SideAsync(db, found, cancel), found, place), cancel);

    /// <summary>Takes a contact out of the lists.</summary>
    public Task<Contact> RemoveAsync(string partner, string contact, Actor by, CancellationToken cancel) =>
        EditAsync(partner, contact, by, async (db, found) =>
        {
            found.Remove(database.Now);
            TryOrder.Close(await SideAsync(db, found, cancel));
        }, cancel);

    /// <summary>Brings a removed contact back to the place it had.</summary>
    public Task<Contact> RestoreAsync(string partner, string contact, Actor by, CancellationToken cancel) =>
        EditAsync(partner, contact, by, async (db, found) =>
        {
            found.Restore();
            TryOrder.Move([.. await SideAsync(db, found, cancel), found], found, found.Order);
        }, cancel);

    /// <summary>Writes down that phone and mail were found right.</summary>
    public Task<Contact> ConfirmAsync(string partner, string contact, Actor by, CancellationToken cancel) =>
        EditAsync(partner, contact, by, (_, found) =>
        {
            found.Confirm(by.Name, database.Now);
            return Task.CompletedTask;
        }, cancel);

    /// <summary>Writes down how an attempt to reach a contact ended.</summary>
    public Task<Contact> AttemptAsync(string partner, string contact, AttemptOutcome outcome, Actor by, CancellationToken cancel) =>
        EditAsync(partner, contact, by, (db, found) =>
        {
            var attempt = found.Attempted(outcome, by.Name, database.Now);
            db.Add(new AttemptLine { Id = Guid.CreateVersion7(attempt.At), ContactId = found.Id, Outcome = outcome, By = attempt.By, At = attempt.At });
            return Task.CompletedTask;
        }, cancel);

    private async Task<Contact> EditAsync(string partner, string contact, Actor by, Func<PortalContext, Contact, Task> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var owner = await PartnerAsync(db, partner, cancel);
        await using var alone = await AloneAsync(db, owner.Id, cancel);
        var found = await Named(db, owner.Id, contact).SingleOrDefaultAsync(cancel) ?? throw Nobody(partner, contact);
        await edit(db, found);
        await db.SaveAsync(cancel);
        await alone.CommitAsync(cancel);
        return found;
    }

    // Places are counted from each other, so two changes of one partner's order go one after the other.
    private static async Task<IDbContextTransaction> AloneAsync(PortalContext db, Guid partner, CancellationToken cancel)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM partners.partners WHERE id = {partner} FOR NO KEY UPDATE", cancel);
        return transaction;
    }

    private static Task<List<Contact>> SideAsync(PortalContext db, Contact contact, CancellationToken cancel) =>
        db.Contacts.Where(c => c.PartnerId == contact.PartnerId && c.Side == contact.Side && c.RemovedAt == null).ToListAsync(cancel);

    private static IQueryable<Contact> Named(PortalContext db, Guid partner, string contact) => Guid.TryParse(contact, out var id)
        ? db.Contacts.Where(c => c.PartnerId == partner && c.Id == id)
        : db.Contacts.Where(c => c.PartnerId == partner && c.Slug == contact);

    private static async Task<Partner> PartnerAsync(PortalContext db, string slug, CancellationToken cancel) =>
        await db.Partners.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == slug, cancel) ?? throw new NotThere($"partner called {slug}");

    private static NotThere Nobody(string partner, string contact) => new($"contact {contact} of {partner}");
}
