using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>Refusals in the shape and with the status of Prometheus's API.</summary>
internal sealed class PrometheusErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PrometheusRefused refused)
        {
            return Error(StatusCodes.Status400BadRequest, "bad_data", refused.Message);
        }
        catch (ExpressionRefused refused)
        {
            return refused.Kind switch
            {
                RefusalKind.Unreadable => Error(StatusCodes.Status400BadRequest, "bad_data", refused.Reason),
                RefusalKind.Away => Error(StatusCodes.Status503ServiceUnavailable, "unavailable", refused.Reason),
                RefusalKind.TooLong => Error(StatusCodes.Status503ServiceUnavailable, "timeout", refused.Reason),
                _ => Error(StatusCodes.Status422UnprocessableEntity, "execution", refused.Reason),
            };
        }
    }

    private static IResult Error(int status, string errorType, string error) => Results.Json(new { status = "error", errorType, error }, statusCode: status);
}
