using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>A schedule as the API shows it.</summary>
public sealed record ScheduleAnswer(
    Guid Id, string Slug, string Name, string TimeZone, IReadOnlyList<ScheduleLayer> Layers, IReadOnlyList<Holiday> Holidays, IReadOnlyList<ScheduleOverride> Overrides, DateTimeOffset CreatedAt, string Version)
{
    /// <summary>The answer for a schedule.</summary>
    public static ScheduleAnswer Of(Schedule s) => new(s.Id, s.Slug, s.Name, s.TimeZone, s.Layers, s.Holidays, s.Overrides, s.CreatedAt, s.Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Who is on call.</summary>
/// <param name="At">The moment.</param>
/// <param name="People">Mail addresses, whom to call first on top; empty: nobody.</param>
/// <param name="Until">When that changes; null when it does not within 400 days.</param>
public sealed record OnCallAnswer(DateTimeOffset At, IReadOnlyList<string> People, DateTimeOffset? Until);

/// <summary>Schedules over HTTP.</summary>
internal static class ScheduleEndpoints
{
    /// <summary>Maps /schedules.</summary>
    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("Escalation");
        schedules.MapGet("", async (ScheduleStore store, CancellationToken cancel) => new ApiList<ScheduleAnswer>([.. (await store.ListAsync(cancel)).Select(ScheduleAnswer.Of)], null)).Needs(Right.Read);
        schedules.MapPost("", (ScheduleDraft body, ScheduleStore store, HttpContext http, CancellationToken cancel) => SaveAsync(null, body, store, http, cancel)).Needs(Right.EditPolicies);
        schedules.MapGet("/{slug}", GetAsync).Needs(Right.Read);
        schedules.MapPut("/{slug}", SaveAsync).Needs(Right.EditPolicies);
        schedules.MapDelete("/{slug}", async (string slug, ScheduleStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.RemoveAsync(slug, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.EditPolicies);
        schedules.MapGet("/{slug}/on-call", OnCallAsync).Needs(Right.Read);
        schedules.MapGet("/{slug}/shifts", ShiftsAsync).Needs(Right.Read);
        schedules.MapGet("/{slug}/gaps", async (string slug, ScheduleStore store, TimeProvider clock, CancellationToken cancel) =>
            new ApiList<OnCallSpan>(new OnCallTimes(await store.GetAsync(slug, cancel)).Gaps(clock.GetUtcNow()), null)).Needs(Right.Read);
        schedules.MapPost("/{slug}/overrides", async (string slug, OverrideDraft body, ScheduleStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            await store.OverrideAsync(slug, body, user.ToActor(), cancel) is var added ? Results.Created($"/api/v1/schedules/{slug}", added) : null!).Needs(Right.Respond);
        schedules.MapDelete("/{slug}/overrides/{id:guid}", async (string slug, Guid id, ScheduleStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.WithdrawAsync(slug, id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Respond);
    }

    private static async Task<ScheduleAnswer> GetAsync(string slug, ScheduleStore store, HttpResponse response, CancellationToken cancel)
    {
        var schedule = await store.GetAsync(slug, cancel);
        response.WriteVersion(schedule.Version);
        return ScheduleAnswer.Of(schedule);
    }

    private static async Task<IResult> SaveAsync(string? slug, ScheduleDraft body, ScheduleStore store, HttpContext http, CancellationToken cancel)
    {
        var (schedule, isNew) = await store.SaveAsync(slug, body, http.Request.ReadVersion(), http.User.ToActor(), cancel);
        http.Response.WriteVersion(schedule.Version);
        return isNew ? Results.Created($"/api/v1/schedules/{schedule.Slug}", ScheduleAnswer.Of(schedule)) : Results.Ok(ScheduleAnswer.Of(schedule));
    }

    private static async Task<OnCallAnswer> OnCallAsync(string slug, ScheduleStore store, TimeProvider clock, CancellationToken cancel, string? at = null)
    {
        var moment = EscalationEndpoints.Moment(at, clock);
        var (people, until) = await store.OnCallAsync(slug, moment, cancel);
        return new(moment, people, until);
    }

    private static async Task<ApiList<OnCallSpan>> ShiftsAsync(string slug, ScheduleStore store, TimeProvider clock, CancellationToken cancel, string? from = null, string? to = null)
    {
        var start = EscalationEndpoints.Moment(from, clock);
        return new(await store.ShiftsAsync(slug, start, string.IsNullOrWhiteSpace(to) ? start.AddDays(14) : EscalationEndpoints.Moment(to, clock), cancel), null);
    }
}
