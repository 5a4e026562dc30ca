using PartnerPortal.Data.Escalation;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Escalation;

/// <summary>Carries out what escalation runs are due for. Every portal does it; the rows' locks share the work, and a dead portal's work is free at once.</summary>
public sealed class EscalationModule(RunStore runs) : IEngineModule
{
    private const int Batch = 20;

    /// <inheritdoc/>
    public string Name => "escalate";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (await runs.CarryOutDueAsync(Batch, cancel) == Batch)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }
}
