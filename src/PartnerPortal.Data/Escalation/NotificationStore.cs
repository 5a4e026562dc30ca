using Npgsql;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>A message that this portal has in its hands until the lease ends. Only the newest fence may write how it went.</summary>
public sealed record Leased(Guid Id, long Fence, string Key, NotificationKind Kind, ChannelKind Channel, string Address, string RecipientName, NotificationText Text, int Attempts, DateTimeOffset CreatedAt, bool PossiblyTwice);

/// <summary>
/// The sending side of the outbox. A message goes from pending to sending under a lease, and from there to sent or back. When a portal dies with
/// one in its hands nobody knows whether it went out: it is sent once more with the same key, and marked.
/// </summary>
public sealed class NotificationStore(PortalDatabase database)
{
    /// <summary>How long a portal may hold a message. Longer than any channel tries.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>Takes messages of a channel that are due, critical ones first, each for this portal alone.</summary>
    public async Task<IReadOnlyList<Leased>> ClaimAsync(ChannelKind channel, int most, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            $"""
             WITH given_up AS (
                 UPDATE escalation.notifications n SET lease_until = NULL,
                     state = CASE WHEN n.possibly_twice AND n.state = 'sending' THEN 'failed' ELSE 'dropped' END,
                     problem = CASE WHEN n.possibly_twice AND n.state = 'sending' THEN '{Incidents.IncidentRows.CaughtMark} twice while it was being sent.'
                         WHEN n.state = 'sending' THEN '{Incidents.IncidentRows.CaughtMark} while it was being sent; somebody has the incident by now, so it is not repeated.' ELSE 'Somebody has the incident by now.' END
                 WHERE channel = $1 AND ((state = 'sending' AND lease_until < portal.now() AND (possibly_twice OR {Unwanted})) OR (state = 'pending' AND due_at <= portal.now() AND {Unwanted}))
                 RETURNING step_id, recipient, rank, critical AND state = 'failed' AS wakes),
             next AS ({NextWay("given_up")})
             UPDATE escalation.notifications n SET state = 'sending', lease_until = portal.now() + $3, fence = n.fence + 1, attempts = n.attempts + 1,
                 possibly_twice = n.possibly_twice OR n.state = 'sending'
             WHERE n.id IN (
                 SELECT n.id FROM escalation.notifications n
                 WHERE channel = $1 AND ((state = 'pending' AND due_at <= portal.now()) OR (state = 'sending' AND lease_until < portal.now() AND NOT possibly_twice)) AND NOT {Unwanted}
                 ORDER BY critical DESC, due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING n.id, n.fence, n.key, n.kind, n.channel, n.address, n.recipient_name, n.text, n.attempts, n.created_at, n.possibly_twice
             """);
        command.Parameters.Add(new() { Value = Words.Of(channel) });
        command.Parameters.Add(new() { Value = most });
        command.Parameters.Add(new() { Value = Lease });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<Leased> taken = [];
        while (await reader.ReadAsync(cancel))
        {
            taken.Add(new(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), WordConverter<NotificationKind>.Read(reader.GetString(3)), channel, reader.GetString(5), reader.GetString(6),
                System.Text.Json.JsonSerializer.Deserialize<NotificationText>(reader.GetString(7), JsonColumn.Options)!, reader.GetInt32(8), reader.GetFieldValue<DateTimeOffset>(9), reader.GetBoolean(10)));
        }

        return taken;
    }

    /// <summary>The next hop accepted it.</summary>
    /// <returns>False when another portal has it by now.</returns>
    public async Task<bool> SentAsync(Leased message, string? providerId, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            $"""
             WITH done AS (
                 UPDATE escalation.notifications SET state = 'sent', sent_at = portal.now(), lease_until = NULL, problem = NULL, provider_id = left($3, 300)
                 WHERE id = $1 AND fence = $2 AND state = 'sending' RETURNING incident_id)
             SELECT incident_id, {Announce} FROM done
             """);
        return await RunAsync(command, message, providerId, cancel);
    }

    /// <summary>It could not be handed over: it is tried again, or given up. A page's next way is due at once.</summary>
    /// <returns>False when another portal has it by now.</returns>
    public async Task<bool> FailedAsync(Leased message, string problem, TimeSpan? again, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            $"""
             WITH done AS (
                 UPDATE escalation.notifications SET state = CASE WHEN $4::interval IS NULL THEN 'failed' ELSE 'pending' END, due_at = portal.now() + coalesce($4, interval '0'),
                     lease_until = NULL, problem = $3
                 WHERE id = $1 AND fence = $2 AND state = 'sending' RETURNING incident_id, step_id, recipient, rank, critical AND attempts = 1 AS wakes),
             next AS ({NextWay("done")})
             SELECT incident_id, {Announce} FROM done
             """);
        return await RunAsync(command, message, problem, cancel, (object?)again ?? DBNull.Value);
    }

    // A page of a step whose incident somebody has, or any page of one that is over: it is not sent any more, however it came back into the queue.
    private const string Unwanted =
        "(n.kind = 'page' AND EXISTS (SELECT FROM incidents.incidents i WHERE i.id = n.incident_id AND (i.resolved_at IS NOT NULL OR (n.step_id IS NOT NULL AND i.acknowledged_by IS NOT NULL))))";

    // The next way to the same person that was not tried yet is due at once.
    private static string NextWay(string done) =>
        $"""
         UPDATE escalation.notifications n SET due_at = portal.now() FROM {done} d
         WHERE d.wakes AND n.step_id = d.step_id AND n.recipient = d.recipient AND n.state = 'pending' AND n.attempts = 0 AND n.due_at > portal.now() AND n.rank = (
             SELECT min(m.rank) FROM escalation.notifications m WHERE m.step_id = d.step_id AND m.recipient = d.recipient AND m.rank > d.rank AND m.state = 'pending' AND m.attempts = 0)
         """;

    private const string Announce = $"pg_notify('{ChangeFeed.Channel}', json_build_object('kind', '{Incidents.IncidentRows.ChangeKind}', 'id', incident_id, 'partnerId', NULL)::text) IS NULL";

    private static async Task<bool> RunAsync(NpgsqlCommand command, Leased message, string? text, CancellationToken cancel, object? last = null)
    {
        command.Parameters.Add(new() { Value = message.Id });
        command.Parameters.Add(new() { Value = message.Fence });
        command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        if (last is not null)
        {
            command.Parameters.Add(new() { Value = last, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Interval });
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel);
    }
}
