using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>Where incidents happen and which policies they follow, read once for many.</summary>
internal sealed class IncidentPlaces
{
    private readonly Dictionary<Guid, IncidentPlace> _places;
    private readonly Dictionary<string, EscalationPolicy> _policies;

    private IncidentPlaces(Dictionary<Guid, IncidentPlace> places, Dictionary<string, EscalationPolicy> policies) => (_places, _policies) = (places, policies);

    public static async Task<IncidentPlaces> ReadAsync(PortalContext db, IEnumerable<Guid?> integrations, CancellationToken cancel)
    {
        var ids = integrations.OfType<Guid>().Distinct().ToList();
        var places = await db.Integrations.AsNoTracking().Where(i => ids.Contains(i.Id)).Join(db.Partners, i => i.PartnerId, p => p.Id, (i, p) => new { i, p }).ToListAsync(cancel);
        var wanted = places.Select(x => x.i.EscalationPolicy).OfType<string>().Append(EscalationPolicy.LastResortSlug).Distinct().ToList();
        var policies = await db.EscalationPolicies.AsNoTracking().Where(p => wanted.Contains(p.Slug)).ToDictionaryAsync(p => p.Slug, cancel);
        return new(
            places.ToDictionary(x => x.i.Id, x => new IncidentPlace(x.p.Slug, x.p.Name, x.i.Name, x.i.Slug, x.i.EscalationPolicy, x.p.Owner ?? "", x.i.Stage, x.i.Impact.WhatUsersSee)), policies);
    }

    public IncidentPlace? Of(Guid? integration) => integration is { } id ? _places.GetValueOrDefault(id) : null;

    /// <summary>Begins the run of an incident: its integration's policy, then the last resort.</summary>
    public EscalationRun Start(Incident incident, DateTimeOffset at) => EscalationRun.Start(incident.Id, Linked(incident), LastResort(at), at);

    public EscalationPolicy? Linked(Incident incident) => Of(incident.IntegrationId)?.Policy is { } slug ? _policies.GetValueOrDefault(slug) : null;

    public EscalationPolicy LastResort(DateTimeOffset at) => _policies.GetValueOrDefault(EscalationPolicy.LastResortSlug) ?? EscalationPolicy.LastResort(at);
}
