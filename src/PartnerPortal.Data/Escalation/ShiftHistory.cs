using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>Writes down who was on call, and reads it back.</summary>
internal static class ShiftHistory
{
    /// <summary>Lets nobody else write down shifts until the transaction ends: a save and the module may come in the same moment.</summary>
    public static async Task<IDbContextTransaction> AloneAsync(PortalContext db, CancellationToken cancel)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('portal shifts'))", cancel);
        return transaction;
    }

    /// <summary>Writes down what passed since the last time, by the schedule as it was until now. Call it before the schedule changes.</summary>
    public static async Task RecordAsync(PortalContext db, Schedule schedule, DateTimeOffset now, CancellationToken cancel)
    {
        var last = await db.Set<ShiftRow>().Where(s => s.ScheduleId == schedule.Id).OrderByDescending(s => s.From).FirstOrDefaultAsync(cancel);
        if (last is null)
        {
            db.Add(Row(schedule, new(now, now, new OnCallTimes(schedule).At(now))));
            return;
        }

        foreach (var span in new OnCallTimes(schedule).Between(last.Until, now))
        {
            if (last.People.SequenceEqual(span.People))
            {
                last.Until = span.To;
            }
            else
            {
                db.Add(last = Row(schedule, span));
            }
        }
    }

    /// <summary>Who was on call at a moment of the past; null where nothing was written down.</summary>
    public static async Task<OnCallSpan?> AtAsync(PortalContext db, Guid schedule, DateTimeOffset at, CancellationToken cancel) =>
        await db.Set<ShiftRow>().Where(s => s.ScheduleId == schedule && s.From <= at && s.Until > at).Select(s => new OnCallSpan(s.From, s.Until, s.People)).FirstOrDefaultAsync(cancel);

    /// <summary>What was written down of a stretch of time, in order.</summary>
    public static async Task<IReadOnlyList<OnCallSpan>> BetweenAsync(PortalContext db, Guid schedule, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        await db.Set<ShiftRow>().Where(s => s.ScheduleId == schedule && s.From < to && s.Until > from).OrderBy(s => s.From).Select(s => new OnCallSpan(s.From, s.Until, s.People)).ToListAsync(cancel);

    private static ShiftRow Row(Schedule schedule, OnCallSpan span) => new() { Id = Guid.CreateVersion7(span.From), ScheduleId = schedule.Id, From = span.From, Until = span.To, People = span.People };
}
