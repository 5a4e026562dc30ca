using PartnerPortal.Data.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Seals full windows of the scrape log into blocks.</summary>
public sealed class SealModule(ScrapeLogStore log, TimeProvider clock) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "seal metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        // After a long rest a source may have several windows open.
        while (await log.SealAsync(clock.GetUtcNow(), cancel) > 0)
        {
        }
    }
}

/// <summary>Forgets samples that are older than they are kept.</summary>
public sealed class ForgetModule(ScrapeLogStore log, TimeProvider clock) : IEngineModule
{
    /// <summary>How long samples are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    /// <inheritdoc/>
    public string Name => "forget old metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => log.ForgetAsync(clock.GetUtcNow() - Kept, cancel);
}
