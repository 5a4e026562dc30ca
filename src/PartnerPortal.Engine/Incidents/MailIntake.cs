using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Engine.Incidents;

/// <summary>Takes mails that a mail server hands over.</summary>
public sealed class MailIntake(AlertIntakeStore intake, TimeProvider clock)
{
    /// <summary>Takes a mail.</summary>
    /// <param name="source">From which source.</param>
    /// <param name="post">The mail as it was posted.</param>
    /// <param name="key">The sender's own name for the delivery; null: the mail's Message-ID, so that the same mail twice is a repeat.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="FieldsRefused">It is no mail, or no alert; it is kept for seven days.</exception>
    public async Task<Taken> AcceptAsync(AlertSource source, AlertPost post, string? key, CancellationToken cancel)
    {
        ReadMail mail;
        try
        {
            mail = MailReading.Read(post.Body, clock.GetUtcNow());
        }
        catch (FieldsRefused refused)
        {
            await intake.RefuseAsync(source, post, key, string.Join(' ', refused.Errors.SelectMany(e => e.Value)), cancel);
            throw;
        }

        return await intake.AcceptAsync(source, mail.Post, key ?? mail.MessageId, cancel);
    }
}
