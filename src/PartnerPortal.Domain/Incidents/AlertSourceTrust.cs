using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Incidents;

/// <summary>How a source proves who posts to it: signing secrets, and the topic of SNS that it belongs to.</summary>
public sealed partial class AlertSource
{
    /// <summary>The sealed secret that its deliveries must be signed with; null: they need no signature.</summary>
    [Secret]
    public byte[]? SealedSigningSecret { get; private set; }

    /// <summary>The sealed signing secret before, which works a while longer; null when there is none.</summary>
    [Secret]
    public byte[]? SealedFormerSigningSecret { get; private set; }

    /// <summary>Until when the signing secret before works; null when there is none.</summary>
    public DateTimeOffset? FormerSigningUntil { get; private set; }

    /// <summary>The topic that an SNS source belongs to; null for other kinds, and before Amazon asked.</summary>
    public SnsSubscription? Subscription { get; private set; }

    /// <summary>Whether a delivery without a good signature is refused.</summary>
    public bool NeedsSignatures => SealedSigningSecret is not null;

    /// <summary>From now on deliveries must be signed with this secret; the one before works for <see cref="DeliverySignature.Overlap"/> more.</summary>
    /// <exception cref="RuleBroken">It was closed, or its sender signs in a way of its own.</exception>
    public void Sign(byte[] sealedSecret, DateTimeOffset at)
    {
        if (RevokedAt is not null)
        {
            throw new RuleBroken($"{Name} was closed. Make a new source instead.");
        }

        if (Kind == AlertSourceKind.Sns)
        {
            throw new RuleBroken("Amazon signs what SNS delivers, with a key of its own. It needs no signing secret.");
        }

        (SealedFormerSigningSecret, FormerSigningUntil) = (SealedSigningSecret, SealedSigningSecret is null ? null : at + DeliverySignature.Overlap);
        SealedSigningSecret = sealedSecret;
    }

    /// <summary>Deliveries need no signature any more.</summary>
    public void StopSigning() => (SealedSigningSecret, SealedFormerSigningSecret, FormerSigningUntil) = (null, null, null);

    /// <summary>The topic was confirmed, or spoke: it is the source's from now on.</summary>
    /// <exception cref="SenderRefused">The source belongs to another topic.</exception>
    public void Join(string topic, DateTimeOffset at)
    {
        RefuseOther(topic);
        Subscription = new(topic, at, null);
    }

    /// <summary>The topic's confirmation did not work, or its subscription ended.</summary>
    /// <exception cref="SenderRefused">The source belongs to another topic.</exception>
    public void NoteSubscription(string topic, string problem)
    {
        RefuseOther(topic);
        Subscription = new(topic, Subscription?.Topic == topic ? Subscription.ConfirmedAt : null, problem);
    }

    /// <summary>Refuses what another topic than the confirmed one sends.</summary>
    /// <exception cref="SenderRefused">The source belongs to another topic.</exception>
    public void RefuseOther(string topic)
    {
        if (Subscription is { ConfirmedAt: not null, Topic: var ours } && ours != topic)
        {
            throw new SenderRefused($"This source belongs to the topic {ours}, and this is of {topic}. Make another source for another topic.");
        }
    }
}

/// <summary>The topic of Amazon SNS that a source belongs to.</summary>
/// <param name="Topic">Its ARN.</param>
/// <param name="ConfirmedAt">When its subscription was confirmed, or its first message came; null while it is not.</param>
/// <param name="Problem">Why it was not confirmed, or that it ended; null while all is well.</param>
public sealed record SnsSubscription(string Topic, DateTimeOffset? ConfirmedAt, string? Problem);
