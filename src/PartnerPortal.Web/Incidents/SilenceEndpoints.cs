using System.Security.Claims;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Incidents;

/// <summary>A silence as the API shows it.</summary>
/// <param name="Partner">Slug of the only partner it is about; null for all.</param>
/// <param name="Next">The occurrence that holds now, or the next one.</param>
/// <param name="Held">How many alerts it holds back now.</param>
public sealed record SilenceAnswer(
    Guid Id, string? Partner, IReadOnlyList<string> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, RotationKind? Repeat, string TimeZone, DateTimeOffset? Until, string Comment,
    string CreatedBy, DateTimeOffset CreatedAt, SilenceOccurrence? Next, int Held)
{
    /// <summary>The answer for a row at a moment.</summary>
    public static SilenceAnswer Of(SilenceRow row, DateTimeOffset at)
    {
        var s = row.Silence;
        return new(
            s.Id, row.Partner, s.Matchers, s.StartsAt, s.EndsAt, s.Repeat, s.TimeZone, s.Until, s.Comment, s.CreatedBy, s.CreatedAt,
            s.Next(at) is { } next ? new(next.From, next.To) : null, row.Held);
    }
}

/// <summary>An inhibition as the API shows it.</summary>
/// <param name="Source">Conditions on the alert that holds others back.</param>
/// <param name="Target">Conditions on the alerts that are held back.</param>
/// <param name="Equal">Labels that must be the same in both.</param>
/// <param name="Held">How many alerts it holds back now.</param>
public sealed record InhibitionAnswer(Guid Id, IReadOnlyList<string> Source, IReadOnlyList<string> Target, IReadOnlyList<string> Equal, string Comment, string CreatedBy, DateTimeOffset CreatedAt, int Held)
{
    /// <summary>The answer for a row.</summary>
    public static InhibitionAnswer Of(InhibitionRow row) => row.Inhibition is var i ? new(i.Id, i.Source, i.Target, i.Equal, i.Comment, i.CreatedBy, i.CreatedAt, row.Held) : null!;
}

/// <summary>One time that a silence holds.</summary>
public sealed record SilenceOccurrence(DateTimeOffset From, DateTimeOffset To);

/// <summary>Silences and inhibitions over HTTP.</summary>
internal static class SilenceEndpoints
{
    /// <summary>Maps /silences and /inhibitions.</summary>
    public static void MapSilences(this IEndpointRouteBuilder api)
    {
        var silences = api.MapGroup("/silences").WithTags("Incidents");
        silences.MapGet("", async (SilenceStore store, TimeProvider clock, CancellationToken cancel) =>
            new ApiList<SilenceAnswer>([.. (await store.ListAsync(cancel)).Select(r => SilenceAnswer.Of(r, clock.GetUtcNow()))], null)).Needs(Right.Respond);
        silences.MapPost("", async (Domain.Incidents.SilenceDraft body, SilenceStore store, TimeProvider clock, ClaimsPrincipal user, CancellationToken cancel) =>
            Results.Created("/api/v1/silences", SilenceAnswer.Of(await store.EnterAsync(body, user.ToActor(), cancel), clock.GetUtcNow()))).Needs(Right.Respond);
        silences.MapDelete("/{id:guid}", async (Guid id, SilenceStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.EndAsync(id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Respond);
        var inhibitions = api.MapGroup("/inhibitions").WithTags("Incidents");
        inhibitions.MapGet("", async (InhibitionStore store, CancellationToken cancel) =>
            new ApiList<InhibitionAnswer>([.. (await store.ListAsync(cancel)).Select(InhibitionAnswer.Of)], null)).Needs(Right.Respond);
        inhibitions.MapPost("", async (Domain.Incidents.InhibitionDraft body, InhibitionStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            Results.Created("/api/v1/inhibitions", InhibitionAnswer.Of(new(await store.EnterAsync(body, user.ToActor(), cancel), 0)))).Needs(Right.Respond);
        inhibitions.MapDelete("/{id:guid}", async (Guid id, InhibitionStore store, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await store.RemoveAsync(id, user.ToActor(), cancel);
            return Results.NoContent();
        }).Needs(Right.Respond);
    }
}
