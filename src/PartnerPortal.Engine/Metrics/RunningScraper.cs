using PartnerPortal.Data.Metrics;

namespace PartnerPortal.Engine.Metrics;

/// <summary>A scraper at work, until it is disposed of.</summary>
internal sealed class RunningScraper : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;

    public RunningScraper(SourceScraper scraper, bool atOnce, Func<PartnerClaim?> claim)
    {
        Scraper = scraper;
        _task = Task.Run(() => scraper.RunAsync(atOnce, claim, _stop.Token));
    }

    public SourceScraper Scraper { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _task;
        _stop.Dispose();
    }
}
