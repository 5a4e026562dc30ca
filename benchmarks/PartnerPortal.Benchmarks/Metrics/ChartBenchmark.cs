using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>
/// Long charts at the portal and at a real Prometheus over HTTP, in turn: a day and a month of one series, six hours of 48. Nothing is
/// waited for, the past is made up and written into both stores. Starts a portal of its own, which scrapes on meanwhile.
/// </summary>
internal static class ChartBenchmark
{
    private const string One = "partner_queue_depth{instance_group=\"g00\"NARROWED}";
    private const string Others = "partner_queue_depth{instance_group=\"g0N\"NARROWED}";
    private const string Doubles = "process_cpu_utilization_ratio{instance_group=\"g00\"NARROWED}";
    private const string Many = "http_server_request_duration_seconds_bucket{le=~\"0.1|0.5|1\"NARROWED}";

    private const string Sums = "sum by (le) (rate(http_server_request_duration_seconds_bucket[5m]))";

    private static readonly string[] Needed = ["prometheus", "promtool"];

    private static readonly Asked[] Questions =
    [
        new("1 series x 24 h", One, 1, 24, 15, null, 1.0),
        new("1 series x 24 h, each time another of 6", Others, 1, 24, 15, null, 1.0),
        new("1 series x 24 h, doubles of 17 digits", Doubles, 1, 24, 15, null, 1.0),
        new("1 series x 24 h, chart", One, 1, 24, 15, 1000, 0.5),
        new("48 series x 6 h, chart", Many, 1, 6, 15, 1000, 0.7),
        new("48 series x 6 h", Many, 1, 6, 15, null, double.NaN),
        new("sum by (le) (rate) of 960 series x 1 h", Sums, 1, 1, 15, null, 1.5),
        new("1 series x 30 d to 1,000 points, chart", One, 2, 720, 2592, 1000, 0.3),
        new("1 series x 30 d to 1,000 points", One, 2, 720, 2592, null, double.NaN),
    ];

    /// <param name="Name">What it is called.</param>
    /// <param name="Query">PromQL; NARROWED is where our own label goes.</param>
    /// <param name="Source">The made-up service.</param>
    /// <param name="Hours">How far back.</param>
    /// <param name="Step">Seconds.</param>
    /// <param name="Points">Ask our chart endpoint for so many; null asks our query_range as Prometheus's.</param>
    /// <param name="Promised">At most so much of Prometheus's time; NaN when nothing is promised.</param>
    private sealed record Asked(string Name, string Query, int Source, int Hours, int Step, int? Points, double Promised);

