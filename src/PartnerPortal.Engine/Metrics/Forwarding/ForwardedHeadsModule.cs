using PartnerPortal.Data.Metrics;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>Lets what the engine took out of the memory of the portal that scrapes it.</summary>
public sealed class ForwardedHeadsModule(ForwardStore store, Heads heads, TimeProvider clock) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "let go of forwarded metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        var before = (clock.GetUtcNow() - Heads.Kept).ToUnixTimeMilliseconds();
        foreach (var (source, to) in await store.LetGoToAsync(heads.Sources, cancel))
        {
            heads.Find(source)?.Trim(to, before);
        }
    }
}
