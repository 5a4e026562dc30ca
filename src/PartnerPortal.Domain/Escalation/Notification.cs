namespace PartnerPortal.Domain.Escalation;

/// <summary>The way a message takes.</summary>
public enum ChannelKind
{
    /// <summary>Mail over SMTP; the address is a mail address.</summary>
    Mail,

    /// <summary>A text message; the address is a number in E.164.</summary>
    Sms,

    /// <summary>A call in which a voice reads the message; the address is a number in E.164.</summary>
    Voice,

    /// <summary>A Slack-compatible incoming webhook; the address is its URL.</summary>
    Slack,

    /// <summary>A Teams-compatible incoming webhook; the address is its URL.</summary>
    Teams,

    /// <summary>An ntfy topic; the address is its URL.</summary>
    Ntfy,

    /// <summary>A signed webhook; the address is its URL.</summary>
    Webhook,

    /// <summary>A PagerDuty service; the address is its routing key.</summary>
    Pagerduty,

    /// <summary>An Opsgenie service; the address is its API key.</summary>
    Opsgenie,
}

/// <summary>Why a message is sent.</summary>
public enum NotificationKind
{
    /// <summary>Somebody is asked to take an incident.</summary>
    Page,

    /// <summary>Who was paged learns that somebody has it.</summary>
    Acknowledged,

    /// <summary>Who was paged learns that it is over; never held back.</summary>
    Resolved,

    /// <summary>What happened to an incident that somebody follows.</summary>
    Update,

    /// <summary>A person tries their own channels.</summary>
    Test,

    /// <summary>Low-urgency news of a while, together.</summary>
    Digest,

    /// <summary>A message to the partner about an incident.</summary>
    Partner,
}

/// <summary>How far a message is.</summary>
public enum NotificationState
{
    /// <summary>It waits until it is due.</summary>
    Pending,

    /// <summary>A portal has it in its hands, under a lease.</summary>
    Sending,

    /// <summary>The next hop accepted it.</summary>
    Sent,

    /// <summary>It could not be delivered, and no try is left.</summary>
    Failed,

    /// <summary>It was not needed any more: somebody took the incident, or it was bundled into another message.</summary>
    Dropped,
}

/// <summary>One message to one address: a row of the outbox. It is written in the transaction that decided it, and sent afterwards.</summary>
public sealed class Notification
{
    private Notification()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>What makes it one message: a second one with the same key is never written. Also the idempotency key and the Message-ID towards the next hop.</summary>
    public string Key { get; private init; } = "";

    /// <summary>Why it is sent.</summary>
    public NotificationKind Kind { get; private init; }

    /// <summary>Whether an incident waits for it: it is sent at any hour, and when its channel fails the next one is used at once.</summary>
    public bool Critical { get; private init; }

    /// <summary>The incident it is about; null for tests and digests.</summary>
    public Guid? IncidentId { get; private init; }

    /// <summary>The step of a run that decided it; null when no step did.</summary>
    public Guid? StepId { get; private init; }

    /// <summary>Whom it is for: a mail address of ours, partner/contact, or the name of a service.</summary>
    public string Recipient { get; private init; } = "";

    /// <summary>What people call the recipient.</summary>
    public string RecipientName { get; private init; } = "";

    /// <summary>The way it takes.</summary>
    public ChannelKind Channel { get; private init; }

    /// <summary>Where it goes, as far as it may be seen; what it is depends on the channel. Messages to the same address share its limits.</summary>
    public string Address { get; private init; } = "";

    /// <summary>The channel or service that was entered for it, whose secret is read when it is sent; null when the address is all that is needed.</summary>
    public Guid? ChannelId { get; private init; }

    /// <summary>The place of this channel in the recipient's order, from 0.</summary>
    public int Rank { get; private init; }

    /// <summary>What it says.</summary>
    public NotificationText Text { get; private init; } = default!;

