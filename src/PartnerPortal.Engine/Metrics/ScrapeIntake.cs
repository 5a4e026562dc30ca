using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Where a scrape goes: into memory, on its way into the log, and to whoever waits for it.</summary>
public sealed class ScrapeIntake(Heads heads, ScrapeLog log, IEnumerable<IScrapeListener> listeners, ILogger<ScrapeIntake> logger)
{
    private readonly IScrapeListener[] _listeners = [.. listeners];

    /// <summary>Takes a scrape and tells the listeners; when this returns they are done, and the log has it within a second.</summary>
    public async Task TakeAsync(MetricSource source, LoggedScrape scrape, CancellationToken cancel)
    {
        Keep(scrape);
        foreach (var listener in _listeners)
        {
            try
            {
                await listener.OnScrapedAsync(source, scrape.Row.Time, cancel);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                logger.LogError(e, "What follows a scrape of {Source} failed", source.Name);
            }
        }
    }

    /// <summary>Takes a scrape that nobody waits for.</summary>
    public void Keep(LoggedScrape scrape)
    {
        heads.Append(scrape.SourceId, scrape.Claim, scrape.Row);
        log.Add(scrape);
    }
}
