using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>
/// The same range queries at the portal and at a real Prometheus, over HTTP, in turn. Both scrape the same made-up services each
/// second for four minutes: as many steps and samples a window as an hour at 15 s has, without waiting for the hour.
/// </summary>
internal static class QueryBenchmark
{
    private const int Targets = 4;
    private const int Seconds = 270;
    private const int Shown = 240;
    private const int Warm = 10;
    private const int Runs = 25;

    private static readonly (string Name, string Query, string Step, double Promised)[] Queries =
    [
        ("1 series, 4,801 points", "process_cpu_utilization_ratio{instance_group=\"g00\",NAME=\"p0000\"}", "0.05", 1),
        ("960 series as they are", "http_server_request_duration_seconds_bucket", "1", 1),
        ("sum by (le) (rate) of 960 series", "sum by (le) (rate(http_server_request_duration_seconds_bucket[20s]))", "1", 1.5),
        ("quantile by route of 960 series", "histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket[20s])))", "1", 1.5),
        ("share of 240 series", "rate(partner_messages_failed_total[20s]) / on (operation, NAME) rate(partner_messages_processed_total[20s])", "1", 1.5),
    ];

    public static async Task<int> RunAsync(PortalClient portal, CancellationToken cancel)
    {
        var (port, peerPort) = (FreePort(), FreePort());
        using var service = new SyntheticService(port, Targets);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var serving = Task.Run(() => service.RunAsync(stop.Token), cancel);
        await using var peer = await PeerPrometheus.StartAsync(peerPort, Configuration(port), cancel);
        var partner = await EnterAsync(portal, port, cancel);
        Console.WriteLine($"{Targets * 500} series at 1 s for {Seconds} s; then each query {Runs} times over {Shown} s at 1 s, in turn");
        await Task.Delay(TimeSpan.FromSeconds(Seconds), cancel);
        var good = true;
        foreach (var (name, query, step, promised) in Queries)
        {
            good &= await CompareAsync(portal, peer, partner, name, query, step, promised, cancel);
        }

        await stop.CancelAsync();
        await serving;
        return good ? Benchmark.Good : Benchmark.TooSlow;
    }

    private static async Task<bool> CompareAsync(PortalClient portal, PeerPrometheus peer, string partner, string name, string query, string step, double promised, CancellationToken cancel)
    {
        var end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 5;
        var range = string.Create(CultureInfo.InvariantCulture, $"&start={end - Shown}&end={end}&step={step}");
        // The services' own label partner is called exported_partner beside the portal's.
        var ours = "/prometheus/api/v1/query_range?query=" + Uri.EscapeDataString(Narrowed(query.Replace("NAME", "exported_partner", StringComparison.Ordinal), partner)) + range;
        var theirs = "api/v1/query_range?query=" + Uri.EscapeDataString(query.Replace("NAME", "partner", StringComparison.Ordinal)) + range;
        var (one, other) = (new Latencies(), new Latencies());
        var (points, peerPoints) = (0, 0);
        for (var run = 0; run < Warm + Runs; run++)
        {
            var (mine, peers) = run < Warm ? (new Latencies(), new Latencies()) : (one, other);
            points = Points(await mine.MeasureAsync(() => portal.GetAsync(ours, cancel)));
            peerPoints = Points(await peers.MeasureAsync(() => peer.GetAsync(theirs, cancel)));
        }

        one.Write($"{name}: portal", $"{points} points");
        other.Write($"{name}: Prometheus", $"{peerPoints} points");
        if (points < peerPoints * 0.9 || points == 0)
        {
            throw new CannotRun($"The portal answered {points} points and Prometheus {peerPoints}: this is no comparison.");
        }

        var ratio = one.Percentile(0.5) / other.Percentile(0.5);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ratio {ratio:0.00}, promised {promised:0.0}{(ratio > promised ? ": TOO SLOW" : "")}"));
        return Goals.Keep($"{name} : Prometheus", promised, ratio);
    }

    /// <summary>Only the partner of this run, since a portal may hold those of earlier ones.</summary>
    private static string Narrowed(string query, string partner)
    {
        var text = new StringBuilder(query);
        foreach (var selector in PartnerPortal.TimeSeries.PromQl.Expression.Parse(query).Selectors().Reverse())
        {
            var name = selector.Selector.MetricName!;
            var braced = query.AsSpan(selector.Position + name.Length).StartsWith("{");
            text.Insert(selector.Position + name.Length + (braced ? 1 : 0), braced ? $"partner=\"{partner}\"," : $"{{partner=\"{partner}\"}}");
        }

        return text.ToString();
    }

    private static int Points(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Sum(s => s.GetProperty("values").GetArrayLength());
    }

    private static string Configuration(int port) => string.Create(CultureInfo.InvariantCulture,
        $"global: {{ scrape_interval: 1s, scrape_timeout: 1s }}\nscrape_configs:\n{string.Concat(Enumerable.Range(0, Targets).Select(n => $"  - {{ job_name: t{n}, metrics_path: /{n}, static_configs: [ {{ targets: ['127.0.0.1:{port}'] }} ] }}\n"))}");

    private static async Task<string> EnterAsync(PortalClient portal, int port, CancellationToken cancel)
    {
        var slug = string.Create(CultureInfo.InvariantCulture, $"bench-queries-{port}");
        await portal.PostAsync("/api/v1/partners", JsonSerializer.Serialize(new { name = slug, slug }), "application/json", cancel);
        for (var n = 0; n < Targets; n++)
        {
            try
            {
                var source = new { name = $"t{n}", url = $"http://127.0.0.1:{port}/{n}", side = "partner", interval = "1s" };
                await portal.PostAsync($"/api/v1/partners/{slug}/metric-sources", JsonSerializer.Serialize(source), "application/json", cancel);
            }
            catch (CannotRun refused) when (refused.Message.Contains("Portal__Outbound__Allowed", StringComparison.Ordinal))
            {
                throw new CannotRun("The portal may not call this machine: start it with Portal__Outbound__Allowed=127.0.0.1/32.");
            }
        }

        return slug;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
