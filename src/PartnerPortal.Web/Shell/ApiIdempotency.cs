using System.Security.Cryptography;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Shell;

/// <summary>
/// Runs a POST under /api/v1 that names an Idempotency-Key once: a repetition within a day gets the answer of the first.
/// Only success is remembered. A refused or failed request changed nothing, so its key may be used again.
/// </summary>
public sealed class ApiIdempotency(RequestDelegate next, IdempotencyStore store, ILogger<ApiIdempotency> log)
{
    /// <summary>Names the request.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Marks an answer that was given before.</summary>
    public const string ReplayHeader = "Idempotent-Replay";

    /// <summary>The longest key.</summary>
    public const int LongestKey = 255;

    private const int LargestKept = 256 * 1024;
    private const int HeldInMemory = 1024 * 1024;

    /// <summary>Answers, or lets the request through.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var user = context.User;
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.Path.StartsWithSegments("/api/v1") || context.GetEndpoint() is not { } endpoint
            || !context.Request.Headers.TryGetValue(Header, out var keys) || (user.TokenId() ?? user.ToActor().Id) is not { } actor)
        {
            await next(context);
            return;
        }

        if (endpoint.Metadata.GetMetadata<NotRemembered>() is not null)
        {
            throw new FieldsRefused(Header, "The answer holds a secret that is shown once, so it is not kept for a repetition. Send the request without this header.");
        }

        var request = new KeyedRequest(actor, ReadKey(keys.ToString()), context.Request.Method, context.Request.Path + context.Request.QueryString, await HashAsync(context));
        var taking = await store.TakeAsync(request, context.RequestAborted);
        await (taking.State switch
        {
            KeyState.Taken => RunAsync(context, request, taking.Attempt),
            KeyState.Answered => ReplayAsync(context, taking.Answer!),
            KeyState.Running => RefuseAsync(context, "The first request with this Idempotency-Key is still running. Ask again in a second for its answer."),
            _ => throw new FieldsRefused(Header, "This key was used for another request within the last 24 hours. Take a new key for a new request."),
        });
    }

    private static string ReadKey(string key) => key.Length is >= 1 and <= LongestKey && key.All(c => c is > ' ' and <= '~')
        ? key
        : throw new FieldsRefused(Header, $"A key is 1 to {LongestKey} visible ASCII characters without spaces.");

    private static async Task<byte[]> HashAsync(HttpContext context)
    {
        context.Request.EnableBuffering(HeldInMemory);
        var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        return hash;
    }

    private async Task RunAsync(HttpContext context, KeyedRequest request, Guid attempt)
    {
        var (response, wire, aborted) = (context.Response, context.Response.Body, context.RequestAborted);
        using var written = new MemoryStream();
        var done = false;
        // Whoever hangs up and asks again wants the answer of this run, so it goes on without them.
        context.RequestAborted = CancellationToken.None;
        response.Body = written;
        try
        {
            await next(context);
            await response.BodyWriter.FlushAsync(CancellationToken.None);
            done = response.StatusCode is >= 200 and < 300;
        }
        finally
        {
            response.Body = wire;
            context.RequestAborted = aborted;
            await SettleAsync(request, attempt, done ? Answer(response, written) : null);
        }

        if (written.Length > 0)
        {
            await wire.WriteAsync(written.GetBuffer().AsMemory(0, (int)written.Length), aborted);
        }
    }

    private static KeptAnswer Answer(HttpResponse response, MemoryStream written) => new(
        response.StatusCode,
        response.ContentType,
        response.Headers.Location.FirstOrDefault(),
        response.Headers.ETag.FirstOrDefault(),
        written.Length <= LargestKept ? written.ToArray() : null);

    private async Task SettleAsync(KeyedRequest request, Guid attempt, KeptAnswer? answer)
    {
        try
        {
            await (answer is null
                ? store.ReleaseAsync(request, attempt, CancellationToken.None)
                : store.FinishAsync(request, attempt, answer, CancellationToken.None));
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            // The caller's own answer, or the failure on its way up, is worth more than this.
            log.LogWarning("What became of {Path} with an Idempotency-Key could not be written down: {Reason}", request.Path, e.Message);
        }
    }

    private static async Task ReplayAsync(HttpContext context, KeptAnswer answer)
    {
        if (answer.Body is null)
        {
            await RefuseAsync(context, "This request was done, but its answer was too large to be kept. It was not done again.", wait: false);
            return;
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers.Location = answer.Location;
        response.Headers.ETag = answer.ETag;
        response.Headers[ReplayHeader] = "true";
        if (answer.Body.Length > 0)
        {
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private static Task RefuseAsync(HttpContext context, string sentence, bool wait = true)
    {
        if (wait)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return Results.Problem(sentence, statusCode: StatusCodes.Status409Conflict, title: "The request was sent before", type: "about:blank").ExecuteAsync(context);
    }
}

/// <summary>Marks an endpoint whose answer must not be stored.</summary>
public sealed record NotRemembered;

/// <summary>What an endpoint says about Idempotency-Key.</summary>
public static class NotRememberedExtension
{
    /// <summary>Refuses an Idempotency-Key, since the answer holds a secret that is shown once.</summary>
    public static TBuilder NotRemembered<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NotRemembered());
}
