using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Incidents;

/// <summary>Posts alerts at an even pace, whether or not the ones before were answered, over 64 connections at most.</summary>
internal sealed class AlertStorm(Uri intake, int alerts, int keys, TimeSpan length)
{
    private const int Connections = 64;
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = [];

    /// <summary>From sending to the answer.</summary>
    public Latencies Answers { get; } = new();

    /// <summary>From the moment at which it should have been sent to the answer: what waits for a connection counts.</summary>
    public Latencies SincePlanned { get; } = new();

    /// <summary>How long all took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>How many were answered in a way.</summary>
    public int Answered(HttpStatusCode status) => _answers.GetValueOrDefault(status);

    /// <summary>How many were answered in another way than with success or 429.</summary>
    public int Others => _answers.Where(a => a.Key is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests)).Sum(a => a.Value);

    /// <summary>Posts all of them.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
#pragma warning disable RS0030 // The benchmark speaks to the portal it started, on loopback.
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { Timeout = TimeSpan.FromMinutes(5) };
#pragma warning restore RS0030
        var (clock, next) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            for (int n; (n = Interlocked.Increment(ref next) - 1) < alerts;)
            {
                var planned = length * n / alerts;
                if (planned - clock.Elapsed is var early && early > TimeSpan.Zero)
                {
                    await Task.Delay(early, cancel);
                }

                var sent = clock.Elapsed;
                var status = await PostAsync(http, n, cancel);
                _answers.AddOrUpdate(status, 1, (_, count) => count + 1);
                lock (Answers)
                {
                    Answers.Add((clock.Elapsed - sent).TotalMilliseconds);
                    SincePlanned.Add((clock.Elapsed - planned).TotalMilliseconds);
                }
            }
        }));
        Took = clock.Elapsed;
    }

    private async Task<HttpStatusCode> PostAsync(HttpClient http, int n, CancellationToken cancel)
    {
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = "4",
            alerts = new[]
            {
                new { status = "firing", fingerprint = $"key{n % keys}", labels = new { alertname = "Down", severity = "critical" }, annotations = new { summary = $"Call {n} failed" }, startsAt = TimeProvider.System.GetUtcNow() },
            },
        }));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await http.PostAsync(intake, body, cancel);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.RequestTimeout; // no answer at all
        }
    }
}
