using Microsoft.Net.Http.Headers;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.RemoteWrite;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Metrics;

/// <summary>
/// Takes what a Prometheus sends by remote write 1.0: our own counters, without another scrape. A good answer means that all is
/// committed; 4xx that sending it again will not help; 503 that it will.
/// </summary>
public static class RemoteWriteEndpoints
{
    private const string Message = "application/x-protobuf";
    // Our Prometheus counts what our side does; a partner's own figures are scraped.
    private const string Side = "ours";

    /// <summary>Maps POST /prometheus/api/v1/write.</summary>
    public static void MapRemoteWrite(this IEndpointRouteBuilder routes) => routes
        .MapPost("/prometheus/api/v1/write", WriteAsync).WithTags("Prometheus").Needs(Right.Edit).NarrowsToPartner()
        .WithSummary("Remote write 1.0: a snappy-packed prometheus.WriteRequest. 204 when committed.");

    private static async Task<IResult> WriteAsync(HttpContext http, ISampleSink sink, RuleWakes wakes, PushedFamilyStore families, PartnerStore partners)
    {
        var cancel = http.RequestAborted;
        if (RefuseType(http.Request) is { } sentence)
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, sentence);
        }

        try
        {
            var body = await ReadAsync(http.Request, WriteLimits.Default.PackedBytes, cancel);
            var request = WriteRequest.Read(body.GetBuffer().AsSpan(0, (int)body.Length), WriteLimits.Default);
            var partner = http.User.ToActor().PartnerId is { } bound ? await partners.SlugAsync(bound, cancel) : null;
            if (request.Families.Count > 0)
            {
                await families.DescribeAsync(partner ?? "", request.Families, cancel);
            }

            var series = partner is null ? request.Series : [.. request.Series.Select(s => s with { Labels = BoundLabels.Force(s.Labels, ("partner", partner), ("side", Side)) })];
            try
            {
                await sink.AppendAsync(series, cancel);
            }
            finally
            {
                // Of those that are refused in part the rest is committed.
                wakes.Pushed(series);
            }

            return request.Histograms == 0
                ? Results.NoContent()
                : Refuse(StatusCodes.Status400BadRequest, $"{request.Histograms} native histograms are not kept, the portal keeps classic ones only. Everything else was kept.");
        }
        catch (WriteRefused refused)
        {
            return Refuse(refused.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, refused.Message);
        }
        catch (SamplesRefused refused)
        {
            return Refuse(StatusCodes.Status400BadRequest, refused.Message);
        }
    }

    /// <summary>Senders write the first line of a refusal into their log, so it is plain text as Prometheus's own.</summary>
    private static IResult Refuse(int status, string sentence) => Results.Text(sentence + "\n", statusCode: status);

    private static string? RefuseType(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(Message, StringComparison.OrdinalIgnoreCase))
        {
            return $"Send remote write 1.0 as {Message}.";
        }

        if (type.Parameters.Any(p => p.Name.Equals("proto", StringComparison.OrdinalIgnoreCase) && !HeaderUtilities.RemoveQuotes(p.Value).Equals("prometheus.WriteRequest", StringComparison.Ordinal)))
        {
            return "The portal takes remote write 1.0 (prometheus.WriteRequest).";
        }

        var packed = request.Headers.ContentEncoding.ToString();
        return packed.Length == 0 || packed.Equals("snappy", StringComparison.OrdinalIgnoreCase) ? null : $"Remote write 1.0 is packed by snappy, not by {packed}.";
    }

    private static async Task<MemoryStream> ReadAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 4096, 0, most));
        var piece = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(piece, cancel)) > 0;)
        {
            if (body.Length + read > most)
            {
                throw new WriteRefused($"A request may bring at most {most} bytes. Send less at once (queue_config.max_samples_per_send).", tooLarge: true);
            }

            body.Write(piece.AsSpan(0, read));
        }

        return body;
    }
}
