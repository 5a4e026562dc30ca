using System.Globalization;

namespace PartnerPortal.Torture.Escalation;

/// <summary>Lengths of time in seconds: how late steps were carried out, how long starts took.</summary>
internal sealed class Lateness(IEnumerable<double> seconds)
{
    private readonly List<double> _sorted = [.. seconds.Order()];

    public int Count => _sorted.Count;

    /// <summary>The smallest value that so large a part does not exceed (nearest rank); nothing: 0.</summary>
    public double Percentile(double part) => _sorted.Count == 0 ? 0 : _sorted[Math.Clamp((int)Math.Ceiling(part * _sorted.Count) - 1, 0, _sorted.Count - 1)];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"n {Count}, p50 {Percentile(0.5):0.00} s, p95 {Percentile(0.95):0.00} s, p99 {Percentile(0.99):0.00} s, max {Percentile(1):0.00} s");
}
