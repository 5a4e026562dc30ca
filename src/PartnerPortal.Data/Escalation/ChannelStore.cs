using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>A channel with the last message that took it.</summary>
public sealed record ChannelRow(Channel Channel, Notification? Last);

/// <summary>A channel that was entered; the signing secret that was made for it is shown this once.</summary>
public sealed record EnteredChannel(Channel Channel, string? Secret);

/// <summary>People's own channels and habits. Everybody sees and changes only their own.</summary>
public sealed class ChannelStore(PortalDatabase database, FieldCipher cipher)
{
    /// <summary>What open pages are told about a channel.</summary>
    public const string ChangeKind = "channel";

    private const int Most = 10;

    /// <summary>Somebody's channels, in their order.</summary>
    public async Task<IReadOnlyList<ChannelRow>> MineAsync(Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await RowsAsync(db, db.Set<Channel>().Where(c => c.Owner == by.Name).OrderBy(c => c.Order).ThenBy(c => c.Id), cancel);
    }

    /// <summary>Adds a channel behind the others.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">There are ten already.</exception>
    public async Task<EnteredChannel> AddAsync(ChannelDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var count = await db.Set<Channel>().CountAsync(c => c.Owner == by.Name, cancel);
        if (count >= Most)
        {
            throw new RuleBroken("Ten channels are enough. Remove one first.");
        }

        var (with, made) = WithSecret(draft);
        var channel = Channel.Enter(by.Name, with, count, Seal, database.Now);
        db.Add(channel);
        await db.SaveAsync(cancel);
        return new(channel, made);
    }

    /// <summary>Changes one's own channel.</summary>
    /// <exception cref="NotThere">It is not there, or somebody else's.</exception>
    public Task<Channel> ChangeAsync(Guid id, ChannelDraft draft, Actor by, CancellationToken cancel) => EditAsync(id, by, (_, channel) => channel.Change(draft, Seal), cancel);

