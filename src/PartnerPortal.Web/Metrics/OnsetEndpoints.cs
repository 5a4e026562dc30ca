using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Incidents;

namespace PartnerPortal.Web.Metrics;

/// <summary>Since when a marked range of a chart is different; null when nothing changes clearly in it.</summary>
public sealed record MarkedAnswer(OnsetAnswer? Started);

/// <summary>Since when, for a range that somebody marked on a chart.</summary>
public static class OnsetEndpoints
{
    /// <summary>Maps /partners/{slug}/metrics/onset.</summary>
    public static void MapOnset(this IEndpointRouteBuilder api) => api.MapGet("/partners/{slug}/metrics/onset", FindAsync).WithTags("Metrics").Needs(Right.Read);

    private static async Task<MarkedAnswer> FindAsync(
        string slug, OnsetReading onsets, PartnerStore partners, TimeProvider clock, CancellationToken cancel, string? query = null, string? from = null, string? to = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        var range = TimeRange.Read(from, to, clock.GetUtcNow());
        try
        {
            var found = await onsets.MarkedAsync(slug, Expression.Parse(query ?? ""), range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), cancel);
            return new MarkedAnswer(found is null ? null : OnsetAnswer.Of(found));
        }
        catch (ExpressionRefused refused)
        {
            throw new FieldsRefused("query", refused.Message);
        }
    }
}
