using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>
/// Bytes per sample on disk, indexes included: the synthetic day against Prometheus (promise 0.42), recordings of real services
/// against VictoriaMetrics (promise 1.0), which keeps about 13 digits while we keep every bit. What is not installed is named.
/// </summary>
internal static class SizeBenchmark
{
    private static readonly (string Program, string Package)[] Peers = [("promtool", "prometheus"), ("victoria-metrics", "victoria-metrics")];

    public static Command Make()
    {
        var folder = new Option<string?>("--recording") { Description = "A folder that bench record made." };
        var targets = new Option<int>("--targets") { Description = "Made-up services in the synthetic day.", DefaultValueFactory = _ => 2 };
        var command = new Command("size", "Bytes per sample on disk beside Prometheus and VictoriaMetrics; fails when a promise is broken.") { folder, targets };
        command.SetAction((parsed, cancel) => Benchmark.GuardAsync(() => RunAsync(parsed.GetValue(folder), parsed.GetValue(targets), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string? folder, int targets, CancellationToken cancel)
    {
        Machine.Describe();
        foreach (var (program, package) in Peers.Where(p => !StoreSizes.IsThere(p.Program)))
            Console.WriteLine($"{program} is missing, so it is not measured. Debian: apt-get install {package}");
        var recordings = folder is null ? [] : Recording.Open(folder);
        // Not a private folder: PostgreSQL may run as another user.
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "bench-size-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataDirectory = Path.Combine(scratch, "portal"), BundledRoot = Environment.GetEnvironmentVariable("Portal__Postgres__Bundled") }, cancel);
            await Migrator.MigrateAsync(server.ConnectionString, cancel);
            await using var database = NpgsqlDataSource.Create(server.ConnectionString);
            var today = TimeProvider.System.GetUtcNow();
            var good = await MeasureAsync($"synthetic day, {targets} services", [.. Enumerable.Range(1, targets).Select(seed => MeasuredTarget.MadeUp(seed, today))], 0.42, null, database, scratch, cancel);
            var recorded = recordings.ConvertAll(MeasuredTarget.Of);
            // A portal keeps all its sources in one store, and so do the others: alone, a short recording is mostly the first pages of every table.
            foreach (var (recording, target) in recordings.Zip(recorded))
                good &= await MeasureAsync($"recorded {recording.Name}{(recorded.Count > 1 ? ", alone" : "")}", [target], null, recorded.Count > 1 ? null : 1.0, database, scratch, cancel);
            if (recorded.Count > 1)
                good &= await MeasureAsync("all recorded services in one store", recorded, null, 1.0, database, scratch, cancel);
            Machine.DescribeLoad("at the end");
            return good ? Benchmark.Good : Benchmark.TooSlow;
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

    private static async Task<bool> MeasureAsync(
        string name, IReadOnlyList<MeasuredTarget> targets, double? ofPrometheus, double? ofVictoria, NpgsqlDataSource database, string scratch, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        var samples = (double)targets.Sum(t => t.Samples);
        var space = Directory.CreateDirectory(Path.Combine(scratch, Guid.NewGuid().ToString("N"))).FullName;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {targets.Sum(t => t.Series.Count)} series, {samples:N0} samples"));
        var ours = await StoreSizes.PortalAsync(database, targets, cancel);
        var portal = (ours.Samples + ours.Series) / samples;
        Say("portal, in PostgreSQL", portal, $"blocks {ours.Samples / samples:0.000}, series {ours.Series / samples:0.000}; beside it rollups {ours.Rollups / samples:0.000}");
        var good = true;
        if (StoreSizes.IsThere("promtool"))
            good &= Compare(name, "Prometheus", portal, await StoreSizes.PrometheusAsync(targets, space, cancel) / samples, ofPrometheus);
        if (StoreSizes.IsThere("victoria-metrics"))
            good &= Compare(name, "VictoriaMetrics", portal, await StoreSizes.VictoriaAsync(targets, space, http, cancel) / samples, ofVictoria);
        Directory.Delete(space, recursive: true);
        return good;
    }

    private static bool Compare(string name, string peer, double portal, double theirs, double? promise)
    {
        var ratio = portal / theirs;
        Say(peer, theirs, string.Create(CultureInfo.InvariantCulture, $"the portal takes {ratio:0.00} of it{(promise is { } most ? $", promise {most:0.00}" : "")}"));
        return promise is not { } goal || Goals.Keep($"bytes a sample, {name} : {peer}", goal, ratio);
    }

    private static void Say(string store, double bytes, FormattableString more) => Say(store, bytes, more.ToString(CultureInfo.InvariantCulture));

    private static void Say(string store, double bytes, string more) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {store,-22} {bytes:0.000} bytes a sample ({more})"));
}
