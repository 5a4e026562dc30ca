using System.Text.Json;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Engine.Escalation;
using PartnerPortal.Engine.Incidents;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Web.Incidents;

/// <summary>
/// Where senders of alerts post. Whoever knows the secret of a source may, and nothing else. What is answered with success is committed;
/// what does not fit is refused with the reason and kept; while the database is away the sender is told to come again.
/// </summary>
public static class IntakeEndpoints
{
    /// <summary>The largest event of PagerDuty's API, as PagerDuty has it.</summary>
    public const int LargestEvent = 512 * 1024;

    /// <summary>The largest body of the others: Alertmanager sends whole groups and does not send again what was too large.</summary>
    public const int Largest = 4 * 1024 * 1024;

    private const string GenieKey = "GenieKey ";

    /// <summary>Maps the intakes under /api/v1.</summary>
    public static void MapIntake(this IEndpointRouteBuilder api)
    {
        // Jobs ask for it at their end with whatever they have; the secret is in the address.
        api.MapMethods("/intake/heartbeat/{token}", ["GET", "POST"], BeatAsync).AllowAnonymous().WithTags("Intake");
        api.MapPost("/intake/service/{token}", ReportAsync).AllowAnonymous().WithTags("Intake");
        api.MapPost("/intake/{kind}/{token}", TakeAsync).AllowAnonymous().WithTags("Intake");
        api.MapPost("/intake/{kind}/{token}/{**path}", TakeAsync).AllowAnonymous().WithTags("Intake");
    }

    /// <summary>Maps PagerDuty's and Opsgenie's own paths at the root: their senders change only the host.</summary>
    public static void MapEnqueue(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2/enqueue", EnqueueAsync).AllowAnonymous().WithTags("Intake");
        routes.MapPost("/v2/alerts", GenieAsync).AllowAnonymous().WithTags("Intake");
        routes.MapPost("/v2/alerts/{**path}", GenieAsync).AllowAnonymous().WithTags("Intake");
    }

