using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>What the background work reads and writes of targets: values that were computed. People's versions are left alone.</summary>
public sealed class TargetReadingStore(PortalDatabase database)
{
    /// <summary>Targets that an expression proves, those first whose value is the oldest.</summary>
    public async Task<IReadOnlyList<TargetRow>> BoundAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var bound = db.Set<Target>().Where(t => t.Query != null && t.NotApplicable == "" && db.Partners.Any(p => p.Id == t.PartnerId && p.ArchivedAt == null));
        var rows = await TargetStore.Rows(db, bound, null, null).ToListAsync(cancel);
        return [.. rows.OrderBy(r => r.Target.Reading?.At ?? DateTimeOffset.MinValue)];
    }

    /// <summary>Keeps a computed value, unless the expression was changed meanwhile, and tells open pages when the state moved.</summary>
    /// <param name="target">The target as it was read.</param>
    /// <param name="seen">What was computed.</param>
    /// <param name="moved">Whether the state is another one now.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task KeepAsync(Target target, TargetObservation seen, bool moved, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            """
            WITH kept AS (UPDATE reviews.targets SET reading = $1 WHERE id = $2 AND query = $3 RETURNING id, partner_id)
            SELECT count(pg_notify($4, json_build_object('kind', $5::text, 'id', id, 'partnerId', partner_id)::text)) FROM kept WHERE $6
            """);
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(seen, JsonColumn.Options), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = target.Id });
        command.Parameters.Add(new() { Value = target.Query! });
        command.Parameters.Add(new() { Value = ChangeFeed.Channel });
        command.Parameters.Add(new() { Value = TargetStore.ChangeKind });
        command.Parameters.Add(new() { Value = moved });
        await command.ExecuteScalarAsync(cancel);
    }
}
