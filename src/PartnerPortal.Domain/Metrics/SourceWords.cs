namespace PartnerPortal.Domain.Metrics;

/// <summary>Whose count of the traffic a source shows.</summary>
public enum SourceSide
{
    /// <summary>The partner's own metrics service: theirs.</summary>
    Partner,

    /// <summary>What we counted where we talk to the partner: ours.</summary>
    Ours,
}

/// <summary>How a source's pages are read.</summary>
public enum SourceFormat
{
    /// <summary>As the answer's content type says.</summary>
    Auto,

    /// <summary>Prometheus text 0.0.4.</summary>
    Prometheus,

    /// <summary>OpenMetrics 1.0.</summary>
    Openmetrics,

    /// <summary>JSON; it needs a mapping from fields to metrics.</summary>
    Json,

    /// <summary>Not pages but answers of an existing Prometheus to instant queries; it needs expressions.</summary>
    PrometheusApi,
}

/// <summary>How a source is doing.</summary>
public enum SourceState
{
    /// <summary>It was not scraped yet.</summary>
    Waiting,

    /// <summary>The last scrape succeeded.</summary>
    Up,

    /// <summary>The last scrape failed.</summary>
    Down,

    /// <summary>A person stopped scraping.</summary>
    Paused,
}
