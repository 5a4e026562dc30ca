using PartnerPortal.Data.Escalation;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Escalation;

/// <summary>Writes down who was on call as time passes, so that the past stays as it was.</summary>
public sealed class ShiftModule(ScheduleStore schedules) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "write down shifts";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => schedules.RecordAsync(cancel);
}
