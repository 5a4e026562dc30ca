using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

/// <summary>How a rule stands for one set of labels.</summary>
public sealed record StandingFound(string Key, IReadOnlyDictionary<string, string> Labels, RuleStanding Standing, Guid? AlertId);

/// <summary>How the last computation of a rule went.</summary>
/// <param name="At">The instant that was computed.</param>
/// <param name="LastGoodAt">The last instant in which the figures were there and the condition was met nowhere new.</param>
/// <param name="NoDataSince">Since when the figures are missing.</param>
/// <param name="Error">Why it could not be computed; null when it could.</param>
/// <param name="ErrorSince">Since when.</param>
/// <param name="Took">How long it took.</param>
public sealed record RuleRun(DateTimeOffset At, DateTimeOffset? LastGoodAt, DateTimeOffset? NoDataSince, string? Error, DateTimeOffset? ErrorSince, TimeSpan Took);

/// <summary>A rule with everything a list shows.</summary>
public sealed record RuleRow(Rule Rule, string Partner, string Integration, RuleRun? Run, IReadOnlyList<StandingFound> Standings)
{
    /// <summary>The loudest of its states; null while it is switched off or was never computed.</summary>
    public RuleState? State => !Rule.Enabled || Run is null ? null
        : Standings.Any(s => s.Standing.State == RuleState.Firing) ? RuleState.Firing
        : Run.NoDataSince is not null || Run.Error is not null || Standings.Any(s => s.Standing.State == RuleState.NoData) ? RuleState.NoData
        : Standings.Any(s => s.Standing.State == RuleState.Pending) ? RuleState.Pending
        : RuleState.Inactive;
}

/// <summary>Rules in the database, as people edit them. How they stand is written by <see cref="RuleStandingStore"/>.</summary>
public sealed class RuleStore(PortalDatabase database)
{
    /// <summary>The rules of a partner, or of one of its integrations, by title.</summary>
    public async Task<IReadOnlyList<RuleRow>> ListAsync(string partner, string? integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await RowsAsync(db, partner, integration, null, cancel);
    }

    /// <summary>One rule by its slug.</summary>
    /// <exception cref="NotThere">The partner has no such rule.</exception>
    public async Task<RuleRow> GetAsync(string partner, string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return (await RowsAsync(db, partner, null, slug, cancel)).SingleOrDefault() ?? throw Nothing(partner, slug);
    }

    /// <summary>Saves a rule under a slug: a new one, or the one that is there changed as a whole.</summary>
    /// <param name="partner">The partner's slug.</param>
    /// <param name="integration">The integration's slug; a rule stays with its integration.</param>
    /// <param name="slug">The rule's slug; null derives one from the title and never overwrites.</param>
    /// <param name="draft">What to save.</param>
    /// <param name="version">The version that the caller read; null takes whatever is stored.</param>
    /// <param name="by">Who saves.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The rule, and whether it is new.</returns>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version.</exception>
    public async Task<(RuleRow Row, bool IsNew)> SaveAsync(
        string partner, string? integration, string? slug, RuleDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = slug is null ? null : await Of(db, partner).SingleOrDefaultAsync(r => r.Slug == slug, cancel);
        if (found is not null && version is { } read && read != found.Version)
        {
            throw new ChangedMeanwhile();
        }

        var rule = found ?? await NewAsync(db, partner, integration ?? Domain.Integrations.Integration.MainSlug, draft with { Slug = slug ?? draft.Slug }, cancel);
        found?.Change(draft);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"This partner already has a rule called {rule.Slug}. Choose another title."));
        if (!rule.Enabled)
        {
            await db.Set<StandingRow>().Where(s => s.RuleId == rule.Id).ExecuteDeleteAsync(cancel);
            await db.Set<RuleRunRow>().Where(s => s.RuleId == rule.Id).ExecuteDeleteAsync(cancel);
            await AlertStore.ResolveAbandonedAsync((NpgsqlConnection)db.Database.GetDbConnection(), cancel);
        }

        await transaction.CommitAsync(cancel);
        return (await GetAsync(partner, rule.Slug, cancel), found is null);
    }

    /// <summary>Removes a rule; its alerts are over and stay in the list.</summary>
    public async Task RemoveAsync(string partner, string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Remove(await Of(db, partner).SingleOrDefaultAsync(r => r.Slug == slug, cancel) ?? throw Nothing(partner, slug));
        await db.SaveAsync(cancel);
        await AlertStore.ResolveAbandonedAsync((NpgsqlConnection)db.Database.GetDbConnection(), cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task<Rule> NewAsync(PortalContext db, string partner, string integration, RuleDraft draft, CancellationToken cancel)
    {
        var place = await db.Integrations.Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner))
            .Select(i => new { i.Id, i.PartnerId, Rules = db.Set<Rule>().Count(r => r.IntegrationId == i.Id) })
            .SingleOrDefaultAsync(cancel) ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (place.Rules >= Rule.MostPerIntegration)
        {
            throw new RuleBroken($"An integration has at most {Rule.MostPerIntegration} rules, since all are computed at every scrape. Remove one that nobody needs.");
        }

        var rule = Rule.Enter(place.PartnerId, place.Id, draft, database.Now);
        db.Add(rule);
        return rule;
    }

    internal static async Task<IReadOnlyList<RuleRow>> RowsAsync(PortalContext db, string? partner, string? integration, string? slug, CancellationToken cancel)
    {
        var rules = await (
            from rule in db.Set<Rule>()
            join owner in db.Partners on rule.PartnerId equals owner.Id
            join part in db.Integrations on rule.IntegrationId equals part.Id
            join run in db.Set<RuleRunRow>() on rule.Id equals run.RuleId into runs
            from last in runs.DefaultIfEmpty()
            where (partner == null ? owner.ArchivedAt == null && rule.Enabled : owner.Slug == partner)
                && (integration == null || part.Slug == integration) && (slug == null || rule.Slug == slug)
            orderby rule.Title, rule.Slug
            select new { Rule = rule, Partner = owner.Slug, Integration = part.Slug, Run = last }).ToListAsync(cancel);
        var ids = rules.ConvertAll(r => r.Rule.Id);
        var standings = (await db.Set<StandingRow>().Where(s => ids.Contains(s.RuleId)).ToListAsync(cancel)).ToLookup(s => s.RuleId);
        return [.. rules.Select(r => new RuleRow(
            r.Rule, r.Partner, r.Integration,
            r.Run is null ? null : new RuleRun(r.Run.At, r.Run.LastGoodAt, r.Run.NoDataSince, r.Run.Error, r.Run.ErrorSince, TimeSpan.FromMicroseconds(r.Run.TookMicroseconds)),
            [.. standings[r.Rule.Id].OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new StandingFound(s.Key, s.Labels, s.Standing, s.AlertId))]))];
    }

    private static IQueryable<Rule> Of(PortalContext db, string partner) =>
        db.Set<Rule>().Where(r => db.Partners.Any(p => p.Id == r.PartnerId && p.Slug == partner));

    private static NotThere Nothing(string partner, string slug) => new($"rule {slug} of a partner called {partner}");
}
