using System.Security.Claims;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Runbooks;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Runbooks;

/// <summary>A step of a run as the API shows it.</summary>
/// <param name="Body">Markdown.</param>
/// <param name="Comment">Why it was skipped, what went wrong, or what was seen.</param>
public sealed record RunStepStateAnswer(string Key, string Title, string Body, string? Section, StepState State, string? Comment, string? By, DateTimeOffset? At);

/// <summary>A run as the API shows it.</summary>
/// <param name="Version">The runbook's version that was frozen.</param>
/// <param name="EditedSince">Whether the runbook has a newer version.</param>
/// <param name="Done">How many steps are done.</param>
/// <param name="Total">How many steps there are.</param>
public sealed record RunbookRunAnswer(
    Guid Id, Guid IncidentId, int Incident, string Partner, string Runbook, string Title, int Version, bool EditedSince, DateTimeOffset StartedAt, string StartedBy, DateTimeOffset? EndedAt,
    int Done, int Skipped, int Failed, int Total, IReadOnlyList<RunStepStateAnswer> Steps, string Url)
{
    /// <summary>The answer for a run.</summary>
    public static RunbookRunAnswer Of(RunbookRunRow row)
    {
        var run = row.Run;
        return new(
            run.Id, run.IncidentId, row.Incident, row.Partner, row.Runbook, run.Title, run.Number, row.EditedSince, run.StartedAt, run.StartedBy, run.EndedAt, run.Done, run.Skipped, run.Failed, run.Steps.Count,
            [.. run.Steps.Select(s => run.StandingOf(s.Key) is var at ? new RunStepStateAnswer(s.Key, s.Title, s.Body, s.Section, at?.State ?? StepState.ToDo, at?.Comment, at?.By, at?.At) : null!)],
            $"/runbook-runs/{run.Id}");
    }
}

/// <summary>Which runbook is followed.</summary>
/// <param name="Runbook">The slug of a runbook of the incident's partner.</param>
public sealed record StartRunRequest(string? Runbook);

/// <summary>What became of a step.</summary>
/// <param name="State">done, skipped, failed or to do.</param>
/// <param name="Comment">Why; needed for skipped and failed; at most 1000 characters.</param>
public sealed record SetStepRequest(string? State, string? Comment);

/// <summary>Runs of runbooks over HTTP.</summary>
public static class RunbookRunEndpoints
{
    /// <summary>Maps /incidents/{id}/runbook-runs and /runbook-runs.</summary>
    public static void MapRunbookRuns(this IEndpointRouteBuilder api)
    {
        var ofIncident = api.MapGroup("/incidents/{id}/runbook-runs").WithTags("Runbooks");
        ofIncident.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        ofIncident.MapPost("", StartAsync).Needs(Right.Respond).NarrowsToPartner();
        var runs = api.MapGroup("/runbook-runs/{id:guid}").WithTags("Runbooks");
        runs.MapGet("", GetAsync).Needs(Right.Read).NarrowsToPartner();
        runs.MapPost("/steps/{key}", SetAsync).Needs(Right.Respond).NarrowsToPartner();
    }

    private static async Task<ApiList<RunbookRunAnswer>> ListAsync(string id, RunbookRunStore store, IncidentListStore incidents, ClaimsPrincipal user, CancellationToken cancel)
    {
        var by = user.ToActor();
        return new([.. (await store.OfIncidentAsync(await incidents.FindAsync(id, by, cancel), by, cancel)).Select(RunbookRunAnswer.Of)], null);
    }

    private static async Task<IResult> StartAsync(string id, StartRunRequest? body, RunbookRunStore store, IncidentListStore incidents, ClaimsPrincipal user, CancellationToken cancel)
    {
        var by = user.ToActor();
        var (run, began) = await store.StartAsync(await incidents.FindAsync(id, by, cancel), body?.Runbook, by, cancel);
        var answer = RunbookRunAnswer.Of(await store.GetAsync(run, by, cancel));
        return began ? Results.Created($"/api/v1/runbook-runs/{run}", answer) : Results.Ok(answer);
    }

    private static async Task<RunbookRunAnswer> GetAsync(Guid id, RunbookRunStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        RunbookRunAnswer.Of(await store.GetAsync(id, user.ToActor(), cancel));

    private static async Task<RunbookRunAnswer> SetAsync(Guid id, string key, SetStepRequest? body, RunbookRunStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.SetAsync(id, key, body?.State, body?.Comment, user.ToActor(), cancel);
        return RunbookRunAnswer.Of(await store.GetAsync(id, user.ToActor(), cancel));
    }
}
