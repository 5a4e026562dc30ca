using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>Schedules in the database. Before one changes, what passed is written down by what it was.</summary>
public sealed class ScheduleStore(PortalDatabase database)
{
    /// <summary>Every schedule by name.</summary>
    public async Task<IReadOnlyList<Schedule>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Schedule>().OrderBy(s => s.Name).ThenBy(s => s.Slug).ToListAsync(cancel);
    }

    /// <summary>One schedule.</summary>
    /// <exception cref="NotThere">No schedule has this slug.</exception>
    public async Task<Schedule> GetAsync(string slug, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Schedule>().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw Nobody(slug);
    }

    /// <summary>Who is, was or will be on call at a moment, and until when. The past is answered from what was written down.</summary>
    /// <exception cref="NotThere">No schedule has this slug.</exception>
    public async Task<(IReadOnlyList<string> People, DateTimeOffset? Until)> OnCallAsync(string slug, DateTimeOffset at, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var schedule = await db.Set<Schedule>().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw Nobody(slug);
        return at < database.Now && await ShiftHistory.AtAsync(db, schedule.Id, at, cancel) is { } was ? (was.People, was.To) : new OnCallTimes(schedule).Now(at);
    }

    /// <summary>Who is on call between two moments, gaps included; the past from what was written down, where something was.</summary>
    /// <exception cref="NotThere">No schedule has this slug.</exception>
    /// <exception cref="FieldsRefused">The stretch is empty or longer than a year.</exception>
    public async Task<IReadOnlyList<OnCallSpan>> ShiftsAsync(string slug, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        if (to <= from || to - from > TimeSpan.FromDays(370))
        {
            throw new FieldsRefused("to", "Ask for a stretch of at most a year, with from before to.");
        }

        await using var db = await database.ReadAsync(cancel);
        var schedule = await db.Set<Schedule>().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw Nobody(slug);
        var known = from < database.Now ? await ShiftHistory.BetweenAsync(db, schedule.Id, from, to, cancel) : [];
        if (known.Count == 0)
        {
            return new OnCallTimes(schedule).Between(from, to);
        }

        var times = new OnCallTimes(schedule);
        return Joined(
        [
            .. known[0].From > from ? times.Between(from, known[0].From) : [],
            .. known.Select(s => s with { From = s.From < from ? from : s.From, To = s.To > to ? to : s.To }),
            .. known[^1].To < to ? times.Between(known[^1].To, to) : [],
        ]);
    }

    // Where what was written down meets what is computed, the same people are one shift.
    private static List<OnCallSpan> Joined(IReadOnlyList<OnCallSpan> spans)
    {
        List<OnCallSpan> joined = [];
        foreach (var span in spans.Where(s => s.To > s.From))
        {
            if (joined is [.., var last] && last.People.SequenceEqual(span.People))
            {
                joined[^1] = last with { To = span.To };
            }
            else
            {
                joined.Add(span);
            }
        }

        return joined;
    }

    /// <summary>Saves a schedule under a slug: a new one, or the one that is there changed.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version than the one read.</exception>
    public async Task<(Schedule Schedule, bool IsNew)> SaveAsync(string? slug, ScheduleDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var alone = await ShiftHistory.AloneAsync(db, cancel);
        var found = slug is null ? null : await db.Set<Schedule>().SingleOrDefaultAsync(s => s.Slug == slug, cancel);
        if (found is not null && version is { } read && read != found.Version)
        {
            throw new ChangedMeanwhile(found);
        }

        if (found is not null)
        {
            await ShiftHistory.RecordAsync(db, found, database.Now, cancel);
        }

        var schedule = found ?? Schedule.Enter(draft with { Slug = slug ?? draft.Slug }, database.Now);
        found?.Change(draft);
        if (found is null)
        {
            db.Add(schedule);
            await ShiftHistory.RecordAsync(db, schedule, database.Now, cancel);
        }

        await db.SaveAsync(cancel, () => new AlreadyTaken("slug", $"Another schedule already is called {schedule.Slug}. Choose another slug."));
        await alone.CommitAsync(cancel);
        return (schedule, found is null);
    }

    /// <summary>Changes who is on call between two moments. Own shifts may be given away or taken by whoever responds; others need the right to edit schedules.</summary>
    /// <exception cref="RuleBroken">Another override speaks about the same person at the same time.</exception>
    /// <exception cref="NotAllowed">It is about somebody else's shifts.</exception>
    public async Task<ScheduleOverride> OverrideAsync(string slug, OverrideDraft draft, Actor by, CancellationToken cancel)
    {
        if (!string.Equals(draft.Out?.Trim(), by.Name, StringComparison.OrdinalIgnoreCase) && !string.Equals(draft.In?.Trim(), by.Name, StringComparison.OrdinalIgnoreCase))
        {
            by.Need(Right.EditPolicies);
        }

        ScheduleOverride? added = null;
        await EditAsync(slug, by, schedule => added = schedule.Override(draft, by.Name, database.Now), cancel);
        return added!;
    }

    /// <summary>Takes an override back.</summary>
    /// <exception cref="NotThere">There is no such override.</exception>
    /// <exception cref="NotAllowed">It is about somebody else's shifts.</exception>
    public Task WithdrawAsync(string slug, Guid id, Actor by, CancellationToken cancel) => EditAsync(slug, by, schedule =>
    {
        if (!schedule.Withdraw(id).Users.Contains(by.Name, StringComparer.OrdinalIgnoreCase))
        {
            by.Need(Right.EditPolicies);
        }
    }, cancel);

    /// <summary>Removes a schedule that no policy calls.</summary>
    /// <exception cref="RuleBroken">A policy calls it.</exception>
    public async Task RemoveAsync(string slug, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.Set<Schedule>().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw Nobody(slug);
        // Policies are few, so the steps are read rather than searched.
        found.MakeSureItMayGo([.. (await db.EscalationPolicies.AsNoTracking().ToListAsync(cancel))
            .Where(p => p.Steps.Any(s => s.Targets.Contains(new Target(TargetKind.Schedule, slug)))).Select(p => p.Name).Order(StringComparer.CurrentCultureIgnoreCase)]);
        db.Remove(found);
        await db.SaveAsync(cancel);
    }

    /// <summary>Writes down who was on call since the last time, for every schedule.</summary>
    public async Task RecordAsync(CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(Actor.Portal("shifts"), cancel);
        await using var alone = await ShiftHistory.AloneAsync(db, cancel);
        foreach (var schedule in await db.Set<Schedule>().AsNoTracking().ToListAsync(cancel))
        {
            await ShiftHistory.RecordAsync(db, schedule, database.Now, cancel);
        }

        await db.SaveAsync(cancel);
        await alone.CommitAsync(cancel);
    }

    private async Task EditAsync(string slug, Actor by, Action<Schedule> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var alone = await ShiftHistory.AloneAsync(db, cancel);
        var found = await db.Set<Schedule>().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw Nobody(slug);
        await ShiftHistory.RecordAsync(db, found, database.Now, cancel);
        edit(found);
        await db.SaveAsync(cancel);
        await alone.CommitAsync(cancel);
    }

    private static NotThere Nobody(string slug) => new($"schedule called {slug}");
}
