namespace PartnerPortal.Domain.Audit;

/// <summary>What is wrong with a row of the audit log.</summary>
public enum AuditFault
{
    /// <summary>Its content is not what was written.</summary>
    Changed,

    /// <summary>It is not there any more.</summary>
    Missing,

    /// <summary>It stands in another place than the one it was given.</summary>
    Moved,

    /// <summary>Its content is right, but its hash was overwritten.</summary>
    BrokenHash,

    /// <summary>It, or a row before it, was rewritten together with all hashes: it contradicts a head that was written down.</summary>
    Rewritten,

    /// <summary>It was put in by somebody else than the portal.</summary>
    Foreign,
}

/// <summary>The first bad row of the audit log.</summary>
/// <param name="Position">The place in which something is wrong.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Row">The row that was found; null when it is missing.</param>
/// <param name="Sentence">What to tell people.</param>
public sealed record AuditFinding(long Position, AuditFault Fault, Guid? Row, string Sentence);

/// <summary>What a verification of the audit log found.</summary>
/// <param name="Rows">Rows of the chain that were checked.</param>
/// <param name="Waiting">Rows that are not chained yet; normally those of the last second.</param>
/// <param name="Head">The newest good row: write it down elsewhere to prove later that nothing up to it was touched.</param>
/// <param name="Bad">The first bad row; null when all is well.</param>
public sealed record AuditVerdict(long Rows, long Waiting, AuditHead Head, AuditFinding? Bad);
