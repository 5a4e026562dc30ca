using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>What somebody types about a metric source, before rules look at it.</summary>
public sealed class SourceForm
{
    public string? Name { get; set; }
    public string? Url { get; set; }
    public SourceSide Side { get; set; }
    public string? Interval { get; set; } = "15s";
    public string? Timeout { get; set; }
    public SourceFormat Format { get; set; }

    /// <summary>How JSON becomes metrics.</summary>
    public string? Mapping { get; set; }

    /// <summary>Headers typed now; those that are stored are never shown again.</summary>
    public List<HeaderLine> Headers { get; } = [];

    /// <summary>Names of stored headers that stay as they are.</summary>
    public IReadOnlyList<string> Kept { get; set; } = [];

    /// <summary>The form filled with what is stored.</summary>
    public static SourceForm Of(MetricSource source) => new()
    {
        Name = source.Name,
        Url = source.Url,
        Side = source.Side,
        Interval = PromDuration.Show(source.Interval),
        Timeout = PromDuration.Show(source.Timeout),
        Format = source.Format,
        Mapping = source.Mapping,
        Kept = source.HeaderNames,
    };

    /// <summary>The form as the rules take it. Stored headers stay unless they are to be replaced.</summary>
    public SourceDraft Draft() => new(
        Name ?? "", Url?.Trim() ?? "", Words.Of(Side), Interval, Timeout, Words.Of(Format),
        Kept.Count > 0 ? null : Headers.Where(h => !h.IsEmpty).GroupBy(h => h.Name?.Trim() ?? "").ToDictionary(h => h.Key, h => h.Last().Value ?? ""),
        Mapping ?? "");
}

/// <summary>One header as it is typed.</summary>
public sealed class HeaderLine
{
    public string? Name { get; set; }
    public string? Value { get; set; }
    public bool IsEmpty => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Value);
}
