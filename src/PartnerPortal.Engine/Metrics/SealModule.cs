using PartnerPortal.Data.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Seals the windows that ended, of the partners that this portal scrapes, and lets their scrapes out of memory.</summary>
public sealed class SealModule(SealStore store, PartnerClaims claims, ScrapeLog log, Heads heads, TimeProvider clock) : IEngineModule
{
    private const int MostPasses = 200;
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "seal metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        // A log with gaps takes one pass per stretch without a gap.
        for (var pass = 0; pass < MostPasses && await PassAsync(pass == 0, cancel); pass++)
        {
        }
    }

    private async Task<bool> PassAsync(bool first, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var due = (await store.OpenScrapesAsync([.. claims.Held], cancel)).Where(o => EndOf(o, o.From) + WaitOf(o) <= now).ToList();
        if (due.Count > 0 && first)
        {
            // What was scraped in these windows must stand in the log before they are closed.
            await log.FlushAsync(cancel);
        }

        foreach (var open in due)
        {
            for (var end = EndOf(open, open.From); end + WaitOf(open) <= now && await SealAsync(open.SourceId, end, now, cancel); end = EndOf(open, end))
            {
            }
        }

        return due.Count > 0;
    }

    /// <summary>Seals a window, a large one in pieces. False when it was empty: the next one that is not comes with the next pass.</summary>
    private async Task<bool> SealAsync(Guid source, long end, long now, CancellationToken cancel)
    {
        var any = false;
        while (await store.SealScrapesAsync(source, end, cancel) is { } to)
        {
            heads.Find(source)?.Trim(to, now - (long)Heads.Kept.TotalMilliseconds);
            any = true;
        }

        return any;
    }

    private static long EndOf(OpenLog open, long at) => SealStore.EndOf(at, SealStore.WindowOf(open.Interval));

    /// <summary>A scrape may arrive an interval after it began; beyond that sources are spread, so that they are not all sealed at once.</summary>
    private static long WaitOf(OpenLog open) =>
        (long)(open.Interval + Slack + Pace.Of(open.SourceId, SealStore.WindowOf(open.Interval) / 8).Offset).TotalMilliseconds;
}

/// <summary>Seals pushed samples once none can arrive any more for a window.</summary>
public sealed class SealPushesModule(SealStore store, TimeProvider clock) : IEngineModule
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => "seal pushed metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        var closed = (clock.GetUtcNow() - PushedSamples.Latest - Slack).ToUnixTimeMilliseconds();
        foreach (var open in await store.OpenPushesAsync(cancel))
        {
            for (var end = SealStore.EndOf(open.From, SealStore.LongestWindow); end <= closed; end += (long)SealStore.LongestWindow.TotalMilliseconds)
            {
                while (await store.SealPushesAsync(open.SourceId, end, cancel) is not null)
                {
                }
            }
        }
    }
}
