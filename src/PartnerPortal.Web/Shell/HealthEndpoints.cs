using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Shell;

/// <summary>For load balancers and containers: the process lives; the portal can serve. Without detail, since anybody may ask.</summary>
public static class HealthEndpoints
{
    /// <summary>Maps /healthz and /readyz.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => "ok").AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/readyz", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(PortalDatabase database, HttpContext http, CancellationToken cancel)
    {
        if (await database.AnswersAsync(cancel))
        {
            return Results.Text("ok");
        }

        http.Response.Headers.RetryAfter = "5";
        return Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
