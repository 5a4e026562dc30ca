using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Web.Incidents;

namespace PartnerPortal.Web.Shell;

/// <summary>Turns every refusal into application/problem+json (RFC 9457) with a trace id. Pages have their own error page.</summary>
public sealed class ApiProblems(IProblemDetailsService problems, ILogger<ApiProblems> log) : IExceptionHandler
{
    private static readonly string[] ApiPaths = ["/api", "/prometheus", "/v2", "/openapi", "/metrics"];

    /// <summary>Whether programs call this path.</summary>
    public static bool IsApi(PathString path) => ApiPaths.Any(p => path.StartsWithSegments(p));

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The middleware has already turned the path into that of the error page.
        var path = httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path;
        var problem = Describe(exception);
        if (problem.Status >= 500)
        {
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, path);
        }

        if (!IsApi(path))
        {
            return false;
        }

        problem.Instance = path;
        httpContext.Response.StatusCode = problem.Status!.Value;
        if (exception is TooManyPosts { Wait: var wait })
        {
            httpContext.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    /// <summary>Gives every problem the id that the log shows.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
        context.ProblemDetails.Instance ??= context.HttpContext.Request.Path;
    }

    private static ProblemDetails Describe(Exception exception) => exception switch
    {
        FieldsRefused refused => Problem(422, "Some fields cannot be accepted", refused.Message, ("errors", refused.Errors)),
        ProofMissing proof => Problem(409, "Proof is missing", proof.Message, ("missing", proof.Missing)),
        AlreadyTaken taken => Problem(409, "The name is in use", taken.Message, ("errors", new Dictionary<string, string[]> { [taken.Field] = [taken.Message] })),
        RuleBroken rule => Problem(409, "A rule refuses this", rule.Message),
        ChangedMeanwhile changed => Problem(412, "It was changed meanwhile", changed.Message, ("current", changed.Current)),
        NotAllowed refused => Problem(403, "Not allowed", refused.Message),
        SignatureRefused unsigned => Problem(401, "The signature is missing or wrong", unsigned.Message),
        SenderRefused stranger => Problem(403, "The sender is not believed", stranger.Message),
        TooManyPosts many => Problem(429, "Too many requests", many.Message),
        SenderAway away => Problem(503, "The sender could not be asked", away.Message),
        NotThere absent => Problem(404, "Not found", absent.Message),
        VersionNeeded => Problem(428, "If-Match is needed", exception.Message),
        BadHttpRequestException bad => Problem(bad.StatusCode, "The request cannot be read", Reason(bad)),
        JsonException json => Problem(400, "The request cannot be read", json.Message),
        _ when DatabaseAway.Is(exception) => Problem(503, "The database is away", "Nothing was changed. Try again in a few seconds."),
        _ => Problem(500, "Something went wrong here", "Nothing that you sent is at fault. Name the traceId when you report it."),
    };

    private static string Reason(BadHttpRequestException bad) => bad.InnerException is JsonException json
        ? $"The body is no JSON that fits: {json.Message}"
        : bad.Message;

    private static ProblemDetails Problem(int status, string title, string detail, params (string Name, object? Value)[] extensions)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail, Type = "about:blank" };
        foreach (var (name, value) in extensions)
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }
}

/// <summary>The request must say which version it changes.</summary>
public sealed class VersionNeeded() : Exception("Send If-Match with the version that you read, so that nobody's change is lost.");