    /// <summary>How far it is.</summary>
    public NotificationState State { get; private set; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it is to be sent, or tried again.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>How often it was handed over.</summary>
    public int Attempts { get; private set; }

    /// <summary>Until when a portal has it in its hands; null when none has.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Grows with every lease: a portal that froze and woke up late cannot write any more.</summary>
    public long Fence { get; private set; }

    /// <summary>When the next hop accepted it.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Why the last try failed, or why it was dropped.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a portal died with it in its hands: it was sent again with the same key, and may have arrived twice.</summary>
    public bool PossiblyTwice { get; private set; }

    /// <summary>What the next hop calls it.</summary>
    public string? ProviderId { get; private set; }

    /// <summary>The message inside which this one went out, because several waited for the same recipient; null when it went out by itself.</summary>
    public Guid? SentWith { get; private set; }

    /// <summary>Writes a message down.</summary>
    public static Notification Write(NotificationDraft draft, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Key = draft.Key,
        Kind = draft.Kind,
        Critical = draft.Critical,
        IncidentId = draft.IncidentId,
        StepId = draft.StepId,
        Recipient = draft.Recipient,
        RecipientName = draft.RecipientName,
        Channel = draft.Channel,
        Address = draft.Address,
        ChannelId = draft.ChannelId,
        Rank = draft.Rank,
        Text = draft.Text,
        CreatedAt = at,
        DueAt = draft.DueAt ?? at,
    };
}

/// <summary>What a message says, in parts: each channel takes those that it can show.</summary>
/// <param name="Title">One line, at most 200 characters.</param>
/// <param name="Body">Plain text; lines end with \n.</param>
/// <param name="Url">The signed page of the incident for this recipient; null when there is none.</param>
/// <param name="IncidentLabel">What people call the incident, such as INC-214.</param>
/// <param name="Severity">How bad.</param>
public sealed record NotificationText(string Title, string Body, string? Url = null, string? IncidentLabel = null, Incidents.Severity? Severity = null)
{
    private const int Shown = 10;

    /// <summary>Several messages as one: the first ten by title and address, the rest as a number. Two about the same thing are one line.</summary>
    /// <param name="texts">What is said, the most urgent first; one at least.</param>
    public static NotificationText Together(IReadOnlyList<NotificationText> texts)
    {
        var lines = texts.DistinctBy(t => t.Title).ToList();
        if (lines is [var only])
        {
            return texts[0] with { Title = only.Title };
        }

        var more = lines.Count - Shown;
        return texts[0] with
        {
            Title = $"{lines.Count} messages: {(lines[0].Title.Length > 150 ? lines[0].Title[..149] + "…" : lines[0].Title)}",
            Body = string.Join('\n', lines.Take(Shown).Select(t => t.Url is { } url ? $"{t.Title}\n  {url}" : t.Title).Concat(more > 0 ? [$"and {more} more"] : [])),
            Severity = lines.Min(t => t.Severity),
        };
    }
}

/// <summary>A message that is to be sent; see <see cref="Notification"/> for each part.</summary>
public sealed record NotificationDraft(
    string Key, NotificationKind Kind, bool Critical, string Recipient, string RecipientName, ChannelKind Channel, string Address, NotificationText Text,
    Guid? IncidentId = null, Guid? StepId = null, int Rank = 0, DateTimeOffset? DueAt = null, Guid? ChannelId = null);

/// <summary>One way to reach somebody.</summary>
/// <param name="Channel">The way.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="After">How long after the page this way is used, unless somebody took the incident before.</param>
/// <param name="ChannelId">The channel that was entered for it; null for a bare mail address.</param>
public sealed record ContactRoute(ChannelKind Channel, string Address, TimeSpan After = default, Guid? ChannelId = null)
{
    /// <summary>The ways to somebody who chose none: mail at once; none when there is no address, and somebody of ours must call.</summary>
    public static IReadOnlyList<ContactRoute> Usual(string? mail) => string.IsNullOrEmpty(mail) ? [] : [new(ChannelKind.Mail, mail)];
}
