using Npgsql;

namespace PartnerPortal.Data.Escalation;

/// <summary>How paging stands, counted in the database.</summary>
/// <param name="LateSteps">Steps of open runs that should have been taken.</param>
/// <param name="LatestStep">By how much the latest of them.</param>
/// <param name="WaitingMessages">Messages that should have been sent.</param>
/// <param name="OldestMessage">For how long the oldest of them.</param>
/// <param name="WaitingAlerts">Alerts that should have reached their incident.</param>
/// <param name="OldestAlert">For how long the oldest of them.</param>
/// <param name="IdleModules">Modules that did not end well for too long.</param>
/// <param name="Now">The database's clock.</param>
public sealed record PagingStanding(
    int LateSteps, TimeSpan LatestStep, int WaitingMessages, TimeSpan OldestMessage, int WaitingAlerts, TimeSpan OldestAlert, IReadOnlyList<string> IdleModules, DateTimeOffset Now);

/// <summary>Looks whether paging keeps up: late steps, messages that wait, alerts without their incident, modules that stand still.</summary>
public sealed class PagingWatchStore(NpgsqlDataSource database)
{
    /// <summary>Counts what is late.</summary>
    /// <param name="modules">The modules that page.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<PagingStanding> LookAsync(IReadOnlyList<string> modules, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT
                (SELECT count(*)::int FROM escalation.runs WHERE due_at < portal.now() - interval '15 seconds'),
                coalesce((SELECT portal.now() - min(due_at) FROM escalation.runs WHERE due_at < portal.now()), interval '0'),
                (SELECT count(*)::int FROM escalation.notifications WHERE state IN ('pending', 'sending') AND due_at < portal.now() - interval '2 minutes'),
                coalesce((SELECT portal.now() - min(due_at) FROM escalation.notifications WHERE state IN ('pending', 'sending') AND due_at < portal.now()), interval '0'),
                (SELECT count(*)::int FROM incidents.alerts WHERE NOT settled AND held_until IS NULL AND coalesce(resolved_at, first_seen_at) < portal.now() - interval '30 seconds'),
                coalesce((SELECT portal.now() - min(coalesce(resolved_at, first_seen_at)) FROM incidents.alerts WHERE NOT settled AND held_until IS NULL), interval '0'),
                (SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM portal.modules
                    WHERE name = ANY($1) AND greatest(last_good_at, CASE WHEN last_good_at IS NULL THEN last_failed_at END) < portal.now() - interval '2 minutes'),
                portal.now()
            """);
        command.Parameters.Add(new() { Value = modules.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new(
            reader.GetInt32(0), reader.GetFieldValue<TimeSpan>(1), reader.GetInt32(2), reader.GetFieldValue<TimeSpan>(3), reader.GetInt32(4), reader.GetFieldValue<TimeSpan>(5),
            reader.GetFieldValue<string[]>(6), reader.GetFieldValue<DateTimeOffset>(7));
    }
}
