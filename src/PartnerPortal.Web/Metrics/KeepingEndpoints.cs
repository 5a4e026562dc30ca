using PartnerPortal.Domain.Access;
using PartnerPortal.Engine.Metrics.Forwarding;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Metrics;

/// <summary>Where samples are kept.</summary>
public static class KeepingEndpoints
{
    /// <summary>Maps /metrics/engine.</summary>
    public static void MapMetricKeeping(this IEndpointRouteBuilder api) => api.MapGet("/metrics/engine", EngineAsync).Needs(Right.Administer).WithTags("Metrics");

    private static async Task<KeepingAnswer> EngineAsync(MetricsKeeping keeping, CancellationToken cancel)
    {
        var now = await keeping.NowAsync(cancel);
        return new(now.Engine, PromDuration.Show(now.Raw), PromDuration.Show(now.FiveMinutes), PromDuration.Show(now.Hours), now.Forwarding is not { } to ? null : new(
            to.WriteTo, to.ReadFrom, PromDuration.Show(to.Queue), to.Samples, to.Refused, to.Refusal, to.WaitsFrom, to.KeptTo, to.Trouble));
    }

    /// <summary>Where samples are kept, and how long the portal's own blocks and rollups are; durations as <c>35d</c>.</summary>
    public sealed record KeepingAnswer(string Engine, string Raw, string FiveMinutes, string Hours, ForwardingAnswer? Forwarding);

    /// <summary>How samples reach the bigger engine.</summary>
    public sealed record ForwardingAnswer(
        string WriteTo, string ReadFrom, string Queue, long Samples, long Refused, string? Refusal, DateTimeOffset? WaitsFrom, DateTimeOffset? KeptTo, string? Trouble);
}
