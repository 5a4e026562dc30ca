using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Web.Metrics;

/// <summary>One metric of a chart while somebody picks it.</summary>
public sealed class LinePick
{
    public string? Metric { get; set; }
    public Dictionary<string, string> Labels { get; } = [];
    /// <summary>An expression instead of a metric.</summary>
    public string? Query { get; init; }
    public double Quantile { get; set; } = 0.95;

    /// <summary>The pick that made a saved line.</summary>
    public static LinePick Of(ChartLine line)
    {
        var pick = new LinePick { Metric = line.Metric, Quantile = line.Quantile, Query = line.Query };
        foreach (var (name, value) in line.Labels ?? new Dictionary<string, string>())
        {
            pick.Labels[name] = value;
        }

        return pick;
    }

    /// <summary>The line as it is saved.</summary>
    public ChartLine Line() => new(Metric ?? "", Labels.Count == 0 ? null : new Dictionary<string, string>(Labels), Quantile, Query);
}
