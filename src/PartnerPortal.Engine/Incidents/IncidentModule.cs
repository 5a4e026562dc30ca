using PartnerPortal.Data.Incidents;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Incidents;

/// <summary>Brings new and ended alerts to their incidents. Every portal does it; the rows' locks share the work.</summary>
public sealed class IncidentModule(IncidentOpenStore store, OnUsStore onUs) : IEngineModule
{
    private const int Batch = 200;

    /// <inheritdoc/>
    public string Name => "open incidents";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        await store.WakeAsync(cancel);
        while (await store.SettleAsync(Batch, cancel) == Batch)
        {
            cancel.ThrowIfCancellationRequested();
        }

        await onUs.GatherAsync(cancel);
    }
}
