using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Engine.Incidents;

/// <summary>Asks an address of SNS for what is there; null when it answers that there is nothing, or that it refuses.</summary>
/// <param name="url">An address that <see cref="SnsEnvelope.IsAmazons"/>.</param>
/// <param name="cancel">Cancels.</param>
/// <exception cref="OutboundException">No answer, or an answer that says to come again.</exception>
public delegate Task<byte[]?> FetchFromSns(Uri url, CancellationToken cancel);

/// <summary>
/// Takes what Amazon SNS delivers. Nothing is believed before its signature; a subscription is confirmed by asking Amazon's own address, and the answer to
/// Amazon comes after that, so that it asks again when the portal could not.
/// </summary>
public sealed class SnsIntake(SnsCertificates certificates, FetchFromSns fetch, AlertSourceStore sources, AlertIntakeStore intake, TimeProvider clock)
{
    // Shorter than repeats are remembered (a day): an old message cannot be played again. SNS itself gives up after an hour.
    private static readonly TimeSpan _oldest = TimeSpan.FromHours(23);
    private static readonly TimeSpan _ahead = TimeSpan.FromMinutes(15);

    /// <summary>Takes a delivery: one envelope, or an event of AWS Lambda with several.</summary>
    /// <exception cref="FieldsRefused">It is no envelope, or its message does not fit; it is kept for seven days.</exception>
    /// <exception cref="SenderRefused">A signature is not Amazon's, or a topic not the source's; it is kept for seven days.</exception>
    /// <exception cref="OutboundException">Amazon could not be asked; try again later.</exception>
    public async Task<Taken> AcceptAsync(AlertSource source, AlertPost post, CancellationToken cancel)
    {
        IReadOnlyList<SnsEnvelope> envelopes;
        try
        {
            envelopes = SnsEnvelope.Read(post.Body);
        }
        catch (FieldsRefused refused)
        {
            await intake.RefuseAsync(source, post, null, string.Join(' ', refused.Errors.SelectMany(e => e.Value)), cancel);
            throw;
        }

        foreach (var envelope in envelopes)
        {
            await OrKeepAsync(source, envelope, async () =>
            {
                if ((Age(envelope) ?? await certificates.FaultAsync(envelope, cancel)) is { } fault)
                {
                    throw new SenderRefused(fault);
                }

                source.RefuseOther(envelope.TopicArn);
            }, cancel);
        }

        List<Taken> taken = [];
        foreach (var envelope in envelopes)
        {
            taken.Add(envelope.Type == SnsEnvelope.Notification ? await NotifyAsync(source, envelope, cancel) : await SubscribeAsync(source, envelope, cancel));
        }

        return new(taken.All(t => t.Outcome == DeliveryOutcome.Repeat) ? DeliveryOutcome.Repeat : DeliveryOutcome.Accepted, [.. taken.SelectMany(t => t.Signals)]);
    }

    // Amazon delivers to confirmed subscriptions only: a message proves that somebody confirmed it, perhaps by hand.
    private async Task<Taken> NotifyAsync(AlertSource source, SnsEnvelope envelope, CancellationToken cancel)
    {
        if (source.Subscription is not { ConfirmedAt: not null, Problem: null })
        {
            await OrKeepAsync(source, envelope, () => sources.JoinAsync(source.Id, envelope.TopicArn, cancel), cancel);
        }

        return await intake.AcceptAsync(source, new(envelope.Body), envelope.MessageId, cancel);
    }

    private async Task<Taken> SubscribeAsync(AlertSource source, SnsEnvelope envelope, CancellationToken cancel)
    {
        if (envelope.Type == SnsEnvelope.Unsubscribe)
        {
            await OrKeepAsync(source, envelope, () => sources.NoteSubscriptionAsync(source.Id, envelope.TopicArn, $"Amazon says that the subscription ended ({envelope.Timestamp}).", cancel), cancel);
            return new(DeliveryOutcome.Accepted, []);
        }

        await OrKeepAsync(source, envelope, async () =>
        {
            if (!SnsEnvelope.IsAmazons(envelope.SubscribeUrl, out var url))
            {
                throw new SenderRefused("“SubscribeURL” is not an address at https://sns.….amazonaws.com.");
            }

            // What stands in the database first is that it was asked for: whoever looks meanwhile sees why nothing comes yet.
            await sources.NoteSubscriptionAsync(source.Id, envelope.TopicArn, "The portal is asking Amazon to confirm it.", cancel);
            await VisitAsync(source, envelope.TopicArn, url, cancel);
            await sources.JoinAsync(source.Id, envelope.TopicArn, cancel);
        }, cancel);
        return new(DeliveryOutcome.Accepted, []);
    }

    private async Task VisitAsync(AlertSource source, string topic, Uri url, CancellationToken cancel)
    {
        try
        {
            if (await fetch(url, cancel) is null)
            {
                const string Refused = "Amazon refused the confirmation; its link may be too old. Ask for the confirmation again in Amazon's console.";
                await sources.NoteSubscriptionAsync(source.Id, topic, Refused, cancel);
                throw new SenderRefused(Refused);
            }
        }
        catch (OutboundException away)
        {
            await sources.NoteSubscriptionAsync(source.Id, topic, $"Amazon could not be asked: {away.Message}", cancel);
            throw;
        }
    }

    private async Task OrKeepAsync(AlertSource source, SnsEnvelope envelope, Func<Task> verb, CancellationToken cancel)
    {
        try
        {
            await verb();
        }
        catch (SenderRefused refused)
        {
            await intake.RefuseAsync(source, new(envelope.Body), envelope.MessageId, refused.Message, cancel);
            throw;
        }
    }

    private string? Age(SnsEnvelope envelope) => envelope.SentAt is not { } at ? "“Timestamp” is not a time."
        : clock.GetUtcNow() - at > _oldest ? "“Timestamp” is more than 23 hours ago."
        : at - clock.GetUtcNow() > _ahead ? "“Timestamp” is in the future." : null;

    /// <summary>Asks by the guarded client: 64 KiB at most, within 5 seconds, no redirects.</summary>
    internal static FetchFromSns Through(GuardedHttpClient http) => async (url, cancel) =>
    {
        await using var answer = await http.SendAsync(OutboundRequest.Get(url) with { Limits = OutboundLimits.Within(TimeSpan.FromSeconds(5)) with { MaxBytes = 64 * 1024 } }, cancel);
        return (int)answer.Status switch
        {
            200 => await answer.ReadBytesAsync(cancel),
            429 or >= 500 => throw new OutboundException(OutboundFailure.BadRequest, $"{url.Host} answered {(int)answer.Status}."),
            _ => null,
        };
    };
}
