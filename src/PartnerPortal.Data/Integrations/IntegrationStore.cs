using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Integrations;

/// <summary>Integrations in the database: reading, changing, moving their stage.</summary>
public sealed class IntegrationStore(PortalDatabase database, PolicyStore policies)
{
    /// <summary>One integration of a partner.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    public async Task<Integration> GetAsync(string partner, string integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await FindAsync(db, partner, integration, cancel);
    }

    /// <summary>Changes what the draft names.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version than the one read.</exception>
    public async Task<Integration> ChangeAsync(string partner, string integration, IntegrationDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        if (draft.EscalationPolicy == EscalationPolicy.LastResortSlug)
        {
            await policies.LastResortAsync(cancel); // it always exists: whoever asks first makes it
        }

        await using var db = await database.WriteAsync(by, cancel);
        var found = await FindAsync(db, partner, integration, cancel);
        if (version is { } read && read != found.Version)
        {
            throw new ChangedMeanwhile(found);
        }

        found.Change(draft);
        if (draft.EscalationPolicy is not null && found.EscalationPolicy is { } policy && !await db.EscalationPolicies.AnyAsync(p => p.Slug == policy, cancel))
        {
            throw new FieldsRefused("escalationPolicy", $"There is no escalation policy called “{policy}”.");
        }

        await db.SaveAsync(cancel);
        return found;
    }

    /// <summary>Proof that a stage asks for and that is not there yet.</summary>
    public async Task<IReadOnlyList<MissingProof>> MissingAsync(string partner, string integration, Stage to, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await FindAsync(db, partner, integration, cancel);
        return StageProofs.Missing(to, await EvidenceAsync(db, found, cancel));
    }

    /// <summary>Moves the stage, checking proof in the same transaction.</summary>
    /// <exception cref="ProofMissing">Proof is missing and was not overridden.</exception>
    public async Task<Integration> MoveAsync(
        string partner, string integration, Stage to, string? reason, DateOnly? overrideUntil, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await FindAsync(db, partner, integration, cancel);
        var missing = StageProofs.Missing(to, await EvidenceAsync(db, found, cancel));
        found.MoveTo(to, missing, reason, overrideUntil, by.Name, database.Now);
        await db.SaveAsync(cancel);
        return found;
    }

    private static async Task<Integration> FindAsync(PortalContext db, string partner, string integration, CancellationToken cancel)
    {
        var slug = Slug.Fits(integration) ? integration : Integration.MainSlug;
        return await db.Integrations
            .Where(i => i.Slug == slug && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner))
            .SingleOrDefaultAsync(cancel)
            ?? throw new NotThere($"integration {integration} of a partner called {partner}");
    }

    // Each feature that can prove something adds its line here when it lands.
    private static async Task<StageEvidence> EvidenceAsync(PortalContext db, Integration integration, CancellationToken cancel)
    {
        var concluded = await (
            from r in db.Set<Review>().AsNoTracking()
            join v in db.Set<TemplateVersion>().AsNoTracking() on r.TemplateVersionId equals v.Id
            where r.IntegrationId == integration.Id && r.ConcludedAt != null
            orderby r.ConcludedAt descending
            select new { r.Decision, v.Content }).ToListAsync(cancel);
        bool Passed(Phase phase) => concluded.FirstOrDefault(c => c.Content.Proves == phase)?.Decision is { Verdict: not Verdict.NoGo };
        return StageEvidence.None with
        {
            ReviewPassed = Passed(Phase.BeforeContract),
            ReadinessPassed = Passed(Phase.BeforeProduction),
            PartnerContacts = await db.Contacts.CountAsync(c => c.PartnerId == integration.PartnerId && c.Side == Side.Partner && c.RemovedAt == null, cancel),
            MetricSources = await db.Set<MetricSource>().CountAsync(s => s.IntegrationId == integration.Id && s.PausedAt == null, cancel),
            Runbooks = await db.Runbooks.CountAsync(r => r.PartnerId == integration.PartnerId && r.ArchivedAt == null, cancel),
            HasPolicy = integration.EscalationPolicy is not null,
        };
    }
}
