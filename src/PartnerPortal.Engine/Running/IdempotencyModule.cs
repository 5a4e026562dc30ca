using PartnerPortal.Data.Storage;

namespace PartnerPortal.Engine.Running;

/// <summary>Forgets the answers that were kept for repeated requests when their day is over.</summary>
public sealed class IdempotencyModule(IdempotencyStore store) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "forget idempotency keys";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => store.ForgetAsync(cancel);
}
