using System.Globalization;
using System.Runtime.InteropServices;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>Says on what machine, when and beside how much other work the figures were taken.</summary>
internal static class Machine
{
    public static void Describe()
    {
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Console.WriteLine($"{today} UTC, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        DescribeLoad("at the start");
    }

    /// <summary>The average number of running programs in the last minute; only Linux tells.</summary>
    public static void DescribeLoad(string when)
    {
        const string source = "/proc/loadavg";
        if (File.Exists(source) && double.TryParse(File.ReadAllText(source).Split(' ')[0], CultureInfo.InvariantCulture, out var load))
        {
            var busy = load > Environment.ProcessorCount ? "; more than there are cores, so the figures may be too high" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load {when}: {load:0.0} (this benchmark and its portal included){busy}"));
        }
    }
}
