using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>Services that policies can call: webhooks, chat channels, PagerDuty and Opsgenie services of the company.</summary>
public sealed class ServiceStore(PortalDatabase database, ChannelStore channels)
{
    /// <summary>Every service by name.</summary>
    public async Task<IReadOnlyList<ChannelRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await ChannelStore.RowsAsync(db, db.Set<Channel>().Where(c => c.Slug != null).OrderBy(c => c.Name).ThenBy(c => c.Slug), cancel);
    }

    /// <summary>One service.</summary>
    /// <exception cref="NotThere">No service has this slug.</exception>
    public async Task<ChannelRow> GetAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return (await ChannelStore.RowsAsync(db, db.Set<Channel>().Where(c => c.Slug == slug), cancel)).SingleOrDefault() ?? throw new NotThere($"service called {slug}");
    }

    /// <summary>Saves a service under a slug: a new one, or the one that is there changed.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<(EnteredChannel Entered, bool IsNew)> SaveAsync(string? slug, ChannelDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = slug is null ? null : await db.Set<Channel>().SingleOrDefaultAsync(c => c.Slug == slug, cancel);
        if (found is not null)
        {
            found.Change(draft, channels.Seal);
            await db.SaveAsync(cancel);
            return (new(found, null), false);
        }

        var (with, made) = ChannelStore.WithSecret(draft);
        var service = Channel.Service(with with { Slug = slug ?? draft.Slug }, channels.Seal, database.Now);
        db.Add(service);
        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"There is a service called “{service.Slug}” already. Choose another slug."));
        return (new(service, made), true);
    }

    /// <summary>Removes a service that no policy calls.</summary>
    /// <exception cref="RuleBroken">A policy calls it.</exception>
    public async Task RemoveAsync(string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var service = await FindAsync(db, slug, cancel);
        var callers = (await db.EscalationPolicies.AsNoTracking().ToListAsync(cancel)).Where(p => p.Steps.Any(s => s.Targets.Contains(new(TargetKind.Service, slug)))).Select(p => p.Name).ToList();
        if (callers.Count > 0)
        {
            throw new RuleBroken($"{service.Name} is called by {string.Join(", ", callers.Take(5))}. Take it out there first.");
        }

        db.Remove(service);
        await db.SaveAsync(cancel);
    }

    /// <summary>Sends a test.</summary>
    public async Task TestAsync(string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await ChannelStore.TestAsync(db, [await FindAsync(db, slug, cancel)], by.Name, database.Now, cancel);
    }

    /// <summary>Makes a new secret for the address to which the service reports acknowledgements; the one before ends.</summary>
    /// <returns>The secret, shown this once.</returns>
    /// <exception cref="RuleBroken">It is a service that reports none.</exception>
    public async Task<string> ListenAsync(string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var service = await FindAsync(db, slug, cancel);
        if (service.Kind is not (ChannelKind.Pagerduty or ChannelKind.Opsgenie))
        {
            throw new RuleBroken("Only PagerDuty and Opsgenie report acknowledgements back.");
        }

        var secret = "ppb_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        service.Listen(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        await db.SaveAsync(cancel);
        return secret;
    }

    /// <summary>The service whose address for acknowledgements holds a secret; null when there is none.</summary>
    public async Task<Channel?> ListeningAsync(string secret, CancellationToken cancel)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Channel>().AsNoTracking().SingleOrDefaultAsync(c => c.CallbackHash == hash, cancel);
    }

    private static async Task<Channel> FindAsync(PortalContext db, string slug, CancellationToken cancel) =>
        await db.Set<Channel>().SingleOrDefaultAsync(c => c.Slug == slug, cancel) ?? throw new NotThere($"service called {slug}");
}
