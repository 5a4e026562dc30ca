using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Incidents;

/// <summary>What became of a delivery.</summary>
/// <param name="Outcome">Accepted or a repeat; what does not fit is thrown.</param>
/// <param name="Signals">What it said.</param>
public sealed record Taken(DeliveryOutcome Outcome, IReadOnlyList<AlertSignal> Signals);

/// <summary>
/// Takes deliveries of alert sources: read, then stored with their alerts in one transaction, then answered. What is answered with success is
/// committed; the same delivery again (by its key, or by its body within a minute) changes nothing.
/// </summary>
public sealed partial class AlertIntakeStore(PortalDatabase database)
{
    private const int LongestKept = 256 * 1024;
    private static readonly TimeSpan SameBody = TimeSpan.FromSeconds(60);

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

        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAcceptAsync(source, post, key, signals, cancel);
            }
            catch (Exception e) when (tries < 8 && e is ChangedMeanwhile or DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
            {
                // The same problem was raised, or moved, by somebody else in the same moment: look again.
            }
        }
    }

    /// <summary>Reads a refused delivery again, after the format or the source was mended.</summary>
    /// <exception cref="FieldsRefused">It still does not fit.</exception>
    public async Task<Taken> ReplayAsync(AlertSource source, Guid delivery, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("alert intake"), cancel);
        var row = await db.Set<DeliveryRow>().SingleOrDefaultAsync(d => d.Id == delivery && d.SourceId == source.Id && d.Outcome == DeliveryOutcome.Refused, cancel)
            ?? throw new NotThere("such refused delivery");
        var post = new AlertPost(Encoding.UTF8.GetBytes(row.Body ?? ""), row.Path);
        var taken = await TryAcceptAsync(source, post, $"replay {delivery:N}", AlertFormats.Read(source, post), cancel);
        db.Remove(row);
        await db.SaveAsync(cancel);
        return taken;
    }

    /// <summary>Forgets what is older than a week, and of what was accepted what is older than a day.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            "DELETE FROM incidents.deliveries WHERE received_at < portal.now() - interval '7 days' OR (outcome <> 'refused' AND received_at < portal.now() - interval '1 day')");
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<Taken> TryAcceptAsync(AlertSource source, AlertPost post, string? key, IReadOnlyList<AlertSignal> signals, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("alert intake"), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (at, hash) = (database.Now, SHA256.HashData([.. Encoding.UTF8.GetBytes(post.Path), .. post.Body.Span]));
        if (!await IsNewAsync(db, source.Id, hash, key, at, cancel))
        {
            return new(DeliveryOutcome.Repeat, signals);
        }

        db.Add(new DeliveryRow { Id = Guid.CreateVersion7(at), SourceId = source.Id, ReceivedAt = at, Hash = hash, Key = key, Path = post.Path, Outcome = DeliveryOutcome.Accepted, Signals = signals.Count });
        var (word, keys) = (Words.Of(source.Kind), signals.Select(s => s.DedupKey).Distinct().ToArray());
        var known = (await db.Set<Alert>().FromSql(
            $"SELECT *, xmin FROM incidents.alerts WHERE source = {word} AND source_id = {source.Id} AND dedup_key = ANY({keys}) AND resolved_at IS NULL ORDER BY id FOR UPDATE")
            .ToListAsync(cancel)).ToDictionary(a => a.DedupKey);
        var runbooks = await RunbooksAsync(db, source.PartnerId, signals, cancel);
        foreach (var signal in signals)
        {
            if (signal.Kind == SignalKind.Firing && known.GetValueOrDefault(signal.DedupKey) is { ResolvedAt: not null })
            {
                // Over and back in one delivery: the end is written first, since only one may fire at a time.
                await db.SaveAsync(cancel);
            }

            Take(db, source, signal, known, RunbookMatch.SlugIn(signal.Runbook) is { } slug && runbooks.Contains(slug) ? slug : null, at);
        }

        await db.SaveAsync(cancel);
        if (known.Values.FirstOrDefault() is { } any)
        {
            await AlertStore.AnnounceAsync(db, any, cancel);
        }

        await transaction.CommitAsync(cancel);
        return new(DeliveryOutcome.Accepted, signals);
    }

    // Two portals that get the same delivery in the same moment come one after the other.
    private static async Task<bool> IsNewAsync(PortalContext db, Guid source, byte[] hash, string? key, DateTimeOffset at, CancellationToken cancel)
    {
        var place = BitConverter.ToInt64(SHA256.HashData([.. source.ToByteArray(), .. key is null ? hash : Encoding.UTF8.GetBytes(key)]));
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({place})", cancel);
        var since = at - SameBody;
        return !await db.Set<DeliveryRow>().AnyAsync(
            d => d.SourceId == source && d.Outcome == DeliveryOutcome.Accepted && ((key != null && d.Key == key) || (d.Hash == hash && d.ReceivedAt > since)), cancel);
    }

    // Only a runbook of ours is kept: the sender may name any page of the web.
    private static async Task<IReadOnlyList<string>> RunbooksAsync(PortalContext db, Guid partner, IReadOnlyList<AlertSignal> signals, CancellationToken cancel)
    {
        var named = signals.Select(s => RunbookMatch.SlugIn(s.Runbook)).OfType<string>().Distinct().ToList();
        return named.Count == 0 ? [] : await db.Runbooks.Where(r => r.PartnerId == partner && r.ArchivedAt == null && named.Contains(r.Slug)).Select(r => r.Slug).ToListAsync(cancel);
    }

    private static void Take(PortalContext db, AlertSource source, AlertSignal signal, Dictionary<string, Alert> known, string? runbook, DateTimeOffset at)
    {
        var alert = known.GetValueOrDefault(signal.DedupKey);
        switch (signal.Kind)
        {
            case SignalKind.Firing when alert is { ResolvedAt: null }:
                alert.Repeat(signal.Summary, signal.Value, at);
                break;
            case SignalKind.Firing:
                var started = signal.StartedAt is { } said && said <= at ? said : at;
                alert = Alert.Raise(
                    new(source.PartnerId, source.IntegrationId, Words.Of(source.Kind), source.Name, signal.DedupKey, signal.Title, signal.Summary, signal.Severity, signal.Labels, signal.Value,
                        new Onset(null, started, signal.StartedAt is null ? "first delivery" : "the sender's start"), runbook, source.Id, signal.StartedAt, signal.Link,
                        $"{source.Id:N} {signal.Group ?? signal.DedupKey}", source.Urgency), at);
                db.Add(known[signal.DedupKey] = alert);
                break;
            case SignalKind.Resolved:
                alert?.Resolve(at);
                break;
            default:
                alert?.Hear("Somebody on the sender's side has it.", at);
                break;
        }
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
