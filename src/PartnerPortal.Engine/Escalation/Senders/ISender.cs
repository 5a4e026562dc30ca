using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>How a hand-over ended.</summary>
/// <param name="Accepted">The next hop took it.</param>
/// <param name="ProviderId">What the next hop calls it, or what it answered: the proof.</param>
/// <param name="Problem">Why not, as a sentence.</param>
/// <param name="Hopeless">Trying again cannot help: the address is wrong, or the channel is not set up.</param>
public sealed record Handed(bool Accepted, string? ProviderId = null, string? Problem = null, bool Hopeless = false);

/// <summary>One way to hand messages over. It tries once, within its own time limit; failures are answers, not exceptions.</summary>
public interface ISender
{
    /// <summary>Which way.</summary>
    ChannelKind Kind { get; }

    /// <summary>Hands a message over.</summary>
    Task<Handed> SendAsync(Leased message, CancellationToken cancel);
}
