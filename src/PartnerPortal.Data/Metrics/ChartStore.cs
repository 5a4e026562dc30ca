using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

/// <summary>The charts that people keep, in their order.</summary>
public sealed class ChartStore(PortalDatabase database)
{
    /// <summary>The charts of an integration, in order.</summary>
    public async Task<IReadOnlyList<SavedChart>> ListAsync(string partner, string integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Of(db, partner, integration).OrderBy(c => c.Place).ThenBy(c => c.Id).ToListAsync(cancel);
    }

    /// <summary>Saves a chart behind the others.</summary>
    public async Task<SavedChart> AddAsync(string partner, string integration, ChartDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner))
            .SingleOrDefaultAsync(cancel) ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        var chart = SavedChart.Enter(found.PartnerId, found.Id, draft, await Of(db, partner, integration).CountAsync(cancel), database.Now);
        db.Add(chart);
        await db.SaveAsync(cancel);
        return chart;
    }

    /// <summary>Changes what the draft names.</summary>
    public async Task<SavedChart> ChangeAsync(string partner, string integration, Guid id, ChartDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var chart = await Of(db, partner, integration).SingleOrDefaultAsync(c => c.Id == id, cancel) ?? throw Nothing();
        chart.Change(draft);
        await db.SaveAsync(cancel);
        return chart;
    }

    /// <summary>Puts the charts into the order of these ids; charts that are not named follow in their old order.</summary>
    public async Task OrderAsync(string partner, string integration, IReadOnlyList<Guid> order, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var charts = await Of(db, partner, integration).ToListAsync(cancel);
        var places = order.Select((id, place) => (id, place)).DistinctBy(o => o.id).ToDictionary(o => o.id, o => o.place);
        foreach (var (chart, place) in charts.OrderBy(c => places.GetValueOrDefault(c.Id, int.MaxValue)).ThenBy(c => c.Place).Select((c, i) => (c, i)))
        {
            chart.MoveTo(place);
        }

        await db.SaveAsync(cancel);
    }

    /// <summary>Removes a chart; the metrics stay.</summary>
    public async Task RemoveAsync(string partner, string integration, Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        db.Remove(await Of(db, partner, integration).SingleOrDefaultAsync(c => c.Id == id, cancel) ?? throw Nothing());
        await db.SaveAsync(cancel);
    }

    private static IQueryable<SavedChart> Of(PortalContext db, string partner, string integration) =>
        db.Set<SavedChart>().Where(c => db.Integrations.Any(i => i.Id == c.IntegrationId && i.Slug == integration
            && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner)));

    private static NotThere Nothing() => new("such chart; somebody may have removed it");
}
