using System.Globalization;
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

    /// <summary>What an existing Prometheus is asked: lines of name = expression.</summary>
    public string? Queries { get; set; }

    /// <summary>What one scrape may bring at most, as typed.</summary>
    public LimitsForm Limits { get; private init; } = LimitsForm.Of(SourceLimits.Default);

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
        Queries = string.Join('\n', source.Queries.Select(q => $"{q.Key} = {q.Value.ReplaceLineEndings(" ")}")),
        Limits = LimitsForm.Of(source.Limits),
        Kept = source.HeaderNames,
    };

    /// <summary>The form as the rules take it. Stored headers stay unless they are to be replaced.</summary>
    public SourceDraft Draft() => new(
        Name ?? "", Url?.Trim() ?? "", Words.Of(Side), Interval, Timeout, Words.Of(Format),
        Kept.Count > 0 ? null : Headers.Where(h => !h.IsEmpty).GroupBy(h => h.Name?.Trim() ?? "").ToDictionary(h => h.Key, h => h.Last().Value ?? ""),
        Mapping ?? "", Limits.Draft(), QueryLines());

    private Dictionary<string, string> QueryLines()
    {
        var queries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (Queries ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (!queries.TryAdd(parts[0], parts.Length > 1 ? parts[1] : ""))
            {
                throw new FieldsRefused("queries", $"{parts[0]} is given twice. Each expression needs a name of its own.");
            }
        }

        return queries;
    }
}

/// <summary>The limits of a source as they are typed; empty means the default.</summary>
public sealed class LimitsForm
{
    public string? BodyBytes { get; set; }
    public string? Samples { get; set; }
    public string? Labels { get; set; }
    public string? NameBytes { get; set; }
    public string? ValueBytes { get; set; }

    /// <summary>The form filled with what is stored.</summary>
    public static LimitsForm Of(SourceLimits limits) => new()
    {
        BodyBytes = Show(limits.BodyBytes),
        Samples = Show(limits.Samples),
        Labels = Show(limits.Labels),
        NameBytes = Show(limits.NameBytes),
        ValueBytes = Show(limits.ValueBytes),
    };

    /// <summary>The form as the rules take it; what is no number is refused as too small.</summary>
    public LimitsDraft Draft()
    {
        var normal = SourceLimits.Default;
        return new(Read(BodyBytes, normal.BodyBytes), Read(Samples, normal.Samples), Read(Labels, normal.Labels), Read(NameBytes, normal.NameBytes), Read(ValueBytes, normal.ValueBytes));
    }

    private static string Show(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Read(string? text, int normal) =>
        string.IsNullOrWhiteSpace(text) ? normal : int.TryParse(text.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>One header as it is typed.</summary>
public sealed class HeaderLine
{
    public string? Name { get; set; }
    public string? Value { get; set; }
    public bool IsEmpty => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Value);
}