    public static Command Make()
    {
        var runs = new Option<int>("--runs") { Description = "How often each question is asked.", DefaultValueFactory = _ => 50 };
        var warm = new Option<int>("--warm") { Description = "How often it is asked before.", DefaultValueFactory = _ => 150 };
        var hold = new Option<int>("--hold") { Description = "Seconds that the portal goes on afterwards, for a profiler." };
        var command = new Command("charts", "Charts of a day and a month beside a real Prometheus, on a made-up past: nothing is waited for. Fails when a promise is broken.") { runs, warm, hold };
        command.SetAction((parsed, cancel) => Benchmark.GuardAsync(() => RunAsync(parsed.GetValue(warm), parsed.GetValue(runs), TimeSpan.FromSeconds(parsed.GetValue(hold)), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(int warm, int runs, TimeSpan hold, CancellationToken cancel)
    {
        foreach (var program in Needed.Where(p => !StoreSizes.IsThere(p)))
            throw new CannotRun($"{program} is missing, so there is nothing to compare with. Debian: apt-get install --no-install-recommends prometheus");
        Machine.Describe();
        // Not a private folder: PostgreSQL may run as another user.
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "bench-charts-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataDirectory = Path.Combine(scratch, "portal"), BundledRoot = Environment.GetEnvironmentVariable("Portal__Postgres__Bundled") }, cancel);
            await Migrator.MigrateAsync(server.ConnectionString, cancel);
            var port = PortalProcess.FreePort();
            using var service = new SyntheticService(port, 6);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var serving = Task.Run(() => service.RunAsync(stop.Token), cancel);
            var end = await FillAsync(server.ConnectionString, scratch, port, cancel);
            await using (var portal = await PortalProcess.StartAsync(server.ConnectionString, Path.Combine(scratch, "portal"), "127.0.0.1/32", cancel))
            await using (var peer = await PeerPrometheus.StartAsync(PortalProcess.FreePort(), "scrape_configs: []\n", Path.Combine(scratch, "prometheus"), cancel))
            {
                var measured = Questions.Select(asked => new Measured(asked, end)).ToList();
                // In turn, so that whatever else the machine does meets all of them alike.
                for (var round = -warm; round < runs; round++)
                {
                    foreach (var one in measured)
                        await one.AskAsync(portal.Client, peer, round, cancel);
                }

                var good = measured.ConvertAll(m => m.Say()).TrueForAll(kept => kept);
                Machine.DescribeLoad("at the end");
                if (hold > TimeSpan.Zero)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The portal goes on at {portal.Client.Address} (token {PortalProcess.Token}), the past ends at {end}."));
                    await Task.Delay(hold, cancel);
                }

                await stop.CancelAsync();
                await serving;
                return good ? Benchmark.Good : Benchmark.TooSlow;
            }
        }
        catch (PostgresUnavailableException unavailable)
        {
            throw new CannotRun(unavailable.Message);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>Enters the sources at a portal, then gives them a past while it is stopped. Returns the last instant of that past, seconds since 1970.</summary>
    private static async Task<long> FillAsync(string connectionString, string scratch, int port, CancellationToken cancel)
    {
        var sources = new List<Guid>();
        await using (var portal = await PortalProcess.StartAsync(connectionString, Path.Combine(scratch, "portal"), "127.0.0.1/32", cancel))
        {
            await portal.Client.PostAsync("/api/v1/partners", """{"name":"bench","slug":"bench"}""", "application/json", cancel);
            foreach (var n in Enumerable.Range(1, 5))
            {
                var source = JsonSerializer.Serialize(new { name = $"s{n}", url = $"http://127.0.0.1:{port}/{n}", side = "partner", interval = "15s" });
                sources.Add((await portal.Client.PostAsync("/api/v1/partners/bench/metric-sources", source, "application/json", cancel)).GetProperty("id").GetGuid());
            }
        }

        var end = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 15_000 * 15_000;
        await using var database = NpgsqlDataSource.Create(connectionString);
        ChartHistory[] past =
        [
            ChartHistory.MadeUp(1, TimeSpan.FromHours(25), end, []),
            ChartHistory.MadeUp(2, TimeSpan.FromHours(721), end, ["dotnet_thread_pool_thread_count", "partner_queue_depth", "process_cpu_utilization_ratio"], 2),
            .. Enumerable.Range(3, 3).Select(seed => ChartHistory.MadeUp(seed, TimeSpan.FromHours(2), end, [])),
        ];
        foreach (var (source, history) in sources.Zip(past))
        {
            await history.FillAsync(database, source, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), cancel);
            await history.BackfillAsync(Directory.CreateDirectory(Path.Combine(scratch, "prometheus")).FullName, cancel);
        }

        while (await new MergeStore(database).MergeAsync(TimeProvider.System.GetUtcNow().AddHours(-2), 100, cancel) > 0)
        {
        }

        await using var tidy = database.CreateCommand("ANALYZE");
        await tidy.ExecuteNonQueryAsync(cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{past.Sum(p => (long)p.Series.Count * p.Rows.Count):N0} samples of {past.Sum(p => p.Series.Count)} series in both stores"));
        return end / 1000;
    }

    /// <summary>How long the portal and Prometheus took for a question.</summary>
    private sealed class Measured(Asked asked, long end)
    {
        private readonly Latencies _portal = new();
        private readonly Latencies _peer = new();
        private byte[] _answer = [];
        private byte[] _peers = [];

        /// <summary>Asks both; rounds below zero only warm up.</summary>
        public async Task AskAsync(PortalClient portal, PeerPrometheus peer, int round, CancellationToken cancel)
        {
            var started = end - asked.Hours * 3600L;
            var query = asked.Query.Replace("g0N", string.Create(CultureInfo.InvariantCulture, $"g0{Math.Abs(round) % 6}"), StringComparison.Ordinal);
            var narrowed = Uri.EscapeDataString(query.Replace("NARROWED", $",source=\"s{asked.Source}\"", StringComparison.Ordinal));
            var range = string.Create(CultureInfo.InvariantCulture, $"&start={started}&end={end}&step={asked.Step}");
            var ours = asked.Points is { } points
                ? string.Create(CultureInfo.InvariantCulture, $"/api/v1/partners/bench/metrics/range?query={narrowed}&from={started * 1000}&to={end * 1000}&points={points}")
                : "/prometheus/api/v1/query_range?query=" + narrowed + range;
            var theirs = "api/v1/query_range?query=" + Uri.EscapeDataString(query.Replace("NARROWED", $",partner=\"p{asked.Source:0000}\"", StringComparison.Ordinal)) + range;
            _answer = await (round < 0 ? new Latencies() : _portal).MeasureAsync(() => portal.GetAsync(ours, cancel));
            _peers = await (round < 0 ? new Latencies() : _peer).MeasureAsync(() => peer.GetAsync(theirs, cancel));
        }

        /// <summary>Writes the figures; false when a promise is broken.</summary>
        public bool Say()
        {
            var (mine, yours) = (Count(_answer), Count(_peers));
            _portal.Write(asked.Name + ": portal", string.Create(CultureInfo.InvariantCulture, $"{mine.Series} series, {mine.Points} points, {_answer.Length} bytes"));
            _peer.Write(asked.Name + ": Prometheus", string.Create(CultureInfo.InvariantCulture, $"{yours.Series} series, {yours.Points} points, {_peers.Length} bytes"));
            if (mine.Series != yours.Series || mine.Points == 0 || (asked.Points is null && mine.Points != yours.Points))
                throw new CannotRun("The portal and Prometheus do not answer the same: this is no comparison.");
            var ratio = _portal.Percentile(0.5) / _peer.Percentile(0.5);
            // Other work on the machine slows down some answers and not others; the fastest of both tell what is left without it.
            var fastest = _portal.Percentile(0) / _peer.Percentile(0);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  ratio {ratio:0.00}, of the fastest answers {fastest:0.00}{(double.IsNaN(asked.Promised) ? "" : $", promised {asked.Promised:0.0}")}{(ratio > asked.Promised ? ": TOO SLOW" : "")}"));
            return double.IsNaN(asked.Promised) || Goals.Keep($"{asked.Name} : Prometheus", asked.Promised, ratio);
        }
    }

    private static (int Series, int Points) Count(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        var root = json.RootElement;
        var series = (root.TryGetProperty("data", out var data) ? data.GetProperty("result") : root.GetProperty("series")).EnumerateArray().ToList();
        return (series.Count, series.Sum(s => (s.TryGetProperty("values", out var values) ? values : s.GetProperty("points")).GetArrayLength()));
    }
}
