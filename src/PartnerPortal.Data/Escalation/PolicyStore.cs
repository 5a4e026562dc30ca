using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>A policy in the list, and how many integrations link it.</summary>
public sealed record PolicyRow(EscalationPolicy Policy, int Followers);

/// <summary>An integration that links a policy.</summary>
public sealed record FollowerRow(string Partner, string PartnerName, string Integration, string IntegrationName);

/// <summary>Escalation policies in the database. The last resort always exists: whoever asks first makes it.</summary>
public sealed class PolicyStore(PortalDatabase database)
{
    /// <summary>Every policy by name, the last resort first.</summary>
    public async Task<IReadOnlyList<PolicyRow>> ListAsync(CancellationToken cancel)
    {
        await LastResortAsync(cancel);
        await using var db = await database.ReadAsync(cancel);
        var rows = await db.EscalationPolicies
            .Select(p => new { Policy = p, Followers = db.Integrations.Count(i => i.EscalationPolicy == p.Slug) })
            .ToListAsync(cancel);
        return [.. rows.Select(r => new PolicyRow(r.Policy, r.Followers))
            .OrderByDescending(r => r.Policy.IsLastResort).ThenBy(r => r.Policy.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(r => r.Policy.Slug, StringComparer.Ordinal)];
    }

    /// <summary>One policy.</summary>
    /// <exception cref="NotThere">No policy has this slug.</exception>
    public async Task<EscalationPolicy> GetAsync(string slug, CancellationToken cancel)
    {
        if (slug == EscalationPolicy.LastResortSlug)
        {
            return await LastResortAsync(cancel);
        }

        await using var db = await database.ReadAsync(cancel);
        return await db.EscalationPolicies.SingleOrDefaultAsync(p => p.Slug == slug, cancel) ?? throw new NotThere($"escalation policy called {slug}");
    }

    /// <summary>Integrations that link a policy.</summary>
    public async Task<IReadOnlyList<FollowerRow>> FollowersAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Integrations.Where(i => i.EscalationPolicy == slug)
            .Join(db.Partners, i => i.PartnerId, p => p.Id, (i, p) => new { i, p })
            .OrderBy(x => x.p.Name).ThenBy(x => x.i.Id)
            .Select(x => new FollowerRow(x.p.Slug, x.p.Name, x.i.Slug, x.i.Name)).ToListAsync(cancel);
    }

    /// <summary>The company's last resort; made when it is not there yet.</summary>
    public async Task<EscalationPolicy> LastResortAsync(CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("start"), cancel);
        var found = await db.EscalationPolicies.AsNoTracking().SingleOrDefaultAsync(p => p.Slug == EscalationPolicy.LastResortSlug, cancel);
        if (found is not null)
        {
            return found;
        }

        try
        {
            var made = EscalationPolicy.LastResort(database.Now);
            db.Add(made);
            await db.SaveAsync(cancel, () => new AlreadyTaken("slug", "The last resort was made a moment ago."));
            return made;
        }
        catch (AlreadyTaken)
        {
            return await LastResortAsync(cancel); // another process was first
        }
    }

    /// <summary>Saves a policy under a slug: a new one, or the one that is there changed.</summary>
    /// <param name="slug">The slug; null derives one from the name and never overwrites.</param>
    /// <param name="draft">What to save.</param>
    /// <param name="version">The version that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who saves.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The policy, and whether it is new.</returns>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version.</exception>
    public async Task<(EscalationPolicy Policy, bool IsNew)> SaveAsync(string? slug, PolicyDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        if (slug == EscalationPolicy.LastResortSlug)
        {
            await LastResortAsync(cancel);
        }

        await using var db = await database.WriteAsync(by, cancel);
        var found = slug is null ? null : await db.EscalationPolicies.SingleOrDefaultAsync(p => p.Slug == slug, cancel);
        if (found is not null && version is { } read && read != found.Version)
        {
            throw new ChangedMeanwhile(found);
        }

        var policy = found ?? EscalationPolicy.Enter(draft with { Slug = slug ?? draft.Slug }, database.Now);
        found?.Change(draft);
        await RefuseUnknownAsync(db, policy, cancel);
        if (found is null)
        {
            db.Add(policy);
        }

        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Another policy already is called {policy.Slug}. Choose another slug."));
        return (policy, found is null);
    }

    /// <summary>Removes a policy that nothing follows.</summary>
    /// <exception cref="RuleBroken">It is the last resort, or still linked.</exception>
    public async Task RemoveAsync(string slug, Actor by, CancellationToken cancel)
    {
        var followers = await FollowersAsync(slug, cancel);
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.EscalationPolicies.SingleOrDefaultAsync(p => p.Slug == slug, cancel) ?? throw new NotThere($"escalation policy called {slug}");
        found.MakeSureItMayGo([.. followers.Select(f => f.PartnerName).Distinct()]);
        db.Remove(found);
        await db.SaveAsync(cancel);
    }

    // Teams, schedules and contacts are things of the portal, so a name that is none is a slip; people may be entered later.
    private static async Task RefuseUnknownAsync(PortalContext db, EscalationPolicy policy, CancellationToken cancel)
    {
        var targets = policy.Steps.SelectMany(s => s.Targets).ToList();
        var teams = targets.Where(t => t.Kind == TargetKind.Team).Select(t => t.Key).ToList();
        var contacts = targets.Where(t => t.Kind == TargetKind.Contact).Select(t => t.Key).ToList();
        var schedules = targets.Where(t => t.Kind == TargetKind.Schedule).Select(t => t.Key).ToList();
        var planned = await db.Set<Schedule>().Where(s => schedules.Contains(s.Slug)).Select(s => s.Slug).ToListAsync(cancel);
        var services = targets.Where(t => t.Kind == TargetKind.Service).Select(t => t.Key).ToList();
        var served = await db.Set<Channel>().Where(c => c.Slug != null && services.Contains(c.Slug)).Select(c => c.Slug!).ToListAsync(cancel);
        var known = await db.Teams.Where(t => teams.Contains(t.Slug)).Select(t => t.Slug).ToListAsync(cancel);
        known.AddRange(await db.Contacts.Where(c => c.RemovedAt == null)
            .Join(db.Partners, c => c.PartnerId, p => p.Id, (c, p) => p.Slug + "/" + c.Slug)
            .Where(key => contacts.Contains(key)).ToListAsync(cancel));
        var check = new FieldCheck();
        for (var step = 0; step < policy.Steps.Count; step++)
        {
            foreach (var (target, index) in policy.Steps[step].Targets.Select((t, i) => (t, i)))
            {
                var missing = target.Kind switch
                {
                    TargetKind.Team or TargetKind.Contact => !known.Contains(target.Key),
                    TargetKind.Schedule => !planned.Contains(target.Key),
                    TargetKind.Service => !served.Contains(target.Key),
                    _ => false,
                };
                if (missing)
                {
                    check.Refuse($"steps[{step}].targets[{index}]", $"There is no {Words.Of(target.Kind)} called “{target.Key}”.");
                }
            }
        }

        check.ThrowIfRefused();
    }
}
