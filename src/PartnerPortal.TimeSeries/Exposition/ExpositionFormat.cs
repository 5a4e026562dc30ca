namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>The two text formats that are read.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0 (0.0.1 is read by the same rules).</summary>
    OpenMetrics,
}

/// <summary>Which format an answer's content type announces.</summary>
public static class ContentType
{
    /// <summary>What a scraper asks for: OpenMetrics first, then Prometheus text, as Prometheus itself asks.</summary>
    public const string Accept =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    /// <summary>
    /// The format of an answer, or a refusal that names the type. No content type at all is read as Prometheus text,
    /// as Prometheus 2 does.
    /// </summary>
    public static ExpositionFormat Read(string? contentType)
    {
        var (type, version) = Split(contentType);
        switch (type)
        {
            case "":
                return ExpositionFormat.PrometheusText;
            case "text/plain" when version is "" or "0.0.4" or "1.0.0":
                return ExpositionFormat.PrometheusText;
            case "text/plain":
                throw new ExpositionRefused($"The service answered text/plain version {version}; version 0.0.4 is read.");
            case "application/openmetrics-text" when version is "" or "0.0.1" or "1.0.0":
                return ExpositionFormat.OpenMetrics;
            case "application/openmetrics-text":
                throw new ExpositionRefused($"The service answered OpenMetrics version {version}; versions 1.0.0 and 0.0.1 are read.");
            case "text/html" or "application/xhtml+xml":
                throw new ExpositionRefused($"The service answered {type}, a web page. Is this the address of its metrics?");
            case var _ when IsJson(type):
                throw new ExpositionRefused($"The service answered {Shown(type)}. JSON needs a mapping from its fields to metrics, and this source has none.");
            case "application/vnd.google.protobuf":
                throw new ExpositionRefused("The service answered application/vnd.google.protobuf. Protobuf is not read; Prometheus text and OpenMetrics are.");
            default:
                throw new ExpositionRefused($"The service answered {Shown(type)}, which is not a metrics format. Prometheus text and OpenMetrics are read.");
        }
    }

    /// <summary>Whether an answer is JSON, which is read through a mapping (<see cref="JsonPage"/>).</summary>
    public static bool IsJson(string? contentType) =>
        Split(contentType).Type is "application/json" or "text/json" or ['a', .., '+', 'j', 's', 'o', 'n'];

    private static (string Type, string Version) Split(string? contentType)
    {
        var parts = (contentType ?? "").Split(';', StringSplitOptions.TrimEntries);
        var version = "";
        foreach (var part in parts.AsSpan(1))
        {
            if (part.StartsWith("version=", StringComparison.OrdinalIgnoreCase))
                version = part["version=".Length..].Trim(' ', '"');
        }
        return (parts[0].ToLowerInvariant(), version);
    }

    private static string Shown(string type) => type.Length <= 100 ? type : string.Concat(type.AsSpan(0, 100), "…");
}
