using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Domain.Scorecards;

namespace PartnerPortal.Data.Scorecards;

/// <summary>Gathers what the portal holds about an integration, for the six practices.</summary>
public sealed class PracticeStore(PortalDatabase database)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(180);

    /// <summary>The evidence as it is now.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    public async Task<PracticeEvidence> ReadAsync(string partner, string integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var found = await db.Partners.Where(p => p.Slug == partner)
            .SelectMany(p => p.Integrations.Where(i => i.Slug == integration), (p, i) => new { PartnerId = p.Id, Mail = p.MailAddress, Integration = i })
            .SingleOrDefaultAsync(cancel) ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        var reviews = await db.Set<Review>().Where(r => r.IntegrationId == found.Integration.Id).OrderByDescending(r => r.ConcludedAt).ToListAsync(cancel);
        var sources = await db.Set<MetricSource>().Where(s => s.IntegrationId == found.Integration.Id && s.PausedAt == null).Select(s => new { s.Id, s.Side }).ToListAsync(cancel);
        var up = await db.Set<StatusRow>().Where(s => s.Error == null && db.Set<MetricSource>().Any(m => m.Id == s.SourceId && m.IntegrationId == found.Integration.Id)).Select(s => s.SourceId).ToListAsync(cancel);
        var contacts = await db.Contacts.Where(c => c.PartnerId == found.PartnerId && c.Side == Side.Partner && c.RemovedAt == null).Select(c => c.ConfirmedAt).ToListAsync(cancel);
        var decided = reviews.FirstOrDefault(r => r.Decision is not null)?.Decision;
        var theirs = sources.Where(s => s.Side == SourceSide.Partner).ToList();
        return new PracticeEvidence(
            found.Integration.Stage,
            decided is null ? null : decided.Verdict != Verdict.NoGo,
            reviews.Exists(r => r.Decision is null),
            theirs.Count,
            theirs.Count(s => up.Contains(s.Id)),
            sources.Count - theirs.Count,
            contacts.Count,
            await db.Runbooks.CountAsync(r => r.PartnerId == found.PartnerId && r.ArchivedAt == null, cancel),
            found.Integration.EscalationPolicy is not null,
            found.Mail is not null,
            contacts.Exists(at => at > database.Now - Fresh));
    }
}
