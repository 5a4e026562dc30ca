using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PartnerPortal.Torture.Escalation;

internal sealed record AlertSeen(string Source, string Key, Guid? Incident, bool Resolved);

internal sealed record IncidentSeen(Guid Id, string Urgency, DateTimeOffset? ResolvedAt, string? ResolvedBy);

internal sealed record RunSeen(Guid Id, Guid Incident, int Turn, DateTimeOffset? DueAt, DateTimeOffset? EndedAt);

/// <param name="Called">Mail addresses that the step called.</param>
internal sealed record StepSeen(Guid Id, Guid Run, int Turn, DateTimeOffset DueAt, DateTimeOffset At, string[] Called);

internal sealed record MessageSeen(string Key, string Kind, string State, Guid? Incident, Guid? Step, string Recipient, bool PossiblyTwice, string Problem, string? CarriedBy = null)
{
    /// <summary>The Message-ID that mail of this row carries.</summary>
    public string MessageId => IdOf(Key);

    /// <summary>The Message-ID of the mail that it went out in: its own, or that of the message that others waited for.</summary>
    public string ArrivedAs => IdOf(CarriedBy ?? Key);

    /// <summary>A portal died with it in its hands, so it may have arrived although the row does not say sent.</summary>
    public bool IsMarked => PossiblyTwice || Problem.StartsWith("The portal died", StringComparison.Ordinal);

    private static string IdOf(string key) => $"<{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..40]}@example.com>";
}

/// <summary>Everything about escalation that stands in the database, as of one moment.</summary>
internal sealed record EscalationSnapshot(
    IReadOnlyList<AlertSeen> Alerts, IReadOnlyList<IncidentSeen> Incidents, IReadOnlyList<RunSeen> Runs, IReadOnlyList<StepSeen> Steps, IReadOnlyList<MessageSeen> Messages)
{
    /// <summary>Reads it.</summary>
    public static async Task<EscalationSnapshot> ReadAsync(string connectionString, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        return new(
            await ReadAsync(connection, "SELECT source_id::text, dedup_key, incident_id, resolved_at IS NOT NULL FROM incidents.alerts",
                r => new AlertSeen(r.GetString(0), r.GetString(1), Maybe<Guid>(r, 2), r.GetBoolean(3)), cancel),
            await ReadAsync(connection, "SELECT id, urgency, resolved_at, resolved_by FROM incidents.incidents",
                r => new IncidentSeen(r.GetGuid(0), r.GetString(1), Maybe<DateTimeOffset>(r, 2), r.IsDBNull(3) ? null : r.GetString(3)), cancel),
            await ReadAsync(connection, "SELECT id, incident_id, turn, due_at, ended_at FROM escalation.runs",
                r => new RunSeen(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), Maybe<DateTimeOffset>(r, 3), Maybe<DateTimeOffset>(r, 4)), cancel),
            await ReadAsync(connection, "SELECT id, run_id, turn, due_at, at, ARRAY(SELECT c->>'email' FROM jsonb_array_elements(calls) c WHERE c->>'email' IS NOT NULL) FROM escalation.steps",
                r => new StepSeen(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4), r.GetFieldValue<string[]>(5)), cancel),
            await ReadAsync(connection, "SELECT n.key, n.kind, n.state, n.incident_id, n.step_id, n.recipient, n.possibly_twice, coalesce(n.problem, ''), c.key FROM escalation.notifications n LEFT JOIN escalation.notifications c ON c.id = n.sent_with",
                r => new MessageSeen(r.GetString(0), r.GetString(1), r.GetString(2), Maybe<Guid>(r, 3), Maybe<Guid>(r, 4), r.GetString(5), r.GetBoolean(6), r.GetString(7), r.IsDBNull(8) ? null : r.GetString(8)), cancel));
    }

    /// <summary>
    /// What the portals still have to do: alerts without an incident, steps and messages that are due. Messages that died in a portal's hands are
    /// free after a minute; here after ten seconds, since every hand-over takes milliseconds. What waits for its destination's next minute waits no longer.
    /// </summary>
    public static async Task<long> WaitingAsync(string connectionString, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            UPDATE escalation.notifications SET lease_until = portal.now() WHERE state = 'sending' AND lease_until < portal.now() + interval '50 seconds';
            UPDATE escalation.notifications SET sent_at = sent_at - interval '1 hour' WHERE state = 'sent' AND sent_at > portal.now() - interval '1 hour';
            SELECT (SELECT count(*) FROM incidents.alerts WHERE NOT settled) + (SELECT count(*) FROM escalation.runs WHERE due_at <= portal.now() + interval '2 seconds')
                + (SELECT count(*) FROM escalation.notifications WHERE state = 'sending' OR (state = 'pending' AND due_at < portal.now() + interval '1 minute'))
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetInt64(0);
    }

    private static T? Maybe<T>(NpgsqlDataReader row, int column)
        where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<T> all = [];
        while (await reader.ReadAsync(cancel))
        {
            all.Add(read(reader));
        }

        return all;
    }
}
