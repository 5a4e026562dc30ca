using PartnerPortal.Data.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Computes the rules that no scrape woke, and resolves alerts of rules that are gone.</summary>
public sealed class RuleModule(RuleBoard board, RuleStandingStore store) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "rules";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        await board.ComputeDueAsync(cancel);
        await store.ResolveAbandonedAsync(cancel);
    }
}
