using System.Diagnostics;
using System.Net;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Asks an existing Prometheus what a source wants to know, one instant query after the other within the source's time. One that
/// fails refuses the whole scrape: half of the figures would look like a change.
/// </summary>
internal static class InstantQueries
{
    public static async Task<ScrapeResult> AskAsync(
        GuardedHttpClient http, MetricSource source, IReadOnlyDictionary<string, string> headers, SeriesCache known, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var limits = source.Limits.OfPages();
        var bytes = 0L;
        try
        {
            var page = new InstantPage(limits, known);
            foreach (var (name, query) in source.Queries)
            {
                var left = source.Timeout - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    throw new ExpositionRefused($"The Prometheus takes longer for all {source.Queries.Count} queries than this source may take.");
                }

                var call = OutboundRequest.Get(AddressOf(source.Url, query)) with
                {
                    Headers = [new("Accept", "application/json"), .. headers.Where(h => !h.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase))],
                    Limits = OutboundLimits.Within(left) with { MaxBytes = limits.Bytes - bytes },
                    Destination = "metrics " + source.Id,
                };
                await using var answer = await http.SendAsync(call, cancel);
                if (!Tells(answer))
                {
                    ScrapeClient.RefuseStatus(answer.Status);
                }

                var body = await answer.ReadBytesAsync(cancel);
                bytes += body.Length;
                page.Add(name, query, body);
            }

            return Done(page.Take(), null);
        }
        catch (ExpositionRefused refused)
        {
            return Done(null, refused.Reason);
        }
        catch (OutboundException failed)
        {
            return Done(null, failed.Message);
        }

        ScrapeResult Done(ExpositionPage? page, string? error) => new(page, error, null, Stopwatch.GetElapsedTime(started), bytes) { Asked = true };
    }

    /// <summary>A Prometheus says in its body what is wrong with a query.</summary>
    private static bool Tells(OutboundResponse answer) => answer.Status == HttpStatusCode.OK
        || (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.ServiceUnavailable && ContentType.IsJson(answer.ContentType));

    private static Uri AddressOf(string source, string query)
    {
        // An address with a query of its own (a tenant, say) keeps it.
        var given = new UriBuilder(source);
        given.Path = given.Path.TrimEnd('/') is var path && path.EndsWith("/api/v1", StringComparison.Ordinal) ? path + "/query" : path + "/api/v1/query";
        given.Query = (given.Query.Length > 1 ? given.Query[1..] + "&" : "") + "query=" + Uri.EscapeDataString(query);
        return given.Uri;
    }
}
