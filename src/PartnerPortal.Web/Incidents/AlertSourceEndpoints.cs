using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Incidents;

/// <summary>An alert source as the API shows it; its secret is shown when it is made.</summary>
/// <param name="Mapping">Where alerts stand in what a generic source sends; null: guessed, and for other kinds.</param>
/// <param name="SilentAfter">How long a heartbeat may be silent; null for other kinds.</param>
/// <param name="SignaturesRequired">Whether a delivery needs a signature under the source's signing secret.</param>
/// <param name="Subscription">The topic of SNS that it belongs to; null for other kinds, and before Amazon asked.</param>
/// <param name="LastDeliveryAt">When it last said anything, fitting or not.</param>
/// <param name="LastProblem">Why the last delivery did not fit; null when it did.</param>
public sealed record AlertSourceAnswer(
    Guid Id, string Name, AlertSourceKind Kind, string Partner, string Integration, IReadOnlyList<string> GroupBy, Urgency? Urgency, AlertMapping? Mapping, string? SilentAfter,
    bool SignaturesRequired, SnsSubscription? Subscription, DateTimeOffset CreatedAt, DateTimeOffset? LastDeliveryAt, string? LastProblem, string Version)
{
    /// <summary>The answer for a row.</summary>
    public static AlertSourceAnswer Of(AlertSourceRow row) => new(
        row.Source.Id, row.Source.Name, row.Source.Kind, row.Partner, row.Integration, row.Source.GroupBy, row.Source.Urgency, row.Source.Mapping,
        row.Source.SilentAfter is { } silence ? Durations.Of(silence) : null, row.Source.NeedsSignatures, row.Source.Subscription, row.Source.CreatedAt, row.LastAt, row.LastReason,
        row.Source.Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A new alert source, or one with a new secret, with what its sender must be told.</summary>
/// <param name="Url">Where the sender posts; for Opsgenie the base address.</param>
/// <param name="Token">The secret; shown this once.</param>
/// <param name="RoutingKey">The same secret as PagerDuty's senders call it; null for other kinds.</param>
public sealed record AlertSourceSecretAnswer(Guid Id, string Name, AlertSourceKind Kind, string Partner, string Integration, string Url, string Token, string? RoutingKey)
{
    /// <summary>The answer for a row and its secret.</summary>
    public static AlertSourceSecretAnswer Of(AlertSourceRow row, string secret, string root) => new(
        row.Source.Id, row.Source.Name, row.Source.Kind, row.Partner, row.Integration, UrlOf(row.Source.Kind, secret, root), secret, row.Source.Kind == AlertSourceKind.Pagerduty ? secret : null);

    /// <summary>Where the sender of a kind posts.</summary>
    public static string UrlOf(AlertSourceKind kind, string secret, string root) =>
        kind == AlertSourceKind.Pagerduty ? $"{root}/v2/enqueue" : $"{root}/api/v1/intake/{Words.Of(kind)}/{secret}";
}

/// <summary>Alert sources over HTTP: making, trying, closing them.</summary>
public static class AlertSourceEndpoints
{
    /// <summary>Maps /alert-sources.</summary>
    public static void MapAlertSources(this IEndpointRouteBuilder api)
    {
        var sources = api.MapGroup("/alert-sources").WithTags("Alert sources");
        sources.MapGet("", async (AlertSourceStore store, ClaimsPrincipal user, CancellationToken cancel, string? partner = null) =>
            new ApiList<AlertSourceAnswer>([.. (await store.ListAsync(partner, user.ToActor(), cancel)).Select(AlertSourceAnswer.Of)], null)).Needs(Right.Read).NarrowsToPartner();
        sources.MapGet("/mappings", () => ShippedMappings.All).Needs(Right.Read);
        sources.MapPost("", EnterAsync).Needs(Right.Edit).NarrowsToPartner().WithMetadata(new NotRemembered());
        sources.MapGet("/{id:guid}", GetAsync).Needs(Right.Read).NarrowsToPartner();
        sources.MapPatch("/{id:guid}", ChangeAsync).Needs(Right.Edit).NarrowsToPartner();
        sources.MapDelete("/{id:guid}", async (Guid id, AlertSourceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.RevokeAsync(id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Edit).NarrowsToPartner();
        sources.MapPost("/{id:guid}/rotate", RotateAsync).Needs(Right.Edit).NarrowsToPartner().WithMetadata(new NotRemembered());
        sources.MapPost("/{id:guid}/signing-secret", SignAsync).Needs(Right.Edit).NarrowsToPartner().WithMetadata(new NotRemembered());
        sources.MapDelete("/{id:guid}/signing-secret", async (Guid id, AlertSourceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.StopSigningAsync(id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Edit).NarrowsToPartner();
        sources.MapPost("/{id:guid}/try", TryAsync).Needs(Right.Edit).NarrowsToPartner();
        sources.MapGet("/{id:guid}/refused", async (Guid id, AlertSourceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            new ApiList<RefusedDelivery>(await store.RefusedAsync(id, user.ToActor(), cancel), null)).Needs(Right.Edit).NarrowsToPartner();
        sources.MapPost("/{id:guid}/refused/{delivery:guid}/replay", ReplayAsync).Needs(Right.Edit).NarrowsToPartner();
    }

    private static async Task<IResult> EnterAsync(AlertSourceDraft body, AlertSourceStore store, HttpContext http, CancellationToken cancel)
    {
        var (row, secret) = await store.EnterAsync(body, http.User.ToActor(), cancel);
        return Results.Created($"/api/v1/alert-sources/{row.Source.Id}", AlertSourceSecretAnswer.Of(row, secret, http.PublicRoot()));
    }

    private static async Task<AlertSourceAnswer> GetAsync(Guid id, AlertSourceStore store, HttpContext http, CancellationToken cancel)
    {
        var row = await store.GetAsync(id, http.User.ToActor(), cancel);
        http.Response.WriteVersion(row.Source.Version);
        return AlertSourceAnswer.Of(row);
    }

    private static async Task<AlertSourceAnswer> ChangeAsync(Guid id, AlertSourceDraft body, AlertSourceStore store, HttpContext http, CancellationToken cancel)
    {
        var row = await store.ChangeAsync(id, body, http.Request.ReadVersion(), http.User.ToActor(), cancel);
        http.Response.WriteVersion(row.Source.Version);
        return AlertSourceAnswer.Of(row);
    }

    private static async Task<AlertSourceSecretAnswer> RotateAsync(Guid id, AlertSourceStore store, HttpContext http, CancellationToken cancel)
    {
        var secret = await store.RotateAsync(id, http.User.ToActor(), cancel);
        return AlertSourceSecretAnswer.Of(await store.GetAsync(id, http.User.ToActor(), cancel), secret, http.PublicRoot());
    }

    private static async Task<IResult> SignAsync(Guid id, AlertSourceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        Results.Created((string?)null, new SigningAnswer(await store.SignAsync(id, user.ToActor(), cancel)));

    private static async Task<TriedAnswer> TryAsync(Guid id, TryBody body, AlertSourceStore store, TimeProvider clock, ClaimsPrincipal user, CancellationToken cancel) =>
        new(AlertTrial.Read((await store.GetAsync(id, user.ToActor(), cancel)).Source, body.Body, body.Path, body.Mapping, clock.GetUtcNow()));

    private static async Task<TriedAnswer> ReplayAsync(Guid id, Guid delivery, AlertSourceStore store, AlertIntakeStore intake, ClaimsPrincipal user, CancellationToken cancel) =>
        new((await intake.ReplayAsync((await store.GetAsync(id, user.ToActor(), cancel)).Source, delivery, cancel)).Signals);

    /// <summary>A new signing secret.</summary>
    /// <param name="SigningSecret">whsec_ and Base64; shown this once. The one before works for 24 hours more.</param>
    public sealed record SigningAnswer(string SigningSecret);

    /// <summary>A body to try; nothing of it is stored.</summary>
    /// <param name="Body">What the sender would post.</param>
    /// <param name="Path">What follows the source's address, for Opsgenie.</param>
    /// <param name="Mapping">A mapping to try instead of the source's own.</param>
    public sealed record TryBody(string? Body, string? Path, AlertMapping? Mapping = null);

    /// <summary>What a body says.</summary>
    public sealed record TriedAnswer(IReadOnlyList<AlertSignal> Signals);
}
