using System.Buffers;
using System.Diagnostics;
using System.Net;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Engine.Metrics;

/// <summary>What one scrape brought: a page, or a reason why not.</summary>
/// <param name="Page">What was read; null for a failure.</param>
/// <param name="Error">A sentence for people; null for success.</param>
/// <param name="Line">The line where reading stopped, from 1.</param>
/// <param name="Took">From the first byte sent to the last byte read.</param>
/// <param name="Bytes">Bytes read, after decompression.</param>
public sealed record ScrapeResult(ExpositionPage? Page, string? Error, int? Line, TimeSpan Took, long Bytes)
{
    /// <summary>The answer itself if it was JSON, whether or not a mapping could read it; otherwise null.</summary>
    public byte[]? Json { get; init; }

    /// <summary>Whether expressions were asked, instead of a page being read.</summary>
    public bool Asked { get; init; }
}

/// <summary>Fetches and reads one page of metrics. Time and memory are bounded whatever the other side sends; the page is read as it arrives, so a bad line ends the transfer.</summary>
public sealed class ScrapeClient(GuardedHttpClient http)
{
    /// <summary>Scrapes once. Failures of the other side are results, not exceptions.</summary>
    /// <param name="source">Where, how long, which format.</param>
    /// <param name="headers">The headers to send, in the clear.</param>
    /// <param name="known">The source's series of earlier pages.</param>
    /// <param name="cancel">Ends the scrape because the portal stops.</param>
    public async Task<ScrapeResult> ScrapeAsync(MetricSource source, IReadOnlyDictionary<string, string> headers, SeriesCache known, CancellationToken cancel)
    {
        if (source.Format == SourceFormat.PrometheusApi)
        {
            return await InstantQueries.AskAsync(http, source, headers, known, cancel);
        }

        var started = Stopwatch.GetTimestamp();
        var reading = new PageReading();
        var limits = source.Limits.OfPages();
        byte[]? json = null;
        try
        {
            var call = OutboundRequest.Get(new Uri(source.Url)) with
            {
                Headers = [new("Accept", AcceptOf(source.Format)), .. headers.Where(h => !h.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase))],
                Limits = OutboundLimits.Within(source.Timeout) with { MaxBytes = limits.Bytes },
                // A line of its own: a source that hangs takes nobody's slot, not even its neighbour's on the same host.
                Destination = "metrics " + source.Id,
            };
            await using var answer = await http.SendAsync(call, cancel);
            RefuseStatus(answer.Status);
            if (source.Format == SourceFormat.Json || (source.Format == SourceFormat.Auto && ContentType.IsJson(answer.ContentType)))
            {
                json = await reading.ReadWholeAsync(answer.Body, cancel);
                return Done(ReadJson(json, source.Mapping, limits, known), null);
            }

            var page = await reading.ReadAsync(answer.Body, new ExpositionParser(FormatOf(source.Format, answer.ContentType), limits, known), cancel);
            return Done(page, null);
        }
        catch (ExpositionRefused refused)
        {
            return Done(null, refused.Reason, refused.Line);
        }
        catch (OutboundException failed)
        {
            return Done(null, failed.Message);
        }

        ScrapeResult Done(ExpositionPage? page, string? error, int? line = null) =>
            new(page, error, line, Stopwatch.GetElapsedTime(started), reading.Bytes) { Json = json };
    }

    /// <summary>Reads an answer of JSON through a source's mapping.</summary>
    /// <exception cref="ExpositionRefused">There is no mapping, or it does not fit.</exception>
    internal static ExpositionPage ReadJson(byte[] json, string? mapping, ExpositionLimits limits, SeriesCache known)
    {
        try
        {
            return mapping is null
                ? throw new ExpositionRefused("The service answered JSON. JSON needs a mapping from its fields to metrics, and this source has none.")
                : JsonPage.Read(json, JsonMapping.Read(mapping), limits, known);
        }
        catch (FormatException wrong)
        {
            throw new ExpositionRefused(wrong.Message);
        }
    }

    private static string AcceptOf(SourceFormat format) => format switch
    {
        SourceFormat.Prometheus => "text/plain;version=0.0.4",
        SourceFormat.Openmetrics => "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75",
        SourceFormat.Json => "application/json",
        _ => ContentType.Accept,
    };

    private static ExpositionFormat FormatOf(SourceFormat wanted, string? contentType)
    {
        var announced = ContentType.Read(contentType);
        return wanted switch
        {
            SourceFormat.Prometheus => ExpositionFormat.PrometheusText,
            SourceFormat.Openmetrics => ExpositionFormat.OpenMetrics,
            _ => announced,
        };
    }

    internal static void RefuseStatus(HttpStatusCode status)
    {
        if (status == HttpStatusCode.OK)
        {
            return;
        }

        var code = (int)status;
        throw new ExpositionRefused(code switch
        {
            >= 300 and < 400 => $"The service answered {code}, a redirect. Redirects are not followed: enter the address where the metrics really are.",
            401 or 403 => $"The service answered {code}: it does not let us in. Check the headers of this source.",
            404 => "The service answered 404: there is nothing at this address.",
            _ => $"The service answered {code} instead of its metrics.",
        });
    }

    /// <summary>Reads the body piece by piece into one buffer that never holds more than the longest line.</summary>
    private sealed class PageReading
    {
        private const int FirstBuffer = 64 * 1024;

        public long Bytes { get; private set; }

        public async Task<ExpositionPage> ReadAsync(Stream body, ExpositionParser parser, CancellationToken cancel)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            try
            {
                var filled = 0;
                while (await body.ReadAsync(buffer.AsMemory(filled), cancel) is > 0 and var read)
                {
                    Bytes += read;
                    filled += read;
                    var used = parser.Feed(buffer.AsSpan(0, filled));
                    filled -= used;
                    buffer.AsSpan(used, filled).CopyTo(buffer);
                    if (filled == buffer.Length)
                    {
                        buffer = Larger(buffer);
                    }
                }

                return parser.Finish(buffer.AsSpan(0, filled));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        public async Task<byte[]> ReadWholeAsync(Stream body, CancellationToken cancel)
        {
            using var whole = new MemoryStream();
            await body.CopyToAsync(whole, cancel);
            Bytes = whole.Length;
            return whole.ToArray();
        }

        private static byte[] Larger(byte[] buffer)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            return larger;
        }
    }
}
