using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Runbooks;

/// <summary>A run with where it belongs.</summary>
/// <param name="Run">The run.</param>
/// <param name="Partner">Slug of the partner.</param>
/// <param name="PartnerName">Name of the partner.</param>
/// <param name="Runbook">Slug of the runbook.</param>
/// <param name="Newest">The runbook's newest version: another one than the run's means that it was edited since.</param>
/// <param name="Incident">The incident's number.</param>
/// <param name="IncidentTitle">What is wrong.</param>
/// <param name="Integration">Slug of the integration.</param>
public sealed record RunbookRunRow(RunbookRun Run, string Partner, string PartnerName, string Runbook, int Newest, int Incident, string IncidentTitle, string? Integration)
{
    /// <summary>Whether the runbook was changed since the run froze it.</summary>
    public bool EditedSince => Newest != Run.Number;
}

/// <summary>Runbooks that are followed in incidents. Every verb locks the incident's row, as everything that happens to an incident does.</summary>
public sealed class RunbookRunStore(PortalDatabase database, IncidentPatience patience)
{
    /// <summary>Begins a run; while one of the same runbook is open, that one.</summary>
    /// <returns>The run's id, and whether it was begun now.</returns>
    /// <exception cref="NotThere">The incident or the runbook does not exist.</exception>
    /// <exception cref="RuleBroken">The incident is over, or the runbook archived.</exception>
    public async Task<(Guid Id, bool Began)> StartAsync(Guid incident, string? runbook, Actor by, CancellationToken cancel)
    {
        var check = new FieldCheck();
        var slug = check.Needed("runbook", runbook, "the slug of a runbook of the partner");
        check.ThrowIfRefused();
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var locked = await IncidentRows.LockAsync(db, incident, cancel);
        IncidentRows.See(locked.Incident, by);
        var found = await db.Runbooks.AsNoTracking().SingleOrDefaultAsync(r => r.PartnerId == locked.Incident.PartnerId && r.Slug == slug, cancel)
            ?? throw new NotThere($"runbook called {slug} of this incident's partner");
        if (await db.Set<RunbookRun>().Where(r => r.IncidentId == incident && r.RunbookId == found.Id && r.EndedAt == null).Select(r => (Guid?)r.Id).SingleOrDefaultAsync(cancel) is { } open)
        {
            return (open, false);
        }

        if (locked.Incident.ResolvedAt is not null)
        {
            throw new RuleBroken($"{locked.Incident.Label} is over; nothing is followed any more. Declare a new incident if it is back.");
        }

        var run = RunbookRun.Start(incident, found, by.Name, database.Now);
        db.Add(run);
        await FinishAsync(db, locked, by, $"{by.Name} started “{run.Title}”, version {run.Number}: {run.Steps.Count} {(run.Steps.Count == 1 ? "step" : "steps")}.", cancel);
        await transaction.CommitAsync(cancel);
        return (run.Id, true);
    }

    /// <summary>Settles a step or sets it back.</summary>
    /// <param name="id">The run.</param>
    /// <param name="key">The step.</param>
    /// <param name="state">done, skipped, failed or to do.</param>
    /// <param name="comment">Why; needed for what was skipped or failed.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="NotThere">There is no such run or step.</exception>
    /// <exception cref="FieldsRefused">The state or the comment cannot be accepted.</exception>
    /// <exception cref="RuleBroken">The run has ended, or somebody was first.</exception>
    public async Task SetAsync(Guid id, string key, string? state, string? comment, Actor by, CancellationToken cancel)
    {
        var check = new FieldCheck();
        var wanted = check.Word("state", check.Needed("state", state, "one of: " + string.Join(", ", Words.All<StepState>())), StepState.Done);
        check.ThrowIfRefused();
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var incident = await db.Set<RunbookRun>().Where(r => r.Id == id).Select(r => (Guid?)r.IncidentId).SingleOrDefaultAsync(cancel) ?? throw new NotThere("such run");
        var locked = await IncidentRows.LockAsync(db, incident, cancel);
        if (by.PartnerId is { } bound && bound != locked.Incident.PartnerId)
        {
            throw new NotThere("such run");
        }

        var run = await db.Set<RunbookRun>().SingleAsync(r => r.Id == id, cancel);
        if (run.Set(key, wanted, comment, by.Name, database.Now) is { } said)
        {
            await FinishAsync(db, locked, by, said, cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    /// <summary>One run.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<RunbookRunRow> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<RunbookRun>().Where(r => r.Id == id && (by.PartnerId == null || r.PartnerId == by.PartnerId))).SingleOrDefaultAsync(cancel) ?? throw new NotThere("such run");
    }

    /// <summary>The runs of an incident, oldest first.</summary>
    public async Task<IReadOnlyList<RunbookRunRow>> OfIncidentAsync(Guid incident, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return [.. (await Rows(db, db.Set<RunbookRun>().Where(r => r.IncidentId == incident && (by.PartnerId == null || r.PartnerId == by.PartnerId))).Take(50).ToListAsync(cancel)).OrderBy(r => r.Run.Id)];
    }

    /// <summary>The newest runs of a runbook, newest first.</summary>
    public async Task<IReadOnlyList<RunbookRunRow>> OfRunbookAsync(Guid runbook, int take, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, db.Set<RunbookRun>().Where(r => r.RunbookId == runbook)).Take(take).ToListAsync(cancel);
    }

    /// <summary>The runbooks of a partner that help, best first.</summary>
    internal static async Task<IReadOnlyList<FoundRunbook>> FindAsync(PortalContext db, Guid? partner, RunbookNeed need, CancellationToken cancel) => partner is null ? []
        : RunbookMatch.Find(await db.Runbooks.Where(r => r.PartnerId == partner && r.ArchivedAt == null).Select(r => new RunbookCandidate(r.Slug, r.Title, r.Scope, r.VerifiedOn)).ToListAsync(cancel), need);

    private async Task FinishAsync(PortalContext db, LockedIncident locked, Actor by, string said, CancellationToken cancel)
    {
        var at = database.Now;
        IncidentRows.Note(db, locked.Incident.Id, EntryKind.Runbook, by.Name, said, at);
        IncidentRows.Act(locked, patience.Length, at);
        await db.SaveAsync(cancel);
        await IncidentRows.AnnounceAsync(db, locked.Incident, cancel);
    }

    private static IQueryable<RunbookRunRow> Rows(PortalContext db, IQueryable<RunbookRun> runs) =>
        from run in runs
        join runbook in db.Runbooks on run.RunbookId equals runbook.Id
        join partner in db.Partners on run.PartnerId equals partner.Id
        join incident in db.Set<Incident>() on run.IncidentId equals incident.Id
        join i in db.Integrations on incident.IntegrationId equals i.Id into integrations
        from integration in integrations.DefaultIfEmpty()
        orderby run.Id descending
        select new RunbookRunRow(run, partner.Slug, partner.Name, runbook.Slug, runbook.Number, incident.Number, incident.Title, integration.Slug);
}
