using System.Globalization;
using System.Net;
using System.Text;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>Speaks to the bigger engine: remote write 1.0 in, the Prometheus HTTP API out.</summary>
public sealed class PrometheusClient(GuardedHttpClient http, MetricsEngine engine)
{
    private const long Piece = 24 * 3_600_000;
    private const long FiveMinutes = 300_000;
    private const int MostPoints = 10_000;
    private const int QuotedAnswer = 300;
    private static readonly OutboundLimits _write = OutboundLimits.Within(TimeSpan.FromSeconds(10));
    private static readonly OutboundLimits _read = OutboundLimits.Within(TimeSpan.FromSeconds(30)) with { MaxBytes = 256 * 1024 * 1024 };

    /// <summary>Sends samples. Null when they were taken; else why the engine will never take them.</summary>
    /// <exception cref="EngineAway">It did not answer, or asks to come again, or settings are wrong: nothing is known to be taken.</exception>
    public async Task<string?> WriteAsync(WriteRequest request, CancellationToken cancel)
    {
        var (status, body) = await SendAsync(
            new OutboundRequest(HttpMethod.Post, engine.WriteUrl)
            {
                Headers =
                [
                    new("Content-Type", "application/x-protobuf"), new("Content-Encoding", "snappy"), new("X-Prometheus-Remote-Write-Version", "0.1.0"), .. Rights(),
                ],
                Body = request.Write(),
                Limits = _write,
            }, cancel);
        return (int)status switch
        {
            >= 200 and < 300 => null,
            // What is in these samples will not change by sending them again (remote write 1.0); anything else may be mended meanwhile.
            400 or 413 or 422 => Quoted(body) is { Length: > 0 } said ? said : $"It answered {(int)status}.",
            var other => throw new EngineAway($"The metrics engine at {engine.WriteUrl.Authority} answered a write with {other}: {Quoted(body)}"),
        };
    }

    /// <summary>The samples of series between two instants, both included, as they were written; markers are missing (<see cref="ForwardedSeries"/> sets them again).</summary>
    /// <exception cref="EngineAway">It did not answer.</exception>
    /// <exception cref="ExpressionRefused">It has more samples than may be read.</exception>
    public async Task<Dictionary<LabelSet, List<Sample>>> SamplesAsync(Selector selector, long from, long to, long most, CancellationToken cancel)
    {
        var found = new Dictionary<LabelSet, List<Sample>>();
        for (var start = from; start <= to; start += Piece)
        {
            var end = Math.Min(to, start + Piece - 1);
            // Whether a range includes its first instant is not the same everywhere, so a little more is asked for.
            var body = await AskAsync("query", [("query", $"{Braced(selector)}[{end - start + 1}ms]"), ("time", Seconds(end))], cancel);
            most -= PrometheusMatrix.Read(body, start, end, found, most, selector);
        }

        return found;
    }

    /// <summary>The lowest and highest value of stretches of at least five minutes between two instants, for a chart; series come without their metric's name.</summary>
    /// <exception cref="EngineAway">It did not answer.</exception>
    public async Task<Dictionary<LabelSet, List<Sample>>> ExtremesAsync(Selector selector, long from, long to, long most, CancellationToken cancel)
    {
        var width = Math.Max(1, (to - from) / (MostPoints * FiveMinutes) + 1) * FiveMinutes;
        var (low, high) = (new Dictionary<LabelSet, List<Sample>>(), new Dictionary<LabelSet, List<Sample>>());
        foreach (var (function, into) in new[] { ("min_over_time", low), ("max_over_time", high) })
        {
            var body = await AskAsync(
                "query_range",
                [
                    ("query", $"{function}({Braced(selector)}[{width}ms])"), ("start", Seconds((from / width + 1) * width)),
                    ("end", Seconds((to / width + 1) * width)), ("step", Seconds(width)),
                ], cancel);
            PrometheusMatrix.Read(body, long.MinValue, long.MaxValue, into, most, selector);
        }

        foreach (var (labels, column) in low)
        {
            // Each stretch is told at its end; its lowest value is drawn at its beginning and the highest in its middle.
            var highest = high.GetValueOrDefault(labels)?.ToDictionary(s => s.Time, s => s.Value) ?? [];
            low[labels] =
            [
                .. column.SelectMany(s => (Sample[])[new(s.Time - width, s.Value), new(s.Time - width / 2, highest.GetValueOrDefault(s.Time, s.Value))]).Where(s => s.Time >= from && s.Time <= to),
            ];
        }

        return low.ToDictionary(s => s.Key.Without(Label.MetricName), s => s.Value);
    }

    private async Task<byte[]> AskAsync(string path, (string Name, string Value)[] form, CancellationToken cancel)
    {
        var address = new UriBuilder(engine.QueryUrl);
        address.Path = address.Path.TrimEnd('/') is var given && given.EndsWith("/api/v1", StringComparison.Ordinal) ? $"{given}/{path}" : $"{given}/api/v1/{path}";
        var (status, body) = await SendAsync(
            new OutboundRequest(HttpMethod.Post, address.Uri)
            {
                Headers = [new("Content-Type", "application/x-www-form-urlencoded"), new("Accept", "application/json"), .. Rights()],
                Body = Encoding.UTF8.GetBytes(string.Join('&', form.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"))),
                Limits = _read,
            }, cancel);
        return status switch
        {
            HttpStatusCode.OK => body,
            HttpStatusCode.UnprocessableEntity => throw new ExpressionRefused($"the metrics engine refuses: {Quoted(body)}", 0, RefusalKind.TooMuch),
            _ => throw new EngineAway($"The metrics engine at {engine.QueryUrl.Authority} answered a query with {(int)status}: {Quoted(body)}"),
        };
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(OutboundRequest call, CancellationToken cancel)
    {
        try
        {
            await using var answer = await http.SendAsync(call with { Destination = "metrics engine" }, cancel);
            return (answer.Status, await answer.ReadBytesAsync(cancel));
        }
        catch (OutboundException failed)
        {
            throw new EngineAway($"The metrics engine at {call.Url.Authority} cannot be used: {failed.Message}", failed);
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Rights()
    {
        if (engine.Token is { } token)
        {
            yield return new("Authorization", "Bearer " + token);
        }

        if (engine.Tenant is { } tenant)
        {
            yield return new("X-Scope-OrgID", tenant);
        }
    }

    // Every engine reads conditions in braces; a name outside of them may be a keyword of its own.
    private static string Braced(Selector selector) => $"{{{string.Join(',', selector.Matchers)}}}";

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Quoted(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 4 * QuotedAnswer))).ReplaceLineEndings(" ").Trim();
        return text.Length > QuotedAnswer ? text[..QuotedAnswer] + "…" : text;
    }
}
