using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>A feed with its schedule's name; null for one's own shifts.</summary>
public sealed record ShiftFeedRow(ShiftFeed Feed, string? Schedule);

/// <summary>Calendars of shifts. People see and revoke their own; what a feed shows is read with its secret.</summary>
public sealed class ShiftFeedStore(PortalDatabase database, ScheduleStore schedules)
{
    private static readonly TimeSpan Back = TimeSpan.FromDays(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(90);

    /// <summary>Makes a feed.</summary>
    /// <param name="schedule">Slug of a schedule; null for one's own shifts in all of them.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The feed, and its secret, shown this once.</returns>
    /// <exception cref="NotThere">No schedule has this slug.</exception>
    public async Task<(ShiftFeed Feed, string Secret)> MakeAsync(string? schedule, Actor by, CancellationToken cancel)
    {
        var found = string.IsNullOrWhiteSpace(schedule) ? null : await schedules.GetAsync(schedule.Trim(), cancel);
        await using var db = await database.WriteAsync(by, cancel);
        if (await db.Set<ShiftFeed>().CountAsync(f => f.Owner == by.Name, cancel) >= 20)
        {
            throw new RuleBroken("Twenty calendar feeds are enough. Revoke one first.");
        }

        var (feed, secret) = ShiftFeed.Make(by.Name, found?.Id, database.Now);
        db.Add(feed);
        await db.SaveAsync(cancel);
        return (feed, secret);
    }

    /// <summary>One's own feeds, the newest first.</summary>
    public async Task<IReadOnlyList<ShiftFeedRow>> MineAsync(Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<ShiftFeed>().Where(f => f.Owner == by.Name).OrderByDescending(f => f.Id)
            .Select(f => new ShiftFeedRow(f, db.Set<Schedule>().Where(s => s.Id == f.ScheduleId).Select(s => s.Name).FirstOrDefault())).ToListAsync(cancel);
    }

    /// <summary>Ends one's own feed: its address answers nothing any more.</summary>
    /// <exception cref="NotThere">It is not there, or somebody else's.</exception>
    public async Task RevokeAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        db.Remove(await db.Set<ShiftFeed>().SingleOrDefaultAsync(f => f.Id == id && f.Owner == by.Name, cancel) ?? throw new NotThere("such calendar feed"));
        await db.SaveAsync(cancel);
    }

    /// <summary>The shifts of a feed from 30 days back to 90 days ahead, the past from what was written down.</summary>
    /// <exception cref="NotThere">No feed has this secret, it was revoked, or its owner's account is closed.</exception>
    public async Task<IReadOnlyList<CalendarShift>> ReadAsync(string secret, CancellationToken cancel)
    {
        var hash = ShiftFeed.HashOf(secret);
        await using var db = await database.ReadAsync(cancel);
        var feed = await db.Set<ShiftFeed>().AsNoTracking().SingleOrDefaultAsync(f => f.Hash == hash, cancel) ?? throw new NotThere("such calendar feed");
        var upper = feed.Owner.ToUpperInvariant();
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == upper && u.DisabledAt != null, cancel))
        {
            throw new NotThere("such calendar feed");
        }

        var now = database.Now;
        await db.Set<ShiftFeed>().Where(f => f.Id == feed.Id && (f.ReadAt == null || f.ReadAt < now.AddHours(-1))).ExecuteUpdateAsync(set => set.SetProperty(f => f.ReadAt, now), cancel);
        List<CalendarShift> shifts = [];
        foreach (var schedule in (await schedules.ListAsync(cancel)).Where(s => feed.ScheduleId is null || s.Id == feed.ScheduleId))
        {
            shifts.AddRange(CalendarShift.Of(schedule, await schedules.ShiftsAsync(schedule.Slug, now - Back, now + Ahead, cancel), feed.ScheduleId is null ? feed.Owner : null));
        }

        return shifts;
    }
}

internal sealed class ShiftFeedTables : IEntityTypeConfiguration<ShiftFeed>
{
    public void Configure(EntityTypeBuilder<ShiftFeed> builder)
    {
        builder.ToTable("shift_feeds", "escalation");
        builder.HasKey(f => f.Id);
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Owner).HasMaxLength(254);
        builder.HasIndex(f => f.Owner);
        builder.HasIndex(f => f.Hash).IsUnique();
        builder.HasOne<Schedule>().WithMany().HasForeignKey(f => f.ScheduleId).OnDelete(DeleteBehavior.Cascade);
    }
}
