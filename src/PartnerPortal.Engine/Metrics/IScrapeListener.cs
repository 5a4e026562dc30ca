using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Told after each scrape, good or failed, once its samples can be read. Runs on the line of that source: a listener that takes
/// long delays its next scrape and nobody else's. What it throws is logged.
/// </summary>
public interface IScrapeListener
{
    /// <summary>A source was scraped.</summary>
    /// <param name="source">Which one.</param>
    /// <param name="time">The instant of its new samples, milliseconds since 1970.</param>
    /// <param name="cancel">Ends because the portal stops or the source changed.</param>
    Task OnScrapedAsync(MetricSource source, long time, CancellationToken cancel);
}
