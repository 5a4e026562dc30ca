namespace PartnerPortal.Domain.Incidents;

/// <summary>What a source says about one problem.</summary>
public enum SignalKind
{
    /// <summary>It is there, for the first time or still.</summary>
    Firing,

    /// <summary>It is over.</summary>
    Resolved,

    /// <summary>Somebody on the sender's side has it.</summary>
    Acknowledged,
}

/// <summary>One problem as an alert source reports it, whatever format it came in. One delivery may carry many.</summary>
/// <param name="Kind">There, over, or taken by somebody on the sender's side.</param>
/// <param name="DedupKey">What makes two reports the same problem; 1 to 255 characters, unique within the source.</param>
/// <param name="Title">What people call the problem; at most 200 characters.</param>
/// <param name="Summary">A sentence or more, as the sender wrote it.</param>
/// <param name="Severity">How bad the sender says it is.</param>
/// <param name="StartedAt">The sender's own start; null when it says none.</param>
/// <param name="EndedAt">The sender's own end; null when it says none.</param>
/// <param name="Labels">What tells it from its neighbours.</param>
/// <param name="Link">Where the sender shows it; an http or https address.</param>
/// <param name="Runbook">The runbook that the sender names: a slug or an address.</param>
/// <param name="Value">The figure, where there is one.</param>
/// <param name="Group">What belongs to one incident by the source's grouping; null when every problem has its own.</param>
public sealed record AlertSignal(
    SignalKind Kind, string DedupKey, string Title, string Summary, Severity Severity, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    IReadOnlyDictionary<string, string> Labels, string? Link = null, string? Runbook = null, double? Value = null, string? Group = null);
