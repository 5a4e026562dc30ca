using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Data.Incidents;

/// <summary>What became of a delivery.</summary>
/// <param name="Outcome">Accepted or a repeat; what does not fit is thrown.</param>
/// <param name="Signals">What it said.</param>
public sealed record Taken(DeliveryOutcome Outcome, IReadOnlyList<AlertSignal> Signals);

/// <summary>
/// Takes deliveries of alert sources: read, then stored with their alerts in one transaction, then answered. What is answered with success is
/// committed; the same delivery again (by its key, or by its body within a minute) changes nothing. What a source sends in a storm is stored together.
/// </summary>
public sealed partial class AlertIntakeStore(PortalDatabase database)
{
    private const int LongestKept = 256 * 1024;
    private const int AtOnce = 100;
    private readonly ConcurrentDictionary<Guid, Gathering<Delivered, Taken>> _sources = [];

    /// <summary>Takes a delivery.</summary>
    /// <param name="source">From which source.</param>
    /// <param name="post">What was posted.</param>
    /// <param name="key">The sender's own name for it: Idempotency-Key or webhook-id; null when it named none.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="FieldsRefused">It does not fit the format; it is kept for seven days.</exception>
    public async Task<Taken> AcceptAsync(AlertSource source, AlertPost post, string? key, CancellationToken cancel)
    {
        IReadOnlyList<AlertSignal> signals;
        try
        {
            signals = AlertFormats.Read(source, post);
        }
        catch (FieldsRefused refused)
        {
            await RefuseAsync(source, post, key, string.Join(' ', refused.Errors.SelectMany(e => e.Value)), cancel);
            throw;
        }

        return await _sources.GetOrAdd(source.Id, _ => new(AtOnce, some => DeliveryTaking.TakeAsync(database, some, CancellationToken.None))).DoAsync(new(source, post, key, signals), cancel);
    }

    /// <summary>Reads a refused delivery again, after the format or the source was mended.</summary>
    /// <exception cref="FieldsRefused">It still does not fit.</exception>
    public async Task<Taken> ReplayAsync(AlertSource source, Guid delivery, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("alert intake"), cancel);
        var row = await db.Set<DeliveryRow>().SingleOrDefaultAsync(d => d.Id == delivery && d.SourceId == source.Id && d.Outcome == DeliveryOutcome.Refused, cancel)
            ?? throw new NotThere("such refused delivery");
        var post = new AlertPost(Encoding.UTF8.GetBytes(row.Body ?? ""), row.Path);
        var taken = await DeliveryTaking.TakeAsync(database, [new(source, post, $"replay {delivery:N}", AlertFormats.Read(source, post))], cancel);
        db.Remove(row);
        await db.SaveAsync(cancel);
        return taken[0];
    }

    /// <summary>Forgets what is older than a week, and of what was accepted what is older than a day.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            "DELETE FROM incidents.deliveries WHERE received_at < portal.now() - interval '7 days' OR (outcome <> 'refused' AND received_at < portal.now() - interval '1 day')");
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Keeps for seven days what was refused, without its secrets, for people to read.</summary>
    /// <param name="source">From which source.</param>
    /// <param name="post">What was posted.</param>
    /// <param name="key">The sender's own name for it; null when it named none.</param>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task RefuseAsync(AlertSource source, AlertPost post, string? key, string reason, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("alert intake"), cancel);
        var at = database.Now;
        var body = Encoding.UTF8.GetString(post.Body.Span[..Math.Min(post.Body.Length, LongestKept)]).Replace("\0", "", StringComparison.Ordinal);
        db.Add(new DeliveryRow
        {
            Id = Guid.CreateVersion7(at),
            SourceId = source.Id,
            ReceivedAt = at,
            Hash = SHA256.HashData(post.Body.Span),
            Key = key,
            Path = post.Path,
            Body = SecretsInTexts().Replace(Secrets().Replace(body, "$1\"***\""), "$1\\\"***\\\""),
            Outcome = DeliveryOutcome.Refused,
            Reason = reason,
        });
        await db.SaveAsync(cancel);
    }

    [GeneratedRegex("""("[^"]*(?:token|secret|password|authorization|api_?key|routing_key|subscribe_?url)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*("|$)""", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    // The same in JSON that stands in a text of JSON, as in a message of SNS or in a mail.
    [GeneratedRegex("""(\\"[^"\\]*(?:token|secret|password|authorization|api_?key|routing_key|subscribe_?url)[^"\\]*\\"\s*:\s*)\\"(?:(?!\\").)*?(?:\\"|"|$)""", RegexOptions.IgnoreCase)]
    private static partial Regex SecretsInTexts();
}
