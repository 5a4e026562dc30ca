namespace PartnerPortal.Domain.Escalation;

/// <summary>Messages of one sort share the limits of a destination.</summary>
public enum MessageSort
{
    /// <summary>Pages.</summary>
    Page,

    /// <summary>Somebody has it, or it is over.</summary>
    Status,

    /// <summary>News that can wait.</summary>
    News,

    /// <summary>Tests and messages to a partner: each goes out by itself, at once.</summary>
    Alone,
}

/// <summary>At most so many messages in a stretch of time.</summary>
/// <param name="Sort">Which messages.</param>
/// <param name="Per">The stretch.</param>
/// <param name="Most">How many.</param>
public sealed record DestinationLimit(MessageSort Sort, TimeSpan Per, int Most);

/// <summary>
/// How much one destination gets. What is over the limit waits, and everything that waits for the same recipient then goes out as one message,
/// so a storm is one message a minute and not a thousand. Figures of voice, text and mail as GoAlert's (engine/message, Apache-2.0) publishes them.
/// </summary>
public static class DestinationLimits
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly DestinationLimit[] Mail = [new(MessageSort.Page, Minute, 1), new(MessageSort.Status, Minute, 1), new(MessageSort.News, Minute, 1)];
    private static readonly DestinationLimit[] Chat =
        [new(MessageSort.Page, TimeSpan.FromSeconds(10), 1), new(MessageSort.Status, TimeSpan.FromSeconds(10), 1), new(MessageSort.News, TimeSpan.FromSeconds(10), 1)];

    private static readonly DestinationLimit[] PhoneStatus =
    [
        .. new[] { MessageSort.Status, MessageSort.News }.SelectMany(sort => new DestinationLimit[] { new(sort, 3 * Minute, 1), new(sort, 20 * Minute, 3), new(sort, 2 * Hour, 8) }),
    ];

    private static readonly DestinationLimit[] Text = [new(MessageSort.Page, Minute, 1), new(MessageSort.Page, 15 * Minute, 5), new(MessageSort.Page, Hour, 11), new(MessageSort.Page, 3 * Hour, 21), .. PhoneStatus];
    private static readonly DestinationLimit[] Voice = [new(MessageSort.Page, Minute, 1), new(MessageSort.Page, 15 * Minute, 3), new(MessageSort.Page, Hour, 7), new(MessageSort.Page, 3 * Hour, 15), .. PhoneStatus];

    /// <summary>The limits of each destination of a channel; empty for programs, which take every message by itself.</summary>
    public static IReadOnlyList<DestinationLimit> Of(ChannelKind channel) => channel switch
    {
        ChannelKind.Mail => Mail,
        ChannelKind.Sms => Text,
        ChannelKind.Voice => Voice,
        ChannelKind.Slack or ChannelKind.Teams or ChannelKind.Ntfy => Chat,
        _ => [],
    };

    /// <summary>Whether what waits for one recipient goes out together.</summary>
    public static bool Bundles(ChannelKind channel) => Of(channel).Count > 0;

    /// <summary>How many messages of a channel go out in five seconds at most, whoever they are for; null for no limit.</summary>
    public static int? InFiveSeconds(ChannelKind channel) => channel is ChannelKind.Sms or ChannelKind.Voice ? 5 : null;

    /// <summary>The sort of a message.</summary>
    public static MessageSort SortOf(NotificationKind kind) => kind switch
    {
        NotificationKind.Page => MessageSort.Page,
        NotificationKind.Acknowledged or NotificationKind.Resolved => MessageSort.Status,
        NotificationKind.Update or NotificationKind.Digest => MessageSort.News,
        _ => MessageSort.Alone,
    };
}