    /// <summary>Removes one's own channel. What is still to be sent over it takes the next one.</summary>
    /// <exception cref="NotThere">It is not there, or somebody else's.</exception>
    public Task RemoveAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, by, (db, channel) => db.Remove(channel), cancel);

    /// <summary>Puts one's channels in an order; those that are not named come last.</summary>
    public async Task OrderAsync(IReadOnlyList<Guid> ids, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var own = await db.Set<Channel>().Where(c => c.Owner == by.Name).OrderBy(c => c.Order).ThenBy(c => c.Id).ToListAsync(cancel);
        var (place, wanted) = (0, ids.ToList());
        foreach (var channel in own.OrderBy(c => wanted.IndexOf(c.Id) is var found && found < 0 ? int.MaxValue : found))
        {
            channel.Move(place++);
        }

        await db.SaveAsync(cancel);
    }

    /// <summary>Sends a test over some of one's channels, each with figures of its own.</summary>
    /// <param name="id">The channel; null for all of them.</param>
    /// <param name="by">Whose.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="NotThere">It is not there, or somebody else's.</exception>
    /// <exception cref="RuleBroken">It was tested within this minute.</exception>
    public async Task<IReadOnlyList<Channel>> TestAsync(Guid? id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var own = await db.Set<Channel>().Where(c => c.Owner == by.Name && (id == null || c.Id == id)).ToListAsync(cancel);
        if (id is not null && own.Count == 0)
        {
            throw new NotThere("such channel");
        }

        await TestAsync(db, own, by.Name, database.Now, cancel);
        return own;
    }

    /// <summary>Somebody types the figures of a test: the channel is proven.</summary>
    /// <exception cref="FieldsRefused">They are others.</exception>
    public async Task<Channel> ProveAsync(Guid id, string? code, Actor by, CancellationToken cancel)
    {
        FieldsRefused? wrong = null;
        var channel = await EditAsync(id, by, (_, found) =>
        {
            try
            {
                found.Prove(code, database.Now);
            }
            catch (FieldsRefused refused)
            {
                // The wrong guess is kept, so that there is no second one.
                wrong = refused;
            }
        }, cancel);
        return wrong is null ? channel : throw wrong;
    }

    /// <summary>When somebody wants to hear what can wait.</summary>
    public async Task<NotificationHabits> HabitsAsync(Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await ReadHabitsAsync(db, by, cancel) ?? throw new NotThere("such person");
    }

    /// <summary>Saves one's own habits.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<NotificationHabits> SaveHabitsAsync(HabitsDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var habits = await db.Set<NotificationHabits>().SingleOrDefaultAsync(h => h.Owner == by.Name, cancel);
        if (habits is null)
        {
            db.Add(habits = (await ReadHabitsAsync(db, by, cancel))!);
        }

        habits.Change(draft);
        await db.SaveAsync(cancel, () => new AlreadyTaken("timeZone", "These were saved in another tab a moment ago. Load the page again."));
        return habits;
    }

    internal byte[] Seal(Guid channel, string secret) => cipher.Seal(secret, NotificationStore.Place(channel));

    // A signed webhook needs a secret that both sides know.
    internal static (ChannelDraft Draft, string? Made) WithSecret(ChannelDraft draft)
    {
        if (!string.IsNullOrWhiteSpace(draft.Secret) || !Words.TryParse<ChannelKind>(draft.Kind ?? "", out var kind) || kind != ChannelKind.Webhook)
        {
            return (draft, null);
        }

        var made = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        return (draft with { Secret = made }, made);
    }

    internal static async Task<IReadOnlyList<ChannelRow>> RowsAsync(PortalContext db, IQueryable<Channel> channels, CancellationToken cancel)
    {
        var rows = await channels.Select(c => new { Channel = c, Last = db.Set<Notification>().Where(n => n.ChannelId == c.Id).OrderByDescending(n => n.Id).FirstOrDefault() }).ToListAsync(cancel);
        return [.. rows.Select(r => new ChannelRow(r.Channel, r.Last))];
    }

    internal static async Task TestAsync(PortalContext db, IReadOnlyList<Channel> channels, string by, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (var channel in channels)
        {
            if (channel.TestedAt > at - TimeSpan.FromSeconds(20))
            {
                throw new RuleBroken($"{channel.Name} was tested a moment ago. Wait for that message first.");
            }

            channel.Test(RandomNumberGenerator.GetInt32(0, 10_000).ToString("D4", CultureInfo.InvariantCulture), at);
            var text = new NotificationText($"PartnerPortal test: {channel.Code}", $"{by} tests this channel. Type {channel.Code} on the page to prove that this arrived. Nothing is wrong.");
            db.Add(Notification.Write(
                new($"{channel.Id:N}.test.{at.ToUnixTimeMilliseconds()}", NotificationKind.Test, false, channel.Owner ?? Callee.ServiceMark + channel.Slug, channel.Name, channel.Kind, channel.Address,
                    text, ChannelId: channel.Id), at));
        }

        await db.SaveAsync(cancel);
    }

    private async Task<NotificationHabits?> ReadHabitsAsync(PortalContext db, Actor by, CancellationToken cancel)
    {
        var upper = by.Name.ToUpperInvariant();
        return await db.Set<NotificationHabits>().AsNoTracking().SingleOrDefaultAsync(h => h.Owner == by.Name, cancel)
            ?? NotificationHabits.Usual(by.Name, await db.Users.Where(u => u.NormalizedEmail == upper).Select(u => u.TimeZone).SingleOrDefaultAsync(cancel), database.Now);
    }

    private async Task<Channel> EditAsync(Guid id, Actor by, Action<PortalContext, Channel> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var channel = await db.Set<Channel>().SingleOrDefaultAsync(c => c.Id == id && c.Owner == by.Name, cancel) ?? throw new NotThere("such channel");
        edit(db, channel);
        await db.SaveAsync(cancel);
        return channel;
    }
}
