using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>Our teams in the database.</summary>
public sealed class TeamStore(PortalDatabase database)
{
    /// <summary>Every team by name.</summary>
    public async Task<IReadOnlyList<Team>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Teams.OrderBy(t => t.Name).ThenBy(t => t.Slug).ToListAsync(cancel);
    }

    /// <summary>One team.</summary>
    /// <exception cref="NotThere">No team has this slug.</exception>
    public async Task<Team> GetAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Teams.SingleOrDefaultAsync(t => t.Slug == slug, cancel) ?? throw new NotThere($"team called {slug}");
    }

    /// <summary>Names of the policies that call a team, with their slugs.</summary>
    public async Task<IReadOnlyList<EscalationPolicy>> PoliciesAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await CallingAsync(db, slug, cancel);
    }

    /// <summary>Saves a team under a slug: a new one, or the one that is there changed.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version than the one read.</exception>
    public async Task<(Team Team, bool IsNew)> SaveAsync(string? slug, TeamDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = slug is null ? null : await db.Teams.SingleOrDefaultAsync(t => t.Slug == slug, cancel);
        if (found is not null && version is { } read && read != found.Version)
        {
            throw new ChangedMeanwhile(found);
        }

        var team = found ?? Team.Enter(draft with { Slug = slug ?? draft.Slug }, database.Now);
        found?.Change(draft);
        if (found is null)
        {
            db.Add(team);
        }

        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Another team already is called {team.Slug}. Choose another slug."));
        return (team, found is null);
    }

    /// <summary>Removes a team that no policy calls.</summary>
    /// <exception cref="RuleBroken">A policy calls it.</exception>
    public async Task RemoveAsync(string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.Teams.SingleOrDefaultAsync(t => t.Slug == slug, cancel) ?? throw new NotThere($"team called {slug}");
        found.MakeSureItMayGo([.. (await CallingAsync(db, slug, cancel)).Select(p => p.Name)]);
        db.Remove(found);
        await db.SaveAsync(cancel);
    }

    // Policies are few, so the steps are read rather than searched.
    private static async Task<IReadOnlyList<EscalationPolicy>> CallingAsync(PortalContext db, string slug, CancellationToken cancel) =>
        [.. (await db.EscalationPolicies.AsNoTracking().ToListAsync(cancel))
            .Where(p => p.Steps.Any(s => s.Targets.Contains(new Target(TargetKind.Team, slug)))).OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)];
}
