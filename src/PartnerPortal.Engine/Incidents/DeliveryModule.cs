using PartnerPortal.Data.Incidents;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Incidents;

/// <summary>Forgets old deliveries of alert sources; their alerts stay.</summary>
public sealed class DeliveryModule(AlertIntakeStore store) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "forget deliveries";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => store.ForgetAsync(cancel);
}
