using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Incidents;

/// <summary>A delivery that was read.</summary>
/// <param name="Source">From which source, as it was when this came.</param>
/// <param name="Post">What was posted.</param>
/// <param name="Key">The sender's own name for it; null when it named none.</param>
/// <param name="Signals">What it says.</param>
internal sealed record Delivered(AlertSource Source, AlertPost Post, string? Key, IReadOnlyList<AlertSignal> Signals)
{
    public byte[] Hash { get; } = SHA256.HashData([.. Encoding.UTF8.GetBytes(Post.Path), .. Post.Body.Span]);
}

/// <summary>Stores deliveries of one source with their alerts: all of them in one transaction, in the order in which they came.</summary>
internal static class DeliveryTaking
{
    private static readonly TimeSpan SameBody = TimeSpan.FromSeconds(60);

    /// <summary>Stores them; what came before changes nothing.</summary>
    /// <returns>What became of each.</returns>
    public static async Task<IReadOnlyList<Taken>> TakeAsync(PortalDatabase database, IReadOnlyList<Delivered> deliveries, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(database, deliveries, cancel);
            }
            catch (Exception e) when (tries < 8 && e is ChangedMeanwhile or DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
            {
                // The same problem was raised, or moved, by somebody else in the same moment: look again.
            }
        }
    }

    private static async Task<IReadOnlyList<Taken>> TryAsync(PortalDatabase database, IReadOnlyList<Delivered> deliveries, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("alert intake"), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (at, source) = (database.Now, deliveries[0].Source);
        // Two portals that get the same delivery in the same moment come one after the other.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({BitConverter.ToInt64(source.Id.ToByteArray())})", cancel);
        var news = await NewsAsync(db, source.Id, deliveries, at, cancel);
        var signals = news.SelectMany(d => d.Signals).ToList();
        var known = await KnownAsync(db, source, signals, cancel);
        var runbooks = await RunbooksAsync(db, source.PartnerId, signals, cancel);
        foreach (var delivery in deliveries.Where(news.Contains))
        {
            db.Add(new DeliveryRow
            {
                Id = Guid.CreateVersion7(at),
                SourceId = source.Id,
                ReceivedAt = at,
                Hash = delivery.Hash,
                Key = delivery.Key,
                Path = delivery.Post.Path,
                Outcome = DeliveryOutcome.Accepted,
                Signals = delivery.Signals.Count,
            });
            foreach (var signal in delivery.Signals)
            {
                if (signal.Kind == SignalKind.Firing && known.GetValueOrDefault(signal.DedupKey) is { ResolvedAt: not null })
                {
                    // Over and back at once: the end is written first, since only one may fire at a time.
                    await db.SaveAsync(cancel);
                }

                Take(db, delivery.Source, signal, known, RunbookMatch.SlugIn(signal.Runbook) is { } slug && runbooks.Contains(slug) ? slug : null, at);
            }
        }

        await db.SaveAsync(cancel);
        if (known.Values.FirstOrDefault() is { } any)
        {
            await AlertStore.AnnounceAsync(db, any, cancel);
        }

        await transaction.CommitAsync(cancel);
        return [.. deliveries.Select(d => new Taken(news.Contains(d) ? DeliveryOutcome.Accepted : DeliveryOutcome.Repeat, d.Signals))];
    }

    // Without those that came before, by their names or by their bodies.
    private static async Task<HashSet<Delivered>> NewsAsync(PortalContext db, Guid source, IReadOnlyList<Delivered> deliveries, DateTimeOffset at, CancellationToken cancel)
    {
        var (keys, hashes, since) = (deliveries.Select(d => d.Key).OfType<string>().ToArray(), deliveries.Select(d => d.Hash).ToArray(), at - SameBody);
        var before = await db.Set<DeliveryRow>()
            .Where(d => d.SourceId == source && d.Outcome == DeliveryOutcome.Accepted && ((d.Key != null && keys.Contains(d.Key)) || (hashes.Contains(d.Hash) && d.ReceivedAt > since)))
            .Select(d => new { d.Key, d.Hash, Lately = d.ReceivedAt > since }).ToListAsync(cancel);
        var names = before.Select(b => b.Key).OfType<string>().ToHashSet();
        var bodies = before.Where(b => b.Lately).Select(b => Convert.ToHexString(b.Hash)).ToHashSet();
        HashSet<Delivered> news = new(ReferenceEqualityComparer.Instance);
        foreach (var delivery in deliveries)
        {
            var body = Convert.ToHexString(delivery.Hash);
            if ((delivery.Key is { } key && names.Contains(key)) || bodies.Contains(body))
            {
                continue;
            }

            news.Add(delivery);
            bodies.Add(body);
            if (delivery.Key is { } name)
            {
                names.Add(name);
            }
        }

        return news;
    }

    private static async Task<Dictionary<string, Alert>> KnownAsync(PortalContext db, AlertSource source, List<AlertSignal> signals, CancellationToken cancel)
    {
        var (word, keys) = (Words.Of(source.Kind), signals.Select(s => s.DedupKey).Distinct().ToArray());
        var firing = await db.Set<Alert>().FromSql(
            $"SELECT *, xmin FROM incidents.alerts WHERE source = {word} AND source_id = {source.Id} AND dedup_key = ANY({keys}) AND resolved_at IS NULL ORDER BY id FOR UPDATE").ToListAsync(cancel);
        return firing.ToDictionary(a => a.DedupKey);
    }

    // Only a runbook of ours is kept: the sender may name any page of the web.
    private static async Task<IReadOnlyList<string>> RunbooksAsync(PortalContext db, Guid partner, List<AlertSignal> signals, CancellationToken cancel)
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
}
