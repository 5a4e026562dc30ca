using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>An event as the API shows it; partner and integration are null for what concerns all.</summary>
public sealed record EventAnswer(Guid Id, string? Partner, string? Integration, EventKind Kind, string Title, DateTimeOffset At, string? Url, string By)
{
    /// <summary>The answer for a row.</summary>
    public static EventAnswer Of(EventRow row) => new(row.Event.Id, row.Partner, row.Integration, row.Event.Kind, row.Event.Title, row.Event.At, row.Event.Url, row.Event.By);
}

/// <summary>Changes of ours over HTTP: a build marks them with one line of curl.</summary>
public static class EventEndpoints
{
    /// <summary>Maps /events.</summary>
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var events = api.MapGroup("/events").WithTags("Metrics");
        events.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        events.MapPost("", MarkAsync).Needs(Right.Edit).NarrowsToPartner();
        events.MapGet("/{id:guid}", async (Guid id, EventStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            EventAnswer.Of(await store.GetAsync(id, user.ToActor(), cancel))).Needs(Right.Read).NarrowsToPartner();
        events.MapDelete("/{id:guid}", RemoveAsync).Needs(Right.Edit).NarrowsToPartner();
    }

    private static async Task<ApiList<EventAnswer>> ListAsync(
        EventStore store, ClaimsPrincipal user, CancellationToken cancel, string? partner = null, int? limit = null, string? cursor = null)
    {
        var most = ApiPaging.Limit(limit);
        var rows = await store.AfterAsync(partner, Place(cursor), most + 1, user.ToActor(), cancel);
        return ApiPaging.Page(rows, most, EventAnswer.Of, r => [r.Event.At.UtcTicks.ToString(CultureInfo.InvariantCulture), r.Event.Id.ToString()]);
    }

    private static async Task<IResult> MarkAsync(EventDraft body, EventStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        var row = await store.MarkAsync(body, user.ToActor(), cancel);
        return Results.Created($"/api/v1/events/{row.Event.Id}", EventAnswer.Of(row));
    }

    private static async Task<IResult> RemoveAsync(Guid id, EventStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        await store.RemoveAsync(id, user.ToActor(), cancel);
        return Results.NoContent();
    }

    private static (DateTimeOffset At, Guid Id)? Place(string? cursor) => ApiPaging.Place(cursor, 2) is not { } place ? null
        : long.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks && Guid.TryParse(place[1], out var id)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : throw ApiPaging.Strange();
}
