using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

/// <summary>A pair and where it belongs.</summary>
public sealed record CounterPairRow(CounterPair Pair, string Partner, string Integration);

/// <summary>Pairs of counters, ours and theirs.</summary>
public sealed class CounterPairStore(PortalDatabase database)
{
    /// <summary>The pairs of a partner, or of one of its integrations, by title; of every partner for null.</summary>
    public async Task<IReadOnlyList<CounterPairRow>> ListAsync(string? partner, string? integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, partner, integration, db.Set<CounterPair>()).ToListAsync(cancel);
    }

    /// <summary>One pair by its slug.</summary>
    /// <exception cref="NotThere">The partner has no such pair.</exception>
    public async Task<CounterPairRow> GetAsync(string partner, string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, partner, null, Of(db, partner).Where(p => p.Slug == slug)).SingleOrDefaultAsync(cancel) ?? throw Nothing(partner, slug);
    }

    /// <summary>Saves a pair under a slug: a new one, or the one that is there changed as a whole. Null derives the slug from the title and never overwrites.</summary>
    /// <returns>The pair, and whether it is new.</returns>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<(CounterPairRow Row, bool IsNew)> SaveAsync(string partner, string integration, string? slug, CounterPairDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = slug is null ? null : await Of(db, partner).SingleOrDefaultAsync(p => p.Slug == slug, cancel);
        if (found is not null)
        {
            found.Change(draft);
            await db.SaveAsync(cancel);
            return (await Rows(db, partner, null, Of(db, partner).Where(p => p.Id == found.Id)).SingleAsync(cancel), false);
        }

        var place = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner)).SingleOrDefaultAsync(cancel)
            ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (await db.Set<CounterPair>().CountAsync(p => p.IntegrationId == place.Id, cancel) >= CounterPair.MostPerIntegration)
        {
            throw new RuleBroken($"An integration keeps at most {CounterPair.MostPerIntegration} pairs.");
        }

        var pair = CounterPair.Enter(place.PartnerId, place.Id, draft with { Slug = slug ?? draft.Slug }, database.Now);
        if (await Of(db, partner).AnyAsync(p => p.Slug == pair.Slug, cancel))
        {
            throw new AlreadyTaken("title", "There is a pair of this name already.");
        }

        db.Add(pair);
        await db.SaveAsync(cancel);
        return (new CounterPairRow(pair, partner, integration), true);
    }

    /// <summary>Removes a pair; what was recorded stays.</summary>
    /// <exception cref="NotThere">The partner has no such pair.</exception>
    public async Task RemoveAsync(string partner, string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        db.Remove(await Of(db, partner).SingleOrDefaultAsync(p => p.Slug == slug, cancel) ?? throw Nothing(partner, slug));
        await db.SaveAsync(cancel);
    }

    private static IQueryable<CounterPair> Of(PortalContext db, string partner) =>
        db.Set<CounterPair>().Where(c => db.Partners.Any(p => p.Id == c.PartnerId && p.Slug == partner));

    private static IQueryable<CounterPairRow> Rows(PortalContext db, string? of, string? within, IQueryable<CounterPair> pairs) =>
        from pair in pairs
        join partner in db.Partners on pair.PartnerId equals partner.Id
        join integration in db.Integrations on pair.IntegrationId equals integration.Id
        where (of == null || partner.Slug == of) && (within == null || integration.Slug == within)
        orderby pair.Title
        select new CounterPairRow(pair, partner.Slug, integration.Slug);

    private static NotThere Nothing(string partner, string slug) => new($"pair {slug} of a partner called {partner}");
}
