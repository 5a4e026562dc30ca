using System.Security.Claims;
using PartnerPortal.Data.Communications;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Communications;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Communications;

/// <summary>A maintenance window as the API shows it.</summary>
/// <param name="Id">Id.</param>
/// <param name="Integration">Slug.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends.</param>
/// <param name="Operations">Which operations; empty: all.</param>
/// <param name="Impact">What they say will happen.</param>
/// <param name="Silence">Whether alerts open no incident meanwhile.</param>
/// <param name="CreatedBy">Who entered it.</param>
/// <param name="CreatedAt">When it was entered.</param>
/// <param name="CalledOffAt">When it was called off.</param>
public sealed record MaintenanceAnswer(
    Guid Id, string Integration, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> Operations, string Impact, bool Silence, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? CalledOffAt)
{
    /// <summary>The answer for a row.</summary>
    public static MaintenanceAnswer Of(MaintenanceRow row) => row.Window is var w
        ? new(w.Id, row.Integration, w.From, w.To, w.Operations, w.Impact, w.SilenceId is not null, w.CreatedBy, w.CreatedAt, w.CalledOffAt) : null!;
}

/// <summary>Maintenance windows over HTTP.</summary>
public static class MaintenanceEndpoints
{
    /// <summary>Maps /partners/{slug}/maintenance.</summary>
    public static void MapMaintenance(this IEndpointRouteBuilder api)
    {
        var windows = api.MapGroup("/partners/{slug}/maintenance").WithTags("Communications");
        windows.MapGet("", async (string slug, MaintenanceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            new ApiList<MaintenanceAnswer>([.. (await store.ListAsync(slug, user.ToActor(), cancel)).Select(MaintenanceAnswer.Of)], null)).Needs(Right.Read);
        windows.MapPost("", async (string slug, MaintenanceDraft body, MaintenanceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            Results.Created($"/api/v1/partners/{slug}/maintenance", MaintenanceAnswer.Of(await store.EnterAsync(slug, body, user.ToActor(), cancel)))).Needs(Right.Respond);
        windows.MapDelete("/{id:guid}", async (string slug, Guid id, MaintenanceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.CallOffAsync(slug, id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Respond);
    }
}
