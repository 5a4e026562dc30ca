using System.Security.Claims;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Engine.Escalation;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>A channel as the API shows it; a secret only in the answer to its creation.</summary>
/// <param name="Id">Id.</param>
/// <param name="Kind">The way.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Address">Where it goes, as far as it may be seen.</param>
/// <param name="After">How long after a page it is used.</param>
/// <param name="Order">The place in the owner's order, from 0.</param>
/// <param name="ProvenAt">When somebody last proved that a message arrived.</param>
/// <param name="TestedAt">When it was tested last.</param>
/// <param name="LastState">How far its last message is: pending, sending, sent, failed or dropped.</param>
/// <param name="LastSentAt">When its last message was accepted by the next hop.</param>
/// <param name="LastProof">What the next hop answered.</param>
/// <param name="LastProblem">Why its last message failed.</param>
/// <param name="Secret">The signing secret that was made for it; shown this once.</param>
public sealed record ChannelAnswer(
    Guid Id, ChannelKind Kind, string Name, string Address, string After, int Order, DateTimeOffset? ProvenAt, DateTimeOffset? TestedAt,
    NotificationState? LastState, DateTimeOffset? LastSentAt, string? LastProof, string? LastProblem, string? Secret = null)
{
    /// <summary>The answer for a channel.</summary>
    public static ChannelAnswer Of(Channel c, Notification? last = null, string? secret = null) => new(
        c.Id, c.Kind, c.Name, c.Address, Durations.Of(c.After), c.Order, c.ProvenAt, c.TestedAt, last?.State, last?.SentAt, last?.ProviderId, last?.Problem, secret);
}

/// <summary>Habits as the API shows them.</summary>
public sealed record HabitsAnswer(string? QuietFrom, string? QuietTo, string? DigestAt, string TimeZone)
{
    /// <summary>The answer for habits.</summary>
    public static HabitsAnswer Of(NotificationHabits h) => new(Clock(h.QuietFrom), Clock(h.QuietTo), Clock(h.DigestAt), h.TimeZone);

    internal static string? Clock(TimeOnly? clock) => clock?.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The figures of a test, as they were typed.</summary>
public sealed record ProofBody(string? Code);

/// <summary>An order of channels.</summary>
public sealed record OrderBody(IReadOnlyList<Guid>? Ids);

/// <summary>One's own channels and habits over HTTP.</summary>
internal static class ChannelEndpoints
{
    /// <summary>Maps /me/channels and /me/notification-habits.</summary>
    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("/me/channels").WithTags("Escalation");
        mine.MapGet("", async (ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            new ApiList<ChannelAnswer>([.. (await store.MineAsync(user.ToActor(), cancel)).Select(r => ChannelAnswer.Of(r.Channel, r.Last))], null)).Needs(Right.Read);
        mine.MapPost("", async (ChannelDraft body, ChannelEntry entry, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            var entered = await entry.AddAsync(body, user.ToActor(), cancel);
            return Results.Created($"/api/v1/me/channels/{entered.Channel.Id}", ChannelAnswer.Of(entered.Channel, secret: entered.Secret));
        }).Needs(Right.Read);
        mine.MapPut("/order", async (OrderBody body, ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.OrderAsync(body.Ids ?? [], user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Read);
        mine.MapPost("/test", async (ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            Results.Accepted(value: new ApiList<ChannelAnswer>([.. (await store.TestAsync(null, user.ToActor(), cancel)).Select(c => ChannelAnswer.Of(c))], null))).Needs(Right.Read);
        mine.MapPut("/{id:guid}", async (Guid id, ChannelDraft body, ChannelEntry entry, ClaimsPrincipal user, CancellationToken cancel) =>
            ChannelAnswer.Of(await entry.ChangeAsync(id, body, user.ToActor(), cancel))).Needs(Right.Read);
        mine.MapDelete("/{id:guid}", async (Guid id, ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.RemoveAsync(id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Read);
        mine.MapPost("/{id:guid}/test", async (Guid id, ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            Results.Accepted(value: ChannelAnswer.Of((await store.TestAsync(id, user.ToActor(), cancel))[0]))).Needs(Right.Read);
        mine.MapPost("/{id:guid}/proof", async (Guid id, ProofBody body, ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            ChannelAnswer.Of(await store.ProveAsync(id, body.Code, user.ToActor(), cancel))).Needs(Right.Read);
        var habits = api.MapGroup("/me/notification-habits").WithTags("Escalation");
        habits.MapGet("", async (ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) => HabitsAnswer.Of(await store.HabitsAsync(user.ToActor(), cancel))).Needs(Right.Read);
        habits.MapPut("", async (HabitsDraft body, ChannelStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            HabitsAnswer.Of(await store.SaveHabitsAsync(body, user.ToActor(), cancel))).Needs(Right.Read);
    }
}
