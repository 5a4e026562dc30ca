using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>One row of the outbox under a lease. Only the newest fence may write how it went.</summary>
public readonly record struct LeasedPart(Guid Id, long Fence);

/// <summary>A message that this portal has in its hands until the lease ends; several rows when they go out together.</summary>
/// <param name="Parts">The rows, the one that gives its key first.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Kind">Why it is sent.</param>
/// <param name="Channel">The way.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Secret">The opened secret of its channel; null where there is none.</param>
/// <param name="RecipientName">What people call the recipient.</param>
/// <param name="Text">What it says.</param>
/// <param name="IncidentId">The incident; null when it is about none.</param>
/// <param name="Attempts">How often it was handed over, this time included.</param>
/// <param name="CreatedAt">When it was decided.</param>
/// <param name="PossiblyTwice">Whether it may have gone out before.</param>
/// <param name="Gone">Whether the channel that was entered for it was removed meanwhile.</param>
public sealed record Leased(
    IReadOnlyList<LeasedPart> Parts, string Key, NotificationKind Kind, ChannelKind Channel, string Address, string? Secret, string RecipientName, NotificationText Text,
    Guid? IncidentId, int Attempts, DateTimeOffset CreatedAt, bool PossiblyTwice, bool Gone = false);

/// <summary>
/// The sending side of the outbox. A message goes from pending to sending under a lease, and from there to sent or back. When a portal dies with
/// one in its hands nobody knows whether it went out: it is sent once more with the same key, and marked. What a destination may not get yet waits,
/// and what waits for one recipient goes out together.
/// </summary>
public sealed class NotificationStore(PortalDatabase database, FieldCipher cipher)
{
    /// <summary>How long a portal may hold a message. Longer than any channel tries.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>What a sealed secret of a channel belongs to.</summary>
    internal static string Place(Guid channel) => $"channel {channel}";

