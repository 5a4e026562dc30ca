using System.Security.Claims;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Incidents;

/// <summary>Since when something is wrong, as the API shows it.</summary>
public sealed record OnsetAnswer(DateTimeOffset? From, DateTimeOffset To, string Method, double? Before, double? After, string Sentence)
{
    /// <summary>The answer for a start.</summary>
    public static OnsetAnswer Of(Onset onset) => new(onset.LastGood, onset.FirstBad, onset.Method, onset.Before, onset.After, onset.Sentence);
}

/// <summary>An alert as the API shows it.</summary>
/// <param name="StartedAt">The first moment known to be bad.</param>
/// <param name="StartedBetween">Last good and first bad, with how that is known.</param>
/// <param name="FirstSeenAt">When the portal knew.</param>
/// <param name="History">What happened to it, oldest first.</param>
/// <param name="Url">Its page.</param>
public sealed record AlertAnswer(
    Guid Id, string Partner, string Integration, string Source, string SourceName, string DedupKey, AlertState State, Severity Severity, string Title, string Summary,
    IReadOnlyDictionary<string, string> Labels, double? Value, DateTimeOffset StartedAt, OnsetAnswer StartedBetween, DateTimeOffset FirstSeenAt, DateTimeOffset? NoDataSince,
    DateTimeOffset? ResolvedAt, string? Runbook, string? RunbookUrl, IReadOnlyList<AlertChange> History, string Url)
{
    /// <summary>The answer for a row.</summary>
    public static AlertAnswer Of(AlertRow row)
    {
        var alert = row.Alert;
        return new(
            alert.Id, row.Partner, row.Integration, alert.Source, alert.SourceName, alert.DedupKey, alert.State, alert.Severity, alert.Title, alert.Summary, alert.Labels, alert.Value,
            alert.Onset.FirstBad, OnsetAnswer.Of(alert.Onset), alert.FirstSeenAt, alert.NoDataSince, alert.ResolvedAt, alert.Runbook,
            alert.Runbook is null ? null : $"/partners/{row.Partner}/runbooks/{alert.Runbook}", alert.History, $"/alerts/{alert.Id}");
    }
}

/// <summary>Alerts over HTTP.</summary>
public static class AlertEndpoints
{
    /// <summary>Maps /alerts.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder api)
    {
        var alerts = api.MapGroup("/alerts").WithTags("Incidents");
        alerts.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        alerts.MapGet("/{id:guid}", async (Guid id, AlertStore store, ClaimsPrincipal user, CancellationToken cancel) =>
            AlertAnswer.Of(await store.GetAsync(id, user.ToActor(), cancel))).Needs(Right.Read).NarrowsToPartner();
    }

    private static async Task<ApiList<AlertAnswer>> ListAsync(
        AlertStore store, ClaimsPrincipal user, CancellationToken cancel, string? partner = null, string? state = null, string? integration = null, string? severity = null,
        int? limit = null, string? cursor = null)
    {
        var check = new FieldCheck();
        var filter = new AlertFilter(
            partner, string.IsNullOrEmpty(state) ? null : check.Word("state", state, AlertState.Firing), integration,
            string.IsNullOrEmpty(severity) ? null : check.Word("severity", severity, Severity.Critical));
        check.ThrowIfRefused();
        var most = ApiPaging.Limit(limit);
        var after = ApiPaging.Place(cursor, 1) is { } place ? Guid.TryParse(place[0], out var id) ? id : throw ApiPaging.Strange() : (Guid?)null;
        var rows = await store.AfterAsync(filter, after, most + 1, user.ToActor(), cancel);
        return ApiPaging.Page(rows, most, AlertAnswer.Of, r => [r.Alert.Id.ToString()]);
    }
}