    private static async Task<IResult> TakeAsync(string kind, string token, HttpContext http, IntakeGuard guard, AlertIntakeStore intake, SnsIntake sns, MailIntake mails, CancellationToken cancel, string? path = null)
    {
        var body = await ReadAsync(http, Largest, cancel);
        if (body is null)
        {
            return Results.Problem($"The body is larger than {Largest / 1024 / 1024} MB.", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        if (!Words.TryParse<AlertSourceKind>(kind, out var format) || await guard.FindAsync(http, token, format, cancel) is not { } source)
        {
            throw new NotThere("such alert source");
        }

        var post = new AlertPost(body, path ?? "");
        var key = await guard.AdmitAsync(http, source, post, cancel);
        var taken = await (source.Kind switch
        {
            AlertSourceKind.Sns => OfAmazonAsync(sns, source, post, cancel),
            AlertSourceKind.Mail => mails.AcceptAsync(source, post, key, cancel),
            _ => intake.AcceptAsync(source, post, key, cancel),
        });
        return source.Kind switch
        {
            AlertSourceKind.Opsgenie => Results.Json(new { result = "Request will be processed", took = 0, requestId = http.TraceIdentifier }, statusCode: StatusCodes.Status202Accepted),
            // Slack's own answer: its clients compare it.
            AlertSourceKind.Slack => Results.Text("ok"),
            _ => Results.Ok(new { status = Words.Of(taken.Outcome), alerts = taken.Signals.Count }),
        };
    }

    // What PagerDuty or Opsgenie says about an incident that we handed to it.
    private static async Task<IResult> ReportAsync(string token, HttpContext http, ServiceStore services, ServiceReports reports, CancellationToken cancel)
    {
        if (await ReadAsync(http, LargestEvent, cancel) is not { } body)
        {
            return Results.Problem("The report is larger than 512 KB.", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        var service = await services.ListeningAsync(token, cancel) ?? throw new NotThere("such service");
        return Results.Ok(new { status = await reports.TakeAsync(service, body, cancel) });
    }

    // Amazon comes again after a 5xx and never after a 4xx.
    private static async Task<Taken> OfAmazonAsync(SnsIntake sns, AlertSource source, AlertPost post, CancellationToken cancel)
    {
        try
        {
            return await sns.AcceptAsync(source, post, cancel);
        }
        catch (OutboundException away)
        {
            throw new SenderAway($"Amazon could not be asked whether this is true: {away.Message} Send it again.");
        }
    }

    private static async Task<IResult> BeatAsync(string token, HttpContext http, IntakeGuard guard, HeartbeatStore heartbeats, CancellationToken cancel)
    {
        if (await guard.FindAsync(http, token, AlertSourceKind.Heartbeat, cancel) is not { } source)
        {
            throw new NotThere("such alert source");
        }

        await guard.AdmitAsync(http, source, new(source.NeedsSignatures ? await ReadAsync(http, LargestEvent, cancel) ?? [] : []), cancel);
        await heartbeats.BeatAsync(source, cancel);
        return Results.Ok(new { status = "heard", silentAfter = Durations.Of(source.SilentAfter!.Value) });
    }

    // PagerDuty's answers, letter by letter: its clients read them.
    private static async Task<IResult> EnqueueAsync(HttpContext http, IntakeGuard guard, AlertIntakeStore intake, CancellationToken cancel)
    {
        var body = await ReadAsync(http, LargestEvent, cancel);
        if (body is null)
        {
            return Invalid("The event is larger than 512 KB.", StatusCodes.Status413PayloadTooLarge);
        }

        try
        {
            if (RoutingKey(body) is not { } key || await guard.FindAsync(http, key, AlertSourceKind.Pagerduty, cancel) is not { } source)
            {
                return Invalid("“routing_key” is not known here.", StatusCodes.Status400BadRequest);
            }

            var post = new AlertPost(body);
            var taken = await intake.AcceptAsync(source, post, await guard.AdmitAsync(http, source, post, cancel), cancel);
            return Results.Json(new { status = "success", message = "Event processed", dedup_key = taken.Signals[0].DedupKey }, statusCode: StatusCodes.Status202Accepted);
        }
        catch (FieldsRefused refused)
        {
            return Invalid(string.Join(' ', refused.Errors.SelectMany(e => e.Value)), StatusCodes.Status400BadRequest);
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            http.Response.Headers.RetryAfter = "5";
            return Results.Json(new { status = "unavailable", message = "The event was not stored. Send it again." }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    // Opsgenie's answers, 422 for a key that it does not know; the key stands in the header, as its senders write it.
    private static async Task<IResult> GenieAsync(HttpContext http, IntakeGuard guard, AlertIntakeStore intake, CancellationToken cancel)
    {
        var key = http.Request.Headers.Authorization.ToString() is var header && header.StartsWith(GenieKey, StringComparison.OrdinalIgnoreCase) ? header[GenieKey.Length..].Trim() : "";
        if (await ReadAsync(http, Largest, cancel) is not { } body)
        {
            return Answer($"The body is larger than {Largest / 1024 / 1024} MB.", StatusCodes.Status413PayloadTooLarge);
        }

        if (key.Length == 0 || await guard.FindAsync(http, key, AlertSourceKind.Opsgenie, cancel) is not { } source)
        {
            return Answer("The key is not known here. Send it as “Authorization: GenieKey …”.", StatusCodes.Status422UnprocessableEntity);
        }

        try
        {
            var post = new AlertPost(body, http.Request.Path.Value!.TrimStart('/'));
            await intake.AcceptAsync(source, post, await guard.AdmitAsync(http, source, post, cancel), cancel);
            return Answer("Request will be processed", StatusCodes.Status202Accepted);
        }
        catch (FieldsRefused refused)
        {
            return Answer(string.Join(' ', refused.Errors.SelectMany(e => e.Value)), StatusCodes.Status422UnprocessableEntity);
        }

        IResult Answer(string said, int status) => status == StatusCodes.Status202Accepted
            ? Results.Json(new { result = said, took = 0, requestId = http.TraceIdentifier }, statusCode: status)
            : Results.Json(new { message = said, took = 0, requestId = http.TraceIdentifier }, statusCode: status);
    }

    private static IResult Invalid(string why, int status) => Results.Json(new { status = "invalid event", message = "Event object is invalid", errors = new[] { why } }, statusCode: status);

    private static string? RoutingKey(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("routing_key", out var key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Null when it is too large.
    private static async Task<byte[]?> ReadAsync(HttpContext http, int most, CancellationToken cancel)
    {
        if (http.Request.ContentLength > most)
        {
            return null;
        }

        using var kept = new MemoryStream();
        var piece = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(piece, cancel)) > 0;)
        {
            if (kept.Length + read > most)
            {
                return null;
            }

            kept.Write(piece, 0, read);
        }

        return kept.ToArray();
    }
}
