using PartnerPortal.Data.Reviews;
using PartnerPortal.Engine.Running;

namespace PartnerPortal.Engine.Reviews;

/// <summary>Tells owners by an action that an answer or a waiver ends soon, and settles what was answered anew.</summary>
public sealed class AnswerWatchModule(AnswerWatchStore answers) : IEngineModule
{
    /// <inheritdoc/>
    public string Name => "answers that grow old";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => answers.RaiseAsync(cancel);
}
