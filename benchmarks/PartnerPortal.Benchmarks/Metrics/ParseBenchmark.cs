using System.CommandLine;
using System.Globalization;
using System.Text;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>How long a sample takes from the bytes of a page to a number, on one thread: made-up pages, and recorded ones if a folder is named.</summary>
internal static class ParseBenchmark
{
    private const int Targets = 200;
    private const int Pages = 3;
    private const int Rounds = 15;

    // The compiler looks at what is hot before it does its best, and on a busy machine that takes a while.
    private const int Warming = 40;
    private const double Promise = 40;

    public static Command Make()
    {
        var folder = new Option<string?>("--recording") { Description = "A folder that bench record made; its pages are read as well." };
        var command = new Command("parse", "Reads pages of metrics whose layout does not change; fails when a made-up sample takes more than 40 ns.") { folder };
        command.SetAction((parsed, _) => Benchmark.GuardAsync(() =>
        {
            Machine.Describe();
            var made = Enumerable.Range(0, Targets).Select(seed => PagesOf(new SyntheticTarget(seed))).ToList();
            var fast = Measure("made up, layout known", made, forget: false);
            Measure("made up, first page of a source", made, forget: true);
            if (parsed.GetValue(folder) is { } recorded)
            {
                foreach (var source in Recording.Open(recorded))
                    Measure($"recorded {source.Name}", [source.Pages().Select(p => p.Page).ToList()], forget: false);
            }

            Machine.DescribeLoad("at the end");
            return Task.FromResult(Goals.Keep("parser, nanoseconds a sample on a known layout", Promise, fast, "ns") ? Benchmark.Good : Benchmark.TooSlow);
        }));
        return command;
    }

    private static List<byte[]> PagesOf(SyntheticTarget target) => Enumerable.Range(0, Pages).Select(_ =>
    {
        var page = new StringBuilder();
        target.Step(15);
        target.Write(page);
        return Encoding.UTF8.GetBytes(page.ToString());
    }).ToList();

    private static double Measure(string name, List<List<byte[]>> targets, bool forget)
    {
        var caches = targets.ConvertAll(_ => new SeriesCache());
        var times = new List<double>();
        var warming = forget ? 2 : Warming;
        long bytes = 0, samples = 0, allocated = 0;
        for (var round = 0; round < Rounds + warming; round++)
        {
            (bytes, samples) = (0, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            // The processor's time, not the clock's: other programs on the machine would count as ours.
            var started = Environment.CpuUsage.TotalTime;
            for (var page = 0; page < targets[0].Count; page++)
            {
                for (var target = 0; target < targets.Count; target++)
                {
                    var read = ExpositionParser.Parse(targets[target][page], ExpositionFormat.PrometheusText, series: forget ? new SeriesCache() : caches[target]);
                    samples += read.Values.Length;
                    bytes += read.Bytes;
                }
            }

            if (round >= warming)
                times.Add((Environment.CpuUsage.TotalTime - started).TotalNanoseconds / samples);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        times.Sort();
        var median = times[times.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {median:0.0} ns a sample (fastest {times[0]:0.0}), {bytes / (median * samples) * 1000:0} MB/s, {bytes / (double)samples:0} bytes a sample, {allocated / (double)samples:0.0} bytes allocated a sample"));
        return median;
    }
}
