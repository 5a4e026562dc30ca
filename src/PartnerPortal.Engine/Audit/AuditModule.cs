using PartnerPortal.Data.Audit;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Audit;

/// <summary>Chains committed audit rows within a second and writes the newest head down beside the database.</summary>
public sealed class AuditModule(AuditChain chain, AuditHeadFile written) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "audit";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel) => written.Write(await chain.ChainAsync(cancel));
}
