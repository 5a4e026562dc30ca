using System.Diagnostics;

namespace PartnerPortal.SamplePartner;

/// <summary>
/// The door of the API under /v1: applies the faults and counts every call that came in.
/// A call lost by the network never came in, so it is not counted.
/// </summary>
internal sealed class Edge(RequestDelegate next, Faults faults, TunesMetrics metrics, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/v1"))
        {
            await next(http);
            return;
        }
        if (faults.Strikes(Faults.Network, Faults.LostPercent))
        {
            http.Abort();
            return;
        }
        var started = clock.GetTimestamp();
        var operation = http.GetEndpoint()?.Metadata.GetMetadata<EndpointNameMetadata>()?.EndpointName ?? "other";
        using var open = metrics.Connected();
        await AnswerAsync(http);
        metrics.Received(
            operation, http.Response.StatusCode, clock.GetElapsedTime(started).TotalSeconds,
            http.Response.Headers.ContainsKey(PurchasesEndpoints.ReplayedHeader), Activity.Current?.TraceId.ToString());
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (faults.IsOn(Faults.Outage))
        {
            http.Response.Headers.RetryAfter = "60";
            await Results.Problem("The shop is closed by a fault.", statusCode: 503, title: "Out of order").ExecuteAsync(http);
            return;
        }
        if (faults.IsOn(Faults.Slow))
        {
            await Task.Delay(TimeSpan.FromSeconds(2), clock, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (faults.Strikes(Faults.Errors, Faults.ErrorPercent))
        {
            await Results.Problem("Something went wrong on our side.", statusCode: 500, title: "Internal error").ExecuteAsync(http);
            return;
        }
        await next(http);
    }
}
