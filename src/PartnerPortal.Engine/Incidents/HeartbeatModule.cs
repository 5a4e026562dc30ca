using PartnerPortal.Data.Incidents;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Incidents;

/// <summary>Looks for heartbeats that stay away. While no portal ran no beat could arrive, so silence counts from its start at the earliest.</summary>
public sealed class HeartbeatModule(HeartbeatStore store, TimeProvider clock) : IEngineModule
{
    private readonly DateTimeOffset _listening = clock.GetUtcNow();

    /// <inheritdoc/>
    public string Name => "heartbeats";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => store.RaiseSilentAsync(_listening, cancel);
}
