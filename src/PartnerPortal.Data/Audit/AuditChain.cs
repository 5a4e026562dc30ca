using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

/// <summary>Gives committed audit rows their place and hash.</summary>
/// <remarks>
/// The place is the order in which the chain saw a row, never its time or id: a row that commits late, behind rows with newer
/// ids, simply comes next. What is looked for is "has no place yet", so no row can be skipped. The head's row is locked while
/// places are given; even a second chainer that believes in an old lease can only wait and then go on after the first.
/// </remarks>
public sealed class AuditChain(PortalDatabase database)
{
    private const int Batch = 500;

    /// <summary>Chains everything that is committed and has no place yet.</summary>
    /// <returns>The newest row then.</returns>
    /// <exception cref="InvalidOperationException">The log was tampered with at its end; verification says more.</exception>
    public async Task<AuditHead> ChainAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (head, chained) = await ChainBatchAsync(cancel);
            if (chained < Batch)
            {
                return head;
            }
        }
    }

    private async Task<(AuditHead Head, int Chained)> ChainBatchAsync(CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("audit"), cancel);
        // Most runs find nothing; they take no lock.
        if (!await db.Set<AuditEntry>().AnyAsync(e => e.Position == null, cancel))
        {
            return (await db.Set<AuditHeadLine>().AsNoTracking().SingleOrDefaultAsync(cancel) is { } kept ? Read(kept) : AuditHead.Empty, 0);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"INSERT INTO audit.heads (id, position, hash) VALUES (1, 0, {AuditSeal.Beginning}) ON CONFLICT DO NOTHING", cancel);
        var line = await db.Set<AuditHeadLine>().FromSql($"SELECT * FROM audit.heads WHERE id = 1 FOR UPDATE").AsNoTracking().SingleAsync(cancel);
        await RefuseTamperedEndAsync(db, line, cancel);
        var rows = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.Position == null).OrderBy(e => e.At).ThenBy(e => e.Id).Take(Batch).ToListAsync(cancel);
        var (position, hash) = (line.Position, line.Hash);
        var places = new (Guid Id, long Position, byte[] Hash)[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            hash = AuditSeal.Of(hash, rows[i], ++position);
            places[i] = (rows[i].Id, position, hash);
        }

        await db.Database.ExecuteSqlRawAsync(
            "UPDATE audit.entries e SET position = p.position, hash = p.hash FROM unnest(@ids, @positions, @hashes) AS p (id, position, hash) WHERE e.id = p.id",
            [
                Parameter("ids", NpgsqlDbType.Uuid, places.Select(p => p.Id).ToArray()),
                Parameter("positions", NpgsqlDbType.Bigint, places.Select(p => p.Position).ToArray()),
                Parameter("hashes", NpgsqlDbType.Bytea, places.Select(p => p.Hash).ToArray()),
            ],
            cancel);
        await db.Database.ExecuteSqlAsync($"UPDATE audit.heads SET position = {position}, hash = {hash} WHERE id = 1", cancel);
        await transaction.CommitAsync(cancel);
        return (new AuditHead(position, Convert.ToHexStringLower(hash)), rows.Count);
    }

    private static async Task RefuseTamperedEndAsync(PortalContext db, AuditHeadLine head, CancellationToken cancel)
    {
        var last = await db.Set<AuditEntry>().MaxAsync(e => e.Position, cancel) ?? 0;
        if (last != head.Position)
        {
            throw new InvalidOperationException($"The audit log ends at row {last}, but its head says {head.Position}: somebody else than the portal wrote to it. Run: portal audit verify");
        }
    }

    internal static AuditHead Read(AuditHeadLine line) => new(line.Position, Convert.ToHexStringLower(line.Hash));

    private static Npgsql.NpgsqlParameter Parameter(string name, NpgsqlDbType element, object value) =>
        new(name, NpgsqlDbType.Array | element) { Value = value };
}
