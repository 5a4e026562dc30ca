using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Sides;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Metrics;

/// <summary>A number that is known within bounds.</summary>
public sealed record BoundsAnswer(double Least, double Most);

/// <summary>What both sides counted of one operation.</summary>
/// <param name="From">The stretch that both cover.</param>
/// <param name="To">Its end.</param>
/// <param name="LagMs">How much later they count; 0 when it cannot be told.</param>
/// <param name="Correlation">How alike both courses are at that delay, up to 1; 0 when no delay could be told.</param>
/// <param name="Gap">Ours less theirs: the least and the most that it can be.</param>
/// <param name="Likely">The gap if calls came evenly between scrapes.</param>
/// <param name="Bound">How far from that the true gap may be; further is one chance in a million.</param>
/// <param name="LostAtLeast">Calls that certainly left us and were not counted there.</param>
/// <param name="StrangeAtLeast">Calls that they certainly counted and we did not send.</param>
public sealed record SidesAnswer(
    DateTimeOffset From, DateTimeOffset To, long LagMs, double Correlation, BoundsAnswer Ours, BoundsAnswer Theirs, BoundsAnswer Gap, double Likely, double Bound, double LostAtLeast,
    double StrangeAtLeast)
{
    /// <summary>The answer for a gap.</summary>
    public static SidesAnswer Of(SideGap gap) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(gap.From), DateTimeOffset.FromUnixTimeMilliseconds(gap.To), gap.Lag.Milliseconds, gap.Lag.Correlation,
        new(gap.Ours.Least, gap.Ours.Most), new(gap.Theirs.Least, gap.Theirs.Most), new(gap.Least, gap.Most), gap.Likely, gap.Bound, gap.LostAtLeast, gap.StrangeAtLeast);
}

/// <summary>The comparison; null where both sides have no time in common.</summary>
public sealed record ComparedAnswer(SidesAnswer? Compared);

/// <summary>Ours vs theirs over HTTP.</summary>
public static class SidesEndpoints
{
    /// <summary>Maps /partners/{slug}/metrics/sides.</summary>
    public static void MapSides(this IEndpointRouteBuilder api) => api.MapGet("/partners/{slug}/metrics/sides", CompareAsync).WithTags("Metrics").Needs(Right.Read);

    private static async Task<ComparedAnswer> CompareAsync(
        string slug, SidesReading reading, PartnerStore partners, TimeProvider clock, CancellationToken cancel,
        string? ours = null, string? theirs = null, string? ourTests = null, string? theirTests = null, string? integration = null, string? from = null, string? to = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        var range = TimeRange.Read(from, to, clock.GetUtcNow());
        var gap = await reading.CompareAsync(
            slug, integration ?? Integration.MainSlug, new SidesDraft(ours, theirs, ourTests, theirTests), range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), cancel);
        return new ComparedAnswer(gap is null ? null : SidesAnswer.Of(gap));
    }
}