    /// <summary>Takes messages of a channel that are due and that their destinations may get, critical ones first, each for this portal alone.</summary>
    public async Task<IReadOnlyList<Leased>> ClaimAsync(ChannelKind channel, int most, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var word = Words.Of(channel);
        // One portal at a time counts what a destination got lately.
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtext('escalation.notifications'), hashtext($1))", word, cancel);
        await ExecuteAsync(connection, GiveUp, word, cancel);
        await using var command = new NpgsqlCommand(ClaimSql(channel), connection);
        command.Parameters.Add(new() { Value = word });
        command.Parameters.Add(new() { Value = most });
        command.Parameters.Add(new() { Value = Lease });
        List<ClaimedRow> rows = [];
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                rows.Add(ClaimedRow.Read(reader));
            }
        }

        await transaction.CommitAsync(cancel);
        return [.. rows.GroupBy(r => r.Head).Select(g => Join(channel, [.. g.OrderBy(r => r.Place)])).OrderByDescending(m => m.Critical).Select(m => m.Message)];
    }

    /// <summary>The next hop accepted it.</summary>
    /// <returns>False when another portal has it by now.</returns>
    public async Task<bool> SentAsync(Leased message, string? providerId, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            $"""
             WITH done AS (
                 UPDATE escalation.notifications n SET state = 'sent', sent_at = portal.now(), lease_until = NULL, problem = NULL, provider_id = left($3, 300),
                     sent_with = CASE WHEN n.id = $4 THEN NULL ELSE $4 END
                 FROM unnest($1, $2) AS part (id, fence) WHERE n.id = part.id AND n.fence = part.fence AND n.state = 'sending' RETURNING n.incident_id)
             {Announce}
             """);
        return await FinishAsync(command, message, providerId, new() { Value = message.Parts[0].Id }, cancel);
    }

    /// <summary>It could not be handed over: it is tried again, or given up. A page's next way is due at once.</summary>
    /// <returns>False when another portal has it by now.</returns>
    public async Task<bool> FailedAsync(Leased message, string problem, TimeSpan? again, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            $"""
             WITH done AS (
                 UPDATE escalation.notifications n SET state = CASE WHEN $4::interval IS NULL THEN 'failed' ELSE 'pending' END, due_at = portal.now() + coalesce($4, interval '0'),
                     lease_until = NULL, problem = $3
                 FROM unnest($1, $2) AS part (id, fence) WHERE n.id = part.id AND n.fence = part.fence AND n.state = 'sending'
                 RETURNING n.incident_id, n.step_id, n.recipient, n.rank, n.critical AND n.attempts = 1 AS wakes),
             next AS ({NextWay("done")})
             {Announce}
             """);
        return await FinishAsync(command, message, problem, new() { Value = (object?)again ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval }, cancel);
    }

    // A page of a step whose incident somebody has, or any page of one that is over: it is not sent any more, however it came back into the queue.
    private const string Unwanted =
        "(n.kind = 'page' AND EXISTS (SELECT FROM incidents.incidents i WHERE i.id = n.incident_id AND (i.resolved_at IS NOT NULL OR (n.step_id IS NOT NULL AND i.acknowledged_by IS NOT NULL))))";

    private static readonly string GiveUp =
        $"""
         WITH given_up AS (
             UPDATE escalation.notifications n SET lease_until = NULL,
                 state = CASE WHEN n.possibly_twice AND n.state = 'sending' THEN 'failed' ELSE 'dropped' END,
                 problem = CASE WHEN n.possibly_twice AND n.state = 'sending' THEN '{Incidents.IncidentRows.CaughtMark} twice while it was being sent.'
                     WHEN n.state = 'sending' THEN '{Incidents.IncidentRows.CaughtMark} while it was being sent; somebody has the incident by now, so it is not repeated.' ELSE 'Somebody has the incident by now.' END
             WHERE channel = $1 AND ((state = 'sending' AND lease_until < portal.now() AND (possibly_twice OR {Unwanted})) OR (state = 'pending' AND due_at <= portal.now() AND {Unwanted}))
             RETURNING incident_id, step_id, recipient, rank, critical AND state = 'failed' AS wakes)
         {NextWay("given_up")}
         """;

    private const string Announce =
        $"SELECT count(*), count(pg_notify('{ChangeFeed.Channel}', json_build_object('kind', '{Incidents.IncidentRows.ChangeKind}', 'id', incident_id, 'partnerId', NULL)::text)) FROM done";

    // The next way to the same person that was not tried yet is due at once.
    private static string NextWay(string done) =>
        $"""
         UPDATE escalation.notifications n SET due_at = portal.now() FROM {done} d
         WHERE d.wakes AND n.step_id IS NOT DISTINCT FROM d.step_id AND n.incident_id IS NOT DISTINCT FROM d.incident_id AND n.recipient = d.recipient AND n.state = 'pending' AND n.attempts = 0 AND n.due_at > portal.now() AND n.rank = (
             SELECT min(m.rank) FROM escalation.notifications m WHERE m.step_id IS NOT DISTINCT FROM d.step_id AND m.incident_id IS NOT DISTINCT FROM d.incident_id AND m.recipient = d.recipient AND m.rank > d.rank AND m.state = 'pending' AND m.attempts = 0)
         """;

    // Heads are what may go out now, one for each recipient, destination and sort; what waits behind a head goes out with it.
    private static string ClaimSql(ChannelKind channel)
    {
        var sort = $"CASE {string.Join(' ', Enum.GetValues<NotificationKind>().Select(k => $"WHEN n.kind = '{Words.Of(k)}' THEN {(int)DestinationLimits.SortOf(k)}"))} END";
        var alone = DestinationLimits.Bundles(channel) ? $"CASE WHEN {sort} = {(int)MessageSort.Alone} THEN n.id END" : "n.id";
        const string Lately = "s.channel = $1 AND s.sent_with IS NULL AND (s.sent_at > portal.now() - {0} OR (s.state = 'sending' AND s.lease_until >= portal.now()))";
        var limits = string.Concat(DestinationLimits.Of(channel).Select(l => string.Format(
            CultureInfo.InvariantCulture,
            " AND NOT (d.sort = {0} AND (SELECT count(*) FROM escalation.notifications s WHERE " + string.Format(CultureInfo.InvariantCulture, Lately, "interval '{1} s'") + " AND s.address = d.address AND {2} = {0}) >= {3})",
            (int)l.Sort, (int)l.Per.TotalSeconds, sort.Replace("n.kind", "s.kind", StringComparison.Ordinal), l.Most)));
        var room = DestinationLimits.InFiveSeconds(channel) is { } five
            ? $"greatest(0, least($2, {five} - (SELECT count(*) FROM escalation.notifications s WHERE {string.Format(CultureInfo.InvariantCulture, Lately, "interval '5 s'")})))"
            : "$2";
        return
            $"""
             WITH due AS (
                 SELECT n.id, n.address, n.critical, n.due_at, {sort} AS sort,
                     row_number() OVER w AS place, first_value(n.id) OVER w AS head
                 FROM escalation.notifications n
                 WHERE n.channel = $1 AND ((n.state = 'pending' AND n.due_at <= portal.now()) OR (n.state = 'sending' AND n.lease_until < portal.now() AND NOT n.possibly_twice)) AND NOT {Unwanted}
                 WINDOW w AS (PARTITION BY n.recipient, n.address, {sort}, {alone} ORDER BY n.critical DESC, n.due_at, n.id)),
             heads AS (SELECT d.id FROM due d WHERE d.place = 1{limits} ORDER BY d.critical DESC, d.due_at LIMIT {room}),
             free AS (SELECT n.id FROM escalation.notifications n WHERE n.id IN (SELECT d.id FROM due d JOIN heads h ON d.head = h.id) FOR UPDATE SKIP LOCKED),
             taken AS (
                 UPDATE escalation.notifications n SET state = 'sending', lease_until = portal.now() + $3, fence = n.fence + 1, attempts = n.attempts + 1,
                     possibly_twice = n.possibly_twice OR n.state = 'sending'
                 FROM free f JOIN due d ON d.id = f.id WHERE n.id = f.id AND n.state IN ('pending', 'sending')
                 RETURNING n.*, d.head, d.place)
             SELECT t.id, t.fence, t.head, t.place, t.critical, t.key, t.kind, t.address, t.recipient_name, t.text, t.incident_id, t.attempts, t.created_at, t.possibly_twice,
                 t.channel_id, c.id IS NOT NULL, c.sealed_secret
             FROM taken t LEFT JOIN escalation.channels c ON c.id = t.channel_id
             """;
    }

    private (bool Critical, Leased Message) Join(ChannelKind channel, List<ClaimedRow> rows)
    {
        var first = rows[0];
        var secret = first.Sealed is { } bytes ? cipher.Open(bytes, Place(first.ChannelId!.Value)) : null;
        return (first.Critical, new(
            [.. rows.Select(r => new LeasedPart(r.Id, r.Fence))], first.Key, first.Kind, channel, first.Address, secret, first.RecipientName,
            NotificationText.Together([.. rows.Select(r => r.Text)]), first.IncidentId, first.Attempts, rows.Min(r => r.CreatedAt), rows.Exists(r => r.PossiblyTwice),
            first.ChannelId is not null && !first.HasChannel));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string word, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = word });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<bool> FinishAsync(NpgsqlCommand command, Leased message, string? text, NpgsqlParameter last, CancellationToken cancel)
    {
        command.Parameters.Add(new() { Value = message.Parts.Select(p => p.Id).ToArray() });
        command.Parameters.Add(new() { Value = message.Parts.Select(p => p.Fence).ToArray() });
        command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(last);
        return (long)(await command.ExecuteScalarAsync(cancel))! > 0;
    }

    private sealed record ClaimedRow(
        Guid Id, long Fence, Guid Head, long Place, bool Critical, string Key, NotificationKind Kind, string Address, string RecipientName, NotificationText Text, Guid? IncidentId,
        int Attempts, DateTimeOffset CreatedAt, bool PossiblyTwice, Guid? ChannelId, bool HasChannel, byte[]? Sealed)
    {
        public static ClaimedRow Read(NpgsqlDataReader row) => new(
            row.GetGuid(0), row.GetInt64(1), row.GetGuid(2), row.GetInt64(3), row.GetBoolean(4), row.GetString(5), WordConverter<NotificationKind>.Read(row.GetString(6)), row.GetString(7),
            row.GetString(8), System.Text.Json.JsonSerializer.Deserialize<NotificationText>(row.GetString(9), JsonColumn.Options)!, row.IsDBNull(10) ? null : row.GetGuid(10), row.GetInt32(11),
            row.GetFieldValue<DateTimeOffset>(12), row.GetBoolean(13), row.IsDBNull(14) ? null : row.GetGuid(14), row.GetBoolean(15), row.IsDBNull(16) ? null : row.GetFieldValue<byte[]>(16));
    }
}
