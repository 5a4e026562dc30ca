using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Web.Metrics;

/// <summary>The first charts of an integration: calls, time to answer, and whether the sources answer at all.</summary>
public static class ChartSuggestions
{
    private static readonly string[] Calls = ["request", "call", "message", "purchase", "payment", "job"];
    private static readonly string[] Times = ["duration", "latency", "seconds"];

    /// <summary>At most six charts of the metrics that exist.</summary>
    public static IReadOnlyList<ChartDraft> For(IReadOnlyList<KnownMetric> metrics) =>
    [
        .. Likely(metrics, MetricType.Counter, Calls).Take(2).Select(m => new ChartDraft(Title(m), [new ChartLine(m.Name)])),
        .. Likely(metrics, MetricType.Histogram, Times).Take(2).Select(m => new ChartDraft(Title(m), [new ChartLine(m.Name)])),
        .. metrics.Where(m => m.Name == "up").Select(_ => new ChartDraft("Do the sources answer?", [new ChartLine("up")])),
    ];

    private static IEnumerable<KnownMetric> Likely(IReadOnlyList<KnownMetric> metrics, MetricType type, string[] words) => metrics
        .Where(m => m.Type == type && !m.Name.StartsWith("scrape_", StringComparison.Ordinal) && !m.Name.EndsWith("_sum", StringComparison.Ordinal) && !m.Name.EndsWith("_count", StringComparison.Ordinal))
        .Select(m => (Metric: m, Rank: Array.FindIndex(words, w => m.Name.Contains(w, StringComparison.Ordinal))))
        .Where(m => m.Rank >= 0)
        .OrderBy(m => m.Rank).ThenBy(m => m.Metric.Name.Length)
        .Select(m => m.Metric);

    /// <summary>The first words of what a service says about its metric, or its name.</summary>
    private static string Title(KnownMetric metric)
    {
        var help = metric.Help.Split('.', '\n')[0].Trim();
        return help.Length is > 3 and <= 70 ? help : metric.Name.Replace('_', ' ');
    }
}
