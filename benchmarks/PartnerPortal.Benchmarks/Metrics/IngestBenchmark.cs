using System.CommandLine;
using System.Globalization;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>Scrapes 200 made-up services of 500 series a second, in turn by the portal and by a Prometheus, and compares what a sample costs.</summary>
internal static class IngestBenchmark
{
    private const double GoalSpinning = 0.60;
    private const double Goal = 0.45;
    private const double MemoryGoal = 3;
    private const string Ours = "the portal";

    public static Command Make()
    {
        var targets = new Option<int>("--targets") { Description = "Services of 500 series each.", DefaultValueFactory = _ => 200 };
        var pairs = new Option<int>("--pairs") { Description = "How often both are measured.", DefaultValueFactory = _ => 3 };
        var warm = new Option<int>("--warm") { Description = "Seconds before each measurement; compilation takes most of a minute.", DefaultValueFactory = _ => 60 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 30 };
        var spin = new Option<bool>("--spin") { Description = "Let the portal's idle threads spin as .NET does it by itself." };
        var alone = new Option<bool>("--alone") { Description = "Measure the portal only." };
        var command = new Command("ingest", "Compares the processor time of a scraped sample with Prometheus's: all processes, the portal's PostgreSQL included. Linux only.") { targets, pairs, warm, seconds, spin, alone };
        command.SetAction((parsed, cancel) => Benchmark.GuardAsync(() => RunAsync(
            parsed.GetValue(targets), parsed.GetValue(pairs), TimeSpan.FromSeconds(parsed.GetValue(warm)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(spin), parsed.GetValue(alone), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(int count, int pairs, TimeSpan warm, TimeSpan window, bool spin, bool alone, CancellationToken cancel)
    {
        var peer = alone ? null : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "prometheus")).FirstOrDefault(File.Exists);
        if (peer is null && !alone)
            Console.WriteLine("prometheus is missing (apt-get install prometheus): the portal is measured alone.");
        Machine.Describe();
        using var targets = new IngestTargets(count);
        Console.WriteLine($"{count} services, {targets.SeriesPerTarget} series each, one page a second; spinning {(spin ? "as .NET does it" : "switched off, as the portal ships")}");
        List<double> ratios = [];
        for (var pair = 1; pair <= pairs; pair++)
        {
            var theirs = peer is null ? double.NaN : await MeasureAsync("Prometheus", IngestEngine.Prometheus(peer, targets), targets, warm, window, cancel);
            var ours = await MeasureAsync(Ours, await IngestEngine.PortalAsync(targets, spin, cancel), targets, warm, window, cancel);
            ratios.Add(ours / theirs);
        }

        ratios.Sort();
        var median = ratios[ratios.Count / 2];
        var goal = spin ? GoalSpinning : Goal;
        Machine.DescribeLoad("at the end");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio, median of {pairs}: {median:0.00} (goal {goal:0.00}; all: {string.Join(" ", ratios.Select(r => r.ToString("0.00", CultureInfo.InvariantCulture)))})"));
        if (!double.IsNaN(median))
            Goals.Keep($"CPU of a scraped sample{(spin ? ", threads spinning" : "")} : Prometheus", goal, median);
        return double.IsNaN(median) || median <= goal * 1.15 ? Benchmark.Good : Benchmark.TooSlow;
    }

    /// <summary>Processor seconds per million samples.</summary>
    private static async Task<double> MeasureAsync(string name, IngestEngine engine, IngestTargets targets, TimeSpan warm, TimeSpan window, CancellationToken cancel)
    {
        await using (engine)
        {
            await Task.Delay(warm, cancel);
            var roots = engine.Roots.ToList();
            var (cpu, database, answered) = (ProcessTree.CpuSeconds(roots), ProcessTree.CpuSeconds(roots.Skip(1)), targets.Answered);
            await Task.Delay(window, cancel);
            (cpu, database, answered) = (ProcessTree.CpuSeconds(roots) - cpu, ProcessTree.CpuSeconds(roots.Skip(1)) - database, targets.Answered - answered);
            var samples = answered * targets.SeriesPerTarget;
            var series = targets.Count * targets.SeriesPerTarget;
            var cost = cpu / samples * 1e6;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {cost:0.00} CPU s per million samples ({database / samples * 1e6:0.00} of it PostgreSQL), {samples / window.TotalSeconds:0} samples/s ({100.0 * answered / (window.TotalSeconds * targets.Count):0} % of due), {ProcessTree.Memory(roots) / 1024.0 / 1024:0} MB ({ProcessTree.Memory(roots.Skip(1)) / 1024.0 / 1024:0} of it PostgreSQL) = {ProcessTree.Memory(roots) / (double)series / 1024:0.0} KB a series"));
            if (name == Ours)
                Goals.Keep("memory of an active series, everything, kilobytes", MemoryGoal, ProcessTree.Memory(roots) / (double)series / 1024, "KB");
            return cost;
        }
    }
}
