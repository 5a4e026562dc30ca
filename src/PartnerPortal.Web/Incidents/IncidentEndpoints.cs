using System.Security.Claims;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Incidents;

/// <summary>Incidents over HTTP. An incident is named by its id, its number, or INC-214.</summary>
public static class IncidentEndpoints
{
    /// <summary>Maps /incidents.</summary>
    public static void MapIncidents(this IEndpointRouteBuilder api)
    {
        var incidents = api.MapGroup("/incidents").WithTags("Incidents");
        incidents.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        incidents.MapPost("", DeclareAsync).Needs(Right.Respond).NarrowsToPartner();
        incidents.MapGet("/{id}", GetAsync).Needs(Right.Read).NarrowsToPartner();
        Verb<IncidentChange>("PATCH", "", (store, id, body, by, cancel) => store.ChangeAsync(id, body ?? new(), by, cancel));
        Verb<Nothing>("POST", "/acknowledge", (store, id, _, by, cancel) => store.AcknowledgeAsync(id, by, cancel));
        Verb<Nothing>("POST", "/escalate", (store, id, _, by, cancel) => store.EscalateAsync(id, by, cancel));
        Verb<ReassignBody>("POST", "/reassign", (store, id, body, by, cancel) => store.ReassignAsync(id, body?.To ?? "", by, cancel));
        Verb<ResponderBody>("POST", "/responders", (store, id, body, by, cancel) => store.AddResponderAsync(id, body?.Responder ?? "", by, cancel));
        Verb<NoteBody>("POST", "/note", (store, id, body, by, cancel) => store.NoteAsync(id, body?.Text, by, cancel));
        Verb<ResolveBody>("POST", "/resolve", (store, id, body, by, cancel) => store.ResolveAsync(id, body?.Reason, by, cancel));
        Verb<Nothing>("POST", "/use-current-policy", (store, id, _, by, cancel) => store.UseCurrentPolicyAsync(id, by, cancel));
        incidents.MapPost("/{id}/snooze", SnoozeAsync).Needs(Right.Respond).NarrowsToPartner();
        incidents.MapPost("/{id}/merge", MergeAsync).Needs(Right.Respond).NarrowsToPartner();

        void Verb<T>(string method, string path, Func<IncidentStore, Guid, T?, Actor, CancellationToken, Task<Incident>> verb)
            where T : class =>
            incidents.MapMethods("/{id}" + path, [method], async (string id, T? body, IncidentStore store, IncidentListStore list, ClaimsPrincipal user, CancellationToken cancel) =>
            {
                var (by, found) = (user.ToActor(), await list.FindAsync(id, user.ToActor(), cancel));
                await verb(store, found, body, by, cancel);
                return IncidentAnswer.Of(await list.GetAsync(found, by, cancel));
            }).Needs(Right.Respond).NarrowsToPartner();
    }

    private static async Task<ApiList<IncidentRowAnswer>> ListAsync(
        IncidentListStore store, ClaimsPrincipal user, CancellationToken cancel, string? state = null, string? partner = null, string? severity = null, string? integration = null,
        string? urgency = null, string? mine = null, string? q = null, int? limit = null, string? cursor = null)
    {
        var (check, by) = (new FieldCheck(), user.ToActor());
        var filter = new IncidentFilter(
            string.IsNullOrEmpty(state) ? null : check.Word("state", state, IncidentState.Open), partner, string.IsNullOrEmpty(severity) ? null : check.Word("severity", severity, Severity.Critical),
            integration, mine is "true" or "1" ? by.Name : null, string.IsNullOrEmpty(urgency) ? null : check.Word("urgency", urgency, Urgency.Page), Text: q);
        check.ThrowIfRefused();
        var most = ApiPaging.Limit(limit);
        var after = ApiPaging.Place(cursor, 1) is { } place ? Guid.TryParse(place[0], out var id) ? id : throw ApiPaging.Strange() : (Guid?)null;
        var rows = await store.AfterAsync(filter, after, most + 1, by, cancel);
        return ApiPaging.Page(rows, most, IncidentRowAnswer.Of, r => [r.Incident.Id.ToString()]);
    }

    private static async Task<IResult> DeclareAsync(IncidentDraft body, DeclareStore store, IncidentListStore list, ClaimsPrincipal user, CancellationToken cancel)
    {
        var incident = await store.DeclareAsync(body, user.ToActor(), cancel);
        return Results.Created($"/api/v1/incidents/{incident.Id}", IncidentAnswer.Of(await list.GetAsync(incident.Id, user.ToActor(), cancel)));
    }

    private static async Task<IncidentAnswer> GetAsync(string id, IncidentListStore list, ClaimsPrincipal user, CancellationToken cancel) =>
        IncidentAnswer.Of(await list.GetAsync(await list.FindAsync(id, user.ToActor(), cancel), user.ToActor(), cancel));

    private static async Task<IncidentAnswer> SnoozeAsync(string id, SnoozeBody body, IncidentStore store, IncidentListStore list, TimeProvider clock, ClaimsPrincipal user, CancellationToken cancel)
    {
        var (by, found) = (user.ToActor(), await list.FindAsync(id, user.ToActor(), cancel));
        await store.SnoozeAsync(found, body.Moment(clock.GetUtcNow()), by, cancel);
        return IncidentAnswer.Of(await list.GetAsync(found, by, cancel));
    }

    private static async Task<IncidentAnswer> MergeAsync(string id, MergeBody body, IncidentStore store, IncidentListStore list, ClaimsPrincipal user, CancellationToken cancel)
    {
        var (by, found) = (user.ToActor(), await list.FindAsync(id, user.ToActor(), cancel));
        var into = string.IsNullOrWhiteSpace(body.Into) ? throw new FieldsRefused("into", "Name the incident that goes on, for example INC-214.") : await list.FindAsync(body.Into.Trim(), by, cancel);
        await store.MergeAsync(found, into, by, cancel);
        return IncidentAnswer.Of(await list.GetAsync(into, by, cancel));
    }

    /// <summary>A verb that needs to know nothing more.</summary>
    public sealed record Nothing;

    /// <summary>Who has it from now on.</summary>
    /// <param name="To">A mail address of ours.</param>
    public sealed record ReassignBody(string? To);

    /// <summary>Who is asked to help.</summary>
    /// <param name="Responder">A mail address of ours.</param>
    public sealed record ResponderBody(string? Responder);

    /// <summary>What is written down.</summary>
    /// <param name="Text">1 to 4000 characters.</param>
    public sealed record NoteBody(string? Text);

    /// <summary>How it ended.</summary>
    /// <param name="Reason">A sentence; may be absent.</param>
    public sealed record ResolveBody(string? Reason);

    /// <summary>Which incident goes on.</summary>
    /// <param name="Into">Its id, its number, or INC-214.</param>
    public sealed record MergeBody(string? Into);

    /// <summary>How long it is quiet: one of both.</summary>
    /// <param name="For">A length such as 30m.</param>
    /// <param name="Until">A moment.</param>
    public sealed record SnoozeBody(string? For, DateTimeOffset? Until)
    {
        /// <summary>The moment at which it is loud again.</summary>
        /// <exception cref="FieldsRefused">There is no length and no moment.</exception>
        public DateTimeOffset Moment(DateTimeOffset now) => Until ?? (Durations.TryParse(For ?? "", out var length)
            ? now + length : throw new FieldsRefused("for", $"“{For}” is no length. Write it like 30m or 2h, or name a moment in “until”."));
    }
}
