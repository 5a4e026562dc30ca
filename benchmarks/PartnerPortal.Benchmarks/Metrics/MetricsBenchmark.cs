using System.CommandLine;
using System.Globalization;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>Every promise about metrics, one benchmark after the other, each with what it needs started by itself; then one table, and what was missing.</summary>
internal static class MetricsBenchmark
{
    private static readonly (string Program, string Package, string Without)[] Peers =
    [
        ("prometheus", "prometheus", "charts, queries and ingest are not compared"),
        ("promtool", "prometheus", "the size of Prometheus's blocks is not measured and its past cannot be made up"),
        ("victoria-metrics", "victoria-metrics", "the size of recordings is not compared"),
    ];

    public static Command Make(RootCommand root)
    {
        var folder = new Option<string?>("--recording") { Description = "A folder that bench record made." };
        var pairs = new Option<int>("--pairs") { Description = "How often ingest measures both.", DefaultValueFactory = _ => 1 };
        var command = new Command("metrics", "Runs what is promised about metrics, about five minutes: parse, size, charts, rules, ingest. Starts its own portals. Fails when a promise is broken.") { folder, pairs };
        command.SetAction(async (parsed, cancel) =>
        {
            List<string> missing = [.. Peers.Where(p => !StoreSizes.IsThere(p.Program)).Select(p => $"{p.Program}: {p.Without}. Debian: apt-get install --no-install-recommends {p.Package}")];
            string[] recorded = parsed.GetValue(folder) is { } at ? ["--recording", at] : [];
            if (recorded.Length == 0)
                missing.Add("a recording of real services: bytes a sample beside VictoriaMetrics are not measured. ./portal bench record --url …, then --recording artifacts/recordings");
            string[][] all = [["parse", .. recorded], ["size", .. recorded], ["charts"], ["ingest", "--pairs", parsed.GetValue(pairs).ToString(CultureInfo.InvariantCulture)]];
            foreach (var one in all)
            {
                await TryAsync(one[0], missing, () => root.Parse(one).InvokeAsync(cancellationToken: cancel));
                if (one[0] == "charts")
                    await TryAsync("rules", missing, () => Benchmark.GuardAsync(() => RulesAsync(cancel)));
            }

            var good = Goals.Write();
            foreach (var sentence in missing)
                Console.WriteLine("MISSING " + sentence);
            return !good ? Benchmark.TooSlow : missing.Count > 0 ? Benchmark.CouldNotRun : Benchmark.Good;
        });
        return command;
    }

    private static async Task TryAsync(string name, List<string> missing, Func<Task<int>> run)
    {
        Console.WriteLine($"\n== {name}");
        var before = Goals.Count;
        if (await run() == Benchmark.CouldNotRun && Goals.Count == before)
            missing.Add($"{name} could not run; it says why above.");
    }

    private static async Task<int> RulesAsync(CancellationToken cancel)
    {
        // Not a private folder: PostgreSQL may run as another user.
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "bench-rules-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataDirectory = scratch, BundledRoot = Environment.GetEnvironmentVariable("Portal__Postgres__Bundled") }, cancel);
            await using var portal = await PortalProcess.StartAsync(server.ConnectionString, scratch, "127.0.0.1/32", cancel);
            Machine.Describe();
            return await RuleBenchmark.RunAsync(portal.Client, cancel);
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
}
