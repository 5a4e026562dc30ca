using System.Security.Claims;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>Which shifts a feed is to show.</summary>
/// <param name="Schedule">Slug of a schedule; absent for one's own shifts in all of them.</param>
public sealed record ShiftFeedBody(string? Schedule = null);

/// <summary>A calendar feed as the API shows it.</summary>
/// <param name="Id">Id.</param>
/// <param name="Schedule">Name of the schedule; null for one's own shifts.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ReadAt">When a calendar program read it last, to the hour.</param>
/// <param name="Url">Its address; only in the answer to its creation.</param>
public sealed record ShiftFeedAnswer(Guid Id, string? Schedule, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt, string? Url = null);

/// <summary>Calendars of shifts (RFC 5545): made and revoked over the API, read by calendar programs with the secret in the address.</summary>
internal static class ShiftFeedEndpoints
{
    /// <summary>Maps /shift-feeds.</summary>
    public static void MapShiftFeeds(this IEndpointRouteBuilder api)
    {
        var feeds = api.MapGroup("/shift-feeds").WithTags("Escalation");
        feeds.MapGet("", async (ShiftFeedStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            new ApiList<ShiftFeedAnswer>([.. (await store.MineAsync(user.ToActor(), cancel)).Select(r => new ShiftFeedAnswer(r.Feed.Id, r.Schedule, r.Feed.CreatedAt, r.Feed.ReadAt))], null)).Needs(Right.Read);
        feeds.MapPost("", async (ShiftFeedBody body, ShiftFeedStore store, PortalAddress address, HttpContext http, CancellationToken cancel) =>
        {
            var (feed, secret) = await store.MakeAsync(body.Schedule, http.User.ToActor(), cancel);
            return Results.Created($"/api/v1/shift-feeds/{feed.Id}", new ShiftFeedAnswer(feed.Id, body.Schedule, feed.CreatedAt, null, UrlOf(address, http, secret)));
        }).Needs(Right.Read);
        feeds.MapDelete("/{id:guid}", async (Guid id, ShiftFeedStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.RevokeAsync(id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Read);
    }

    /// <summary>Maps the address that calendar programs read.</summary>
    public static void MapShiftCalendars(this IEndpointRouteBuilder routes) => routes.MapGet("/feeds/{secret}.ics", ReadAsync).AllowAnonymous().WithTags("Escalation");

    /// <summary>The address of a feed.</summary>
    internal static string UrlOf(PortalAddress address, HttpContext http, string secret) => $"{address.Public?.ToString().TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}"}/feeds/{secret}.ics";

    private static async Task<IResult> ReadAsync(string secret, ShiftFeedStore store, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return Results.Text(Written(await store.ReadAsync(secret, cancel), clock.GetUtcNow()), "text/calendar; charset=utf-8");
        }
        catch (NotThere)
        {
            return Results.NotFound();
        }
    }

    private static string Written(IReadOnlyList<CalendarShift> shifts, DateTimeOffset at)
    {
        var calendar = new Calendar { ProductId = "-//PartnerPortal//Shifts//EN" };
        calendar.AddProperty("X-WR-CALNAME", "On call");
        foreach (var shift in shifts)
        {
            calendar.Events.Add(new CalendarEvent
            {
                Uid = shift.Uid,
                Summary = $"On call: {shift.Person} ({shift.Schedule})",
                Start = new CalDateTime(shift.From.UtcDateTime),
                End = new CalDateTime(shift.To.UtcDateTime),
                DtStamp = new CalDateTime(at.UtcDateTime),
            });
        }

        return new CalendarSerializer().SerializeToString(calendar)!;
    }
}
