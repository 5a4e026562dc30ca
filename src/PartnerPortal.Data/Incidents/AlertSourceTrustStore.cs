using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>Signing secrets, which are sealed and not hashed since signatures are computed with them, and subscriptions of SNS.</summary>
public sealed partial class AlertSourceStore
{
    /// <summary>Makes a signing secret; from now on the source's deliveries must be signed. The one before works for 24 hours more.</summary>
    /// <returns>The secret, to be shown once.</returns>
    /// <exception cref="RuleBroken">The source was closed, or its sender signs in a way of its own.</exception>
    public async Task<string> SignAsync(Guid id, Actor by, CancellationToken cancel)
    {
        var secret = DeliverySignature.MakeSecret();
        await EditAsync(id, by, source => source.Sign(cipher.Seal(secret, PlaceOf(id)), database.Now), cancel);
        return secret;
    }

    /// <summary>Deliveries of the source need no signature any more.</summary>
    public Task StopSigningAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, by, source => source.StopSigning(), cancel);

    /// <summary>The signing secrets that work now, the newest first; none when the source needs no signatures.</summary>
    public IReadOnlyList<string> SigningSecrets(AlertSource source) =>
    [
        .. new[] { source.SealedSigningSecret, source.FormerSigningUntil > database.Now ? source.SealedFormerSigningSecret : null }.OfType<byte[]>().Select(s => cipher.Open(s, PlaceOf(source.Id))),
    ];

    /// <summary>The topic of SNS was confirmed, or spoke.</summary>
    /// <exception cref="SenderRefused">The source belongs to another topic.</exception>
    public Task JoinAsync(Guid id, string topic, CancellationToken cancel) => EditAgainAsync(id, source => source.Join(topic, database.Now), cancel);

    /// <summary>The topic's confirmation did not work, or its subscription ended.</summary>
    /// <exception cref="SenderRefused">The source belongs to another topic.</exception>
    public Task NoteSubscriptionAsync(Guid id, string topic, string problem, CancellationToken cancel) =>
        EditAgainAsync(id, source => source.NoteSubscription(topic, problem), cancel);

    // Amazon does not come again after a 4xx: who changed the source in the same moment is no reason for one.
    private async Task EditAgainAsync(Guid id, Action<AlertSource> edit, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await EditAsync(id, Actor.Portal("alert intake"), edit, cancel);
                return;
            }
            catch (ChangedMeanwhile) when (tries < 8)
            {
            }
        }
    }

    private static string PlaceOf(Guid source) => $"alert source {source} signing";
}
