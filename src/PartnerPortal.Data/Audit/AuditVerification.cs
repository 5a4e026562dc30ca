using System.Data;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

/// <summary>Checks the whole audit log against its hashes and against heads that were written down elsewhere, and names the first bad row.</summary>
/// <remarks>
/// What it can see: a row that was changed, removed, moved, put in, or whose hash was overwritten; rows cut off at the end, as
/// long as the head in the database or one written down elsewhere is left; a log that was rewritten with all its hashes, when a
/// head from before was written down. What nobody can see: rows that were removed within the second before they are chained,
/// and rewriting the end together with every head that was written down.
/// </remarks>
public sealed class AuditVerification(PortalDatabase database)
{
    /// <summary>Reads every row once, in one snapshot.</summary>
    /// <param name="written">Heads that were written down elsewhere.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<AuditVerdict> VerifyAsync(IReadOnlyList<AuditHead> written, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        db.Database.SetCommandTimeout(0);
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var kept = await db.Set<AuditHeadLine>().SingleOrDefaultAsync(cancel) is { } line ? AuditChain.Read(line) : AuditHead.Empty;
        var waiting = await db.Set<AuditEntry>().LongCountAsync(e => e.Position == null, cancel);
        var heads = written.Append(kept).Where(h => h.Position > 0).ToLookup(h => h.Position, h => h.Hash);
        var (previous, last) = (AuditSeal.Beginning, AuditHead.Empty);
        await foreach (var row in Chained(db).OrderBy(e => e.Position).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var due = last.Position + 1;
            var expected = AuditSeal.Of(previous, row, due);
            if (row.Position != due || row.Hash is null || !expected.AsSpan().SequenceEqual(row.Hash))
            {
                return new(last.Position, waiting, last, await NameAsync(db, previous, due, row, expected, cancel));
            }

            var head = new AuditHead(due, Convert.ToHexStringLower(expected));
            if (heads[due].Any(hash => hash != head.Hash))
            {
                return new(last.Position, waiting, last, new(due, AuditFault.Rewritten, row.Id,
                    $"Row {due} contradicts a head that was written down: it or a row before it was rewritten together with all hashes."));
            }

            (previous, last) = (expected, head);
        }

        return new(last.Position, waiting, last, End(last, kept, written));
    }

    private static IQueryable<AuditEntry> Chained(PortalContext db) => db.Set<AuditEntry>().Where(e => e.Position != null);

    private static AuditFinding? End(AuditHead last, AuditHead kept, IReadOnlyList<AuditHead> written)
    {
        var furthest = written.Append(kept).Max(h => h.Position);
        if (furthest > last.Position)
        {
            var lost = furthest - last.Position;
            return new(last.Position + 1, AuditFault.Missing, null,
                $"Row {last.Position + 1} is missing: the log once reached row {furthest}, and the last {(lost == 1 ? "row is" : $"{lost} rows are")} gone.");
        }

        return last.Position == kept.Position ? null
            : new(kept.Position + 1, AuditFault.Foreign, null, $"Row {kept.Position + 1} was put in by somebody else than the portal: its head says that the log ends at row {kept.Position}.");
    }

    // Why the place is bad: is the right row somewhere else, was only the hash overwritten, or the content changed?
    private static async Task<AuditFinding> NameAsync(PortalContext db, byte[] previous, long due, AuditEntry found, byte[] expected, CancellationToken cancel)
    {
        if (found.Position < due)
        {
            return new(found.Position!.Value, AuditFault.Foreign, found.Id, $"Row {found.Position} ({About(found)}) has a place that the portal never gives.");
        }

        await foreach (var row in Chained(db).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (row.Position != due && row.Hash is not null && AuditSeal.Of(previous, row, due).AsSpan().SequenceEqual(row.Hash))
            {
                return new(due, AuditFault.Moved, row.Id, $"Row {due} ({About(row)}) was moved to place {row.Position}.");
            }
        }

        if (found.Position != due)
        {
            return new(due, AuditFault.Missing, null, $"Row {due} is missing; the next one there is {found.Position} ({About(found)}).");
        }

        var next = await Chained(db).SingleOrDefaultAsync(e => e.Position == due + 1, cancel);
        return next?.Hash is not null && AuditSeal.Of(expected, next, due + 1).AsSpan().SequenceEqual(next.Hash)
            ? new(due, AuditFault.BrokenHash, found.Id, $"The hash of row {due} ({About(found)}) was overwritten; its content is what was written.")
            : new(due, AuditFault.Changed, found.Id, $"Row {due} ({About(found)}) was changed after it was written.");
    }

    private static string About(AuditEntry row) => $"{row.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {row.ActorName} {row.Action} {row.Kind} “{row.Title}”";
}
