using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Data.Escalation;

/// <summary>An integration with the plan of who is called.</summary>
public sealed record CoveredRow(string Partner, string Integration, string Name, CallPlan Plan);

/// <summary>A time in which nobody is on call in a schedule.</summary>
public sealed record CoverageGap(Schedule Schedule, OnCallSpan Span);

/// <summary>Who is on call for everything, and when nobody is, 90 days ahead.</summary>
public sealed record Coverage(DateTimeOffset At, IReadOnlyList<CoveredRow> Integrations, int Schedules, IReadOnlyList<CoverageGap> Gaps);

/// <summary>Reads the coverage of everything at once, in a few queries whatever the number of integrations.</summary>
public sealed class CoverageStore(PortalDatabase database, PolicyStore policies)
{
    /// <summary>The coverage at a moment: integrations that are built or live, by partner, and gaps in order.</summary>
    public async Task<Coverage> ReadAsync(DateTimeOffset at, CancellationToken cancel)
    {
        var lastResort = await policies.LastResortAsync(cancel);
        await using var db = await database.ReadAsync(cancel);
        var rows = await db.Integrations.Where(i => i.Stage == Stage.Integrating || i.Stage == Stage.Live || i.Stage == Stage.Suspended || i.Stage == Stage.Retiring)
            .Join(db.Partners.Where(p => p.ArchivedAt == null), i => i.PartnerId, p => p.Id, (i, p) => new { i.Slug, i.Name, i.EscalationPolicy, Partner = p.Slug, PartnerName = p.Name })
            .OrderBy(x => x.PartnerName).ThenBy(x => x.Slug).ToListAsync(cancel);
        var linked = rows.Select(r => r.EscalationPolicy).OfType<string>().Distinct().ToList();
        var found = await db.EscalationPolicies.Where(p => linked.Contains(p.Slug)).ToDictionaryAsync(p => p.Slug, cancel);
        var book = await CalleeBook.ReadAsync(db, [.. found.Values.Append(lastResort).SelectMany(p => p.Steps).SelectMany(s => s.Targets).Distinct()], null, at, cancel);
        var schedules = await db.Set<Schedule>().OrderBy(s => s.Name).ToListAsync(cancel);
        return new(
            at,
            [
                .. rows.Select(r => new CoveredRow(
                    r.Partner, r.Slug, r.Slug == Integration.MainSlug ? r.PartnerName : $"{r.PartnerName} · {r.Name}",
                    CallPlan.For(r.EscalationPolicy is { } slug ? found.GetValueOrDefault(slug) : null, lastResort, book.Reach, at))),
            ],
            schedules.Count,
            [.. schedules.SelectMany(s => new OnCallTimes(s).Gaps(at).Select(g => new CoverageGap(s, g))).OrderBy(g => g.Span.From)]);
    }
}
