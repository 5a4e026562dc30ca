namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>What kind of thing a metric measures; the words are those of the formats.</summary>
public enum MetricType
{
    /// <summary>Nothing was said (also <c>untyped</c>).</summary>
    Unknown,

    /// <summary>Only grows, except when its process restarts.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts observations in cumulative buckets.</summary>
    Histogram,

    /// <summary>Quantiles computed by the service itself.</summary>
    Summary,

    /// <summary>Always 1; the labels carry the news.</summary>
    Info,

    /// <summary>One of several named states.</summary>
    StateSet,

    /// <summary>A histogram whose buckets go up and down.</summary>
    GaugeHistogram,
}

/// <summary>A metric as its service describes it: the name it announced, type, help and unit.</summary>
public sealed record MetricFamily(string Name, MetricType Type, string Help, string Unit)
{
    private static readonly (string Suffix, MetricType[] Types, MetricType Meaning)[] _suffixes =
    [
        ("_total", [MetricType.Counter], MetricType.Counter),
        ("_bucket", [MetricType.Histogram, MetricType.GaugeHistogram], MetricType.Histogram),
        ("_sum", [MetricType.Histogram, MetricType.Summary], MetricType.Counter),
        ("_count", [MetricType.Histogram, MetricType.Summary], MetricType.Counter),
        ("_gsum", [MetricType.GaugeHistogram], MetricType.Gauge),
        ("_gcount", [MetricType.GaugeHistogram], MetricType.Gauge),
        ("_created", [MetricType.Counter, MetricType.Histogram, MetricType.Summary], MetricType.Gauge),
        ("_info", [MetricType.Info], MetricType.Info),
    ];

    /// <summary>
    /// The family that a series of this name belongs to and how one such series behaves: <c>x_bucket</c> of a histogram is
    /// a histogram, its <c>x_sum</c> and <c>x_count</c> are counters. Null when no family was announced.
    /// </summary>
    public static (MetricFamily Family, MetricType Behaves)? Of(string metricName, Func<string, MetricFamily?> find)
    {
        if (find(metricName) is { } exact)
            return (exact, exact.Type);
        foreach (var (suffix, types, meaning) in _suffixes)
        {
            if (metricName.EndsWith(suffix, StringComparison.Ordinal)
                && find(metricName[..^suffix.Length]) is { } family && types.Contains(family.Type))
                return (family, meaning == MetricType.Histogram ? family.Type : meaning);
        }
        return null;
    }
}
