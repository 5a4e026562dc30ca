namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>What one scrape found.</summary>
public sealed class ExpositionPage
{
    internal ExpositionPage(ExpositionFormat format) => Format = format;

    /// <summary>The format that was read.</summary>
    public ExpositionFormat Format { get; }

    /// <summary>The samples in the order of the page.</summary>
    public List<ExpositionSample> Samples { get; } = [];

    /// <summary>The announced metrics by name.</summary>
    public Dictionary<string, MetricFamily> Families { get; } = new(StringComparer.Ordinal);

    /// <summary>Lines that repeated an earlier series and were left out.</summary>
    public int Duplicates { get; internal set; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Lines that were read.</summary>
    public int Lines { get; internal set; }

    internal MetricFamily Describe(string name) =>
        Families.TryGetValue(name, out var family) ? family : new MetricFamily(name, MetricType.Unknown, "", "");
}
