using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Makes the partitions that will be written soon and drops those of the log of which everything is sealed.</summary>
public sealed class PartitionModule(PartitionStore partitions, TimeProvider clock) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "partition metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await partitions.PrepareAsync(now, cancel);
        await partitions.DropSealedAsync(PartitionedTable.Scrapes, now, cancel);
        // A pushed sample may be an hour old and is then written into a partition that has ended.
        await partitions.DropSealedAsync(PartitionedTable.Pushes, now - 2 * PushedSamples.Latest, cancel);
    }
}

/// <summary>Merges the blocks of days that ended and writes their rollups, some at a time.</summary>
public sealed class MergeModule(MergeStore store, TimeProvider clock) : IEngineModule
{
    private const int AtOnce = 50;

    // The last window of a day is sealed a little later, pushed ones more than an hour later.
    private static readonly TimeSpan After = TimeSpan.FromHours(2);

    /// <inheritdoc/>
    public string Name => "merge metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (await store.MergeAsync(clock.GetUtcNow() - After, AtOnce, cancel) == AtOnce)
        {
        }
    }
}

/// <summary>Forgets samples and rollups that are older than they are kept, and series of which nothing is left.</summary>
public sealed class ForgetModule(PartitionStore partitions, SeriesStore series, Retention kept, TimeProvider clock) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "forget old metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await partitions.DropBeforeAsync(PartitionedTable.Blocks, now - kept.Raw, cancel);
        await partitions.DropBeforeAsync(PartitionedTable.FiveMinutes, now - kept.FiveMinutes, cancel);
        await partitions.DropBeforeAsync(PartitionedTable.Hours, now - kept.Hours, cancel);
        await series.ForgetAsync(now - kept.Hours, cancel);
    }
}
