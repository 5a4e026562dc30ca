using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Reviews;

/// <summary>
/// Compares what both sides agreed with what is measured: computes every target that an expression proves, the oldest value
/// first, so that those that one run does not reach come first in the next.
/// </summary>
public sealed class TargetModule(TargetReadingStore store, TargetReading reading, TimeProvider clock, ILogger<TargetModule> log) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "targets";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var row in await store.BoundAsync(cancel))
        {
            var before = row.StateAt(clock.GetUtcNow());
            var seen = await SeeAsync(row, cancel);
            row.Target.See(seen);
            await store.KeepAsync(row.Target, seen, before != row.StateAt(seen.At), cancel);
        }
    }

    private async Task<TargetObservation> SeeAsync(TargetRow row, CancellationToken cancel)
    {
        try
        {
            return await reading.ReadAsync(row.Partner, row.Integration, row.Target.Terms, row.Target.Query!, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(e, "The target {Target} of {Partner} could not be computed", row.Target.Key, row.Partner);
            var at = clock.GetUtcNow();
            return new TargetObservation(null, at, null, at, "It could not be computed; the portal's log says why.");
        }
    }
}
