namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>A call to a partner failed. The message is a sentence for people and holds no header, query or body of either side.</summary>
public sealed class OutboundException : IOException
{
    /// <summary>Makes the failure of one call.</summary>
    public OutboundException(OutboundFailure failure, string sentence, Exception? cause = null)
        : base(sentence, cause) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public OutboundFailure Failure { get; }

    /// <summary>How far the call came, when it had begun.</summary>
    public OutboundTimings? Timings { get; internal set; }
}
