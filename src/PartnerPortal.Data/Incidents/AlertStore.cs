using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>An alert with where it belongs.</summary>
public sealed record AlertRow(Alert Alert, string Partner, string PartnerName, string Integration);

/// <summary>What a list of alerts is narrowed to; null means any.</summary>
/// <param name="Partner">Slug of a partner.</param>
/// <param name="State">Firing or resolved.</param>
/// <param name="Integration">Slug of an integration.</param>
/// <param name="Severity">How bad.</param>
public sealed record AlertFilter(string? Partner = null, AlertState? State = null, string? Integration = null, Severity? Severity = null);

/// <summary>Alerts in the database. They are written by whoever raises them, in the transaction that found the problem.</summary>
public sealed class AlertStore(PortalDatabase database)
{
    /// <summary>What open pages are told when an alert begins, ends or is known better.</summary>
    public const string ChangeKind = "alert";

    /// <summary>Alerts older than a given one, newest first.</summary>
    /// <param name="filter">What to narrow to.</param>
    /// <param name="after">The last alert of the page before; null for the first page.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="by">Who asks: an actor bound to a partner gets that partner's.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<AlertRow>> AfterAsync(AlertFilter filter, Guid? after, int take, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var alerts = db.Set<Alert>().AsQueryable();
        alerts = by.PartnerId is { } bound ? alerts.Where(a => a.PartnerId == bound) : alerts;
        alerts = filter.State switch
        {
            AlertState.Firing => alerts.Where(a => a.ResolvedAt == null),
            AlertState.Resolved => alerts.Where(a => a.ResolvedAt != null),
            _ => alerts,
        };
        alerts = filter.Severity is { } severity ? alerts.Where(a => a.Severity == severity) : alerts;
        alerts = after is { } last ? alerts.Where(a => a.Id.CompareTo(last) < 0) : alerts;
        return await Rows(db, alerts, filter.Partner, filter.Integration).Take(take).ToListAsync(cancel);
    }

    /// <summary>One alert.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<AlertRow> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var row = await Rows(db, db.Set<Alert>().Where(a => a.Id == id), null, null).SingleOrDefaultAsync(cancel);
        return row is not null && by.Sees(row.Alert.PartnerId) ? row : throw new NotThere("such alert");
    }

    /// <summary>The same problem before: earlier alerts of its source with its labels, newest first.</summary>
    public async Task<IReadOnlyList<AlertRow>> EarlierAsync(Alert alert, int take, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var (partner, source, key, id) = (alert.PartnerId, alert.Source, alert.DedupKey, alert.Id);
        var same = db.Set<Alert>().Where(a => a.PartnerId == partner && a.Source == source && a.DedupKey == key && a.Id.CompareTo(id) < 0);
        return await Rows(db, same, null, null).Take(take).ToListAsync(cancel);
    }

    /// <summary>Alerts of a partner that fired at any moment between two instants, oldest first, at most 500.</summary>
    public async Task<IReadOnlyList<AlertRow>> DuringAsync(string partner, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var alerts = db.Set<Alert>().Where(a => a.FirstSeenAt <= to && (a.ResolvedAt == null || a.ResolvedAt >= from));
        var rows = await Rows(db, alerts, partner, null).Take(500).ToListAsync(cancel);
        return [.. rows.OrderBy(r => r.Alert.Id)];
    }

    /// <summary>The start of an alert is known more exactly.</summary>
    public async Task RefineAsync(Guid id, Onset onset, DateTimeOffset at, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("rules"), cancel);
        if (await db.Set<Alert>().SingleOrDefaultAsync(a => a.Id == id, cancel) is { } alert)
        {
            alert.Refine(onset, at);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.SaveAsync(cancel);
            await AnnounceAsync(db, alert, cancel);
            await transaction.CommitAsync(cancel);
        }
    }

    /// <summary>Tells open pages about an alert when the transaction commits; alerts are no audited things, so nothing else does.</summary>
    internal static Task AnnounceAsync(PortalContext db, Alert alert, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"SELECT pg_notify({ChangeFeed.Channel}, json_build_object('kind', {ChangeKind}, 'id', {alert.Id}, 'partnerId', {alert.PartnerId})::text)", cancel);

    /// <summary>Resolves alerts of rules that are not computed any more: removed, switched off, or their partner archived.</summary>
    internal static Task<int> ResolveAbandonedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var command = new NpgsqlCommand(
            """
            WITH done AS (
                UPDATE incidents.alerts a SET resolved_at = portal.now(), no_data_since = NULL, settled = false, last_seen_at = portal.now(),
                    history = a.history || jsonb_build_array(jsonb_build_object('at', portal.now(), 'what', 'Resolved: its rule is not computed any more.'))
                WHERE a.source = 'rule' AND a.resolved_at IS NULL AND NOT EXISTS (
                    SELECT FROM metrics.rules r JOIN partners.partners p ON p.id = r.partner_id AND p.archived_at IS NULL WHERE r.id = a.source_id AND r.enabled)
                RETURNING a.id, a.partner_id)
            SELECT count(pg_notify($1, json_build_object('kind', $2::text, 'id', id, 'partnerId', partner_id)::text))::int FROM done
            """, connection);
        command.Parameters.Add(new() { Value = ChangeFeed.Channel });
        command.Parameters.Add(new() { Value = ChangeKind });
        return RunAsync(command, cancel);
    }

    private static async Task<int> RunAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using (command)
        {
            return (int)(await command.ExecuteScalarAsync(cancel))!;
        }
    }

    private static IQueryable<AlertRow> Rows(PortalContext db, IQueryable<Alert> alerts, string? slug, string? only) =>
        from alert in alerts
        join partner in db.Partners on alert.PartnerId equals partner.Id
        join integration in db.Integrations on alert.IntegrationId equals integration.Id
        where (slug == null || partner.Slug == slug) && (only == null || integration.Slug == only)
        orderby alert.Id descending
        select new AlertRow(alert, partner.Slug, partner.Name, integration.Slug);
}
