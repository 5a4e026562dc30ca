using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

/// <summary>An event with where it belongs; null where it concerns all partners.</summary>
public sealed record EventRow(MarkedEvent Event, string? Partner, string? Integration);

/// <summary>Changes of ours, marked by builds and people.</summary>
public sealed class EventStore(PortalDatabase database)
{
    /// <summary>Marks a change.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="NotThere">There is no such partner or integration, or the actor may not know of it.</exception>
    public async Task<EventRow> MarkAsync(EventDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        Integration? place = null;
        var (partner, integration) = (draft.Partner?.Trim(), draft.Integration?.Trim() ?? Integration.MainSlug);
        if (!string.IsNullOrEmpty(partner))
        {
            place = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner)).SingleOrDefaultAsync(cancel);
            if (place is null || !by.Sees(place.PartnerId))
            {
                throw new NotThere($"integration {integration} of a partner called {partner}");
            }
        }
        else if (by.PartnerId is not null)
        {
            throw new FieldsRefused("partner", "Name the partner: this token is bound to one, and without a name an event concerns all.");
        }

        var marked = MarkedEvent.Mark(place?.PartnerId, place?.Id, draft, by.Name, database.Now);
        db.Add(marked);
        await db.SaveAsync(cancel);
        return new EventRow(marked, place is null ? null : partner, place?.Slug);
    }

    /// <summary>One event.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<EventRow> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var row = await Rows(db, Visible(db, by).Where(e => e.Id == id)).SingleOrDefaultAsync(cancel);
        return row ?? throw new NotThere("such event");
    }

    /// <summary>Events before a given place, newest first.</summary>
    /// <param name="partner">Only this partner's, and those that concern all; null for every event.</param>
    /// <param name="after">Moment and id of the last event of the page before; null for the first page.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<EventRow>> AfterAsync(string? partner, (DateTimeOffset At, Guid Id)? after, int take, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var events = Of(db, Visible(db, by), partner);
        if (after is var (at, id))
        {
            events = events.Where(e => e.At < at || (e.At == at && e.Id.CompareTo(id) < 0));
        }

        return await Rows(db, events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(take)).ToListAsync(cancel);
    }

    /// <summary>The events of a partner, and those that concern all, between two instants, oldest first, at most 500.</summary>
    public async Task<IReadOnlyList<EventRow>> DuringAsync(string partner, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var rows = await Rows(db, Of(db, db.Set<MarkedEvent>(), partner).Where(e => e.At >= from && e.At <= to).OrderByDescending(e => e.At).Take(500)).ToListAsync(cancel);
        return [.. rows.OrderBy(r => r.Event.At)];
    }

    /// <summary>Takes a mark away.</summary>
    public async Task RemoveAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.Set<MarkedEvent>().SingleOrDefaultAsync(e => e.Id == id, cancel);
        if (found is null || !(found.PartnerId is { } owner ? by.Sees(owner) : by.PartnerId is null))
        {
            throw new NotThere("such event");
        }

        db.Remove(found);
        await db.SaveAsync(cancel);
    }

    private static IQueryable<MarkedEvent> Visible(PortalContext db, Actor by) => by.PartnerId is { } bound
        ? db.Set<MarkedEvent>().Where(e => e.PartnerId == null || e.PartnerId == bound)
        : db.Set<MarkedEvent>();

    private static IQueryable<MarkedEvent> Of(PortalContext db, IQueryable<MarkedEvent> events, string? partner) => string.IsNullOrEmpty(partner)
        ? events
        : events.Where(e => e.PartnerId == null || db.Partners.Any(p => p.Id == e.PartnerId && p.Slug == partner));

    private static IQueryable<EventRow> Rows(PortalContext db, IQueryable<MarkedEvent> events) =>
        from marked in events
        join partner in db.Partners on marked.PartnerId equals partner.Id into partners
        from owner in partners.DefaultIfEmpty()
        join integration in db.Integrations on marked.IntegrationId equals integration.Id into integrations
        from part in integrations.DefaultIfEmpty()
        orderby marked.At descending, marked.Id descending
        select new EventRow(marked, owner == null ? null : owner.Slug, part == null ? null : part.Slug);
}
