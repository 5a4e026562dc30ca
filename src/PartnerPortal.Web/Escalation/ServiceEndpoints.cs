using System.Security.Claims;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Engine.Escalation;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>A service as the API shows it; secrets only in the answer to their creation.</summary>
/// <param name="Slug">Its name in policies.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">The way.</param>
/// <param name="Address">Where it goes, as far as it may be seen.</param>
/// <param name="ReportsBack">Whether it has an address to report acknowledgements to.</param>
/// <param name="LastState">How far its last message is.</param>
/// <param name="LastSentAt">When its last message was accepted by the next hop.</param>
/// <param name="LastProblem">Why its last message failed.</param>
/// <param name="Secret">The signing secret that was made for it; shown this once.</param>
public sealed record ServiceAnswer(
    string Slug, string Name, ChannelKind Kind, string Address, bool ReportsBack, NotificationState? LastState, DateTimeOffset? LastSentAt, string? LastProblem, string? Secret = null)
{
    /// <summary>The answer for a service.</summary>
    public static ServiceAnswer Of(Channel c, Notification? last = null, string? secret = null) =>
        new(c.Slug!, c.Name, c.Kind, c.Address, c.CallbackHash is not null, last?.State, last?.SentAt, last?.Problem, secret);
}

/// <summary>Services over HTTP.</summary>
internal static class ServiceEndpoints
{
    /// <summary>Maps /services.</summary>
    public static void MapServices(this IEndpointRouteBuilder api)
    {
        var services = api.MapGroup("/services").WithTags("Escalation");
        services.MapGet("", async (ServiceStore store, CancellationToken cancel) =>
            new ApiList<ServiceAnswer>([.. (await store.ListAsync(cancel)).Select(r => ServiceAnswer.Of(r.Channel, r.Last))], null)).Needs(Right.Read);
        services.MapPost("", (ChannelDraft body, ChannelEntry entry, ClaimsPrincipal user, CancellationToken cancel) => SaveAsync(null, body, entry, user, cancel)).Needs(Right.EditPolicies);
        services.MapGet("/{slug}", async (string slug, ServiceStore store, CancellationToken cancel) =>
            await store.GetAsync(slug, cancel) is var row ? ServiceAnswer.Of(row.Channel, row.Last) : null).Needs(Right.Read);
        services.MapPut("/{slug}", SaveAsync).Needs(Right.EditPolicies);
        services.MapDelete("/{slug}", async (string slug, ServiceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.RemoveAsync(slug, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.EditPolicies);
        services.MapPost("/{slug}/test", async (string slug, ServiceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.TestAsync(slug, user.ToActor(), cancel);
            return Results.Accepted();
        }).Needs(Right.EditPolicies);
        services.MapPost("/{slug}/report-address", async (string slug, ServiceStore store, PortalAddress address, HttpContext http, CancellationToken cancel) =>
        {
            var secret = await store.ListenAsync(slug, http.User.ToActor(), cancel);
            var root = address.Public?.ToString().TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}";
            return Results.Created((string?)null, new { url = $"{root}/api/v1/intake/service/{secret}" });
        }).Needs(Right.EditPolicies);
    }

    private static async Task<IResult> SaveAsync(string? slug, ChannelDraft body, ChannelEntry entry, ClaimsPrincipal user, CancellationToken cancel)
    {
        var (entered, isNew) = await entry.SaveAsync(slug, body, user.ToActor(), cancel);
        var answer = ServiceAnswer.Of(entered.Channel, secret: entered.Secret);
        return isNew ? Results.Created($"/api/v1/services/{answer.Slug}", answer) : Results.Ok(answer);
    }
}
