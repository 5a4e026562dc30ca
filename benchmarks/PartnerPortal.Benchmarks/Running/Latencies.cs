using System.Diagnostics;
using System.Globalization;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>How long the answers took, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> _all = [];

    public async Task<T> MeasureAsync<T>(Func<Task<T>> ask)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await ask();
        _all.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return answer;
    }

    public void Add(double milliseconds) => _all.Add(milliseconds);

    public void Add(Latencies other) => _all.AddRange(other._all);

    /// <summary>The smallest measured time that so large a part of the answers did not exceed (nearest rank).</summary>
    public double Percentile(double part)
    {
        var sorted = _all.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    public void Write(string name, string note = "") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-34} p50 {Percentile(0.5),7:0.0} ms   p95 {Percentile(0.95),7:0.0} ms   max {Percentile(1),7:0.0} ms   n {_all.Count,4}   {note}").TrimEnd());
}
