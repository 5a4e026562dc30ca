using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>
/// One way in which messages reach somebody: a person's own channel, or a service of the company that policies can call by its slug.
/// What must not be seen (a webhook's address, a key) is sealed and never shown again; <see cref="Address"/> is what people see.
/// </summary>
public sealed class Channel : IAudited
{
    /// <summary>The longest wait before a person's next channel is used.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>How long a code of a test can be typed in.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromHours(1);

    private Channel()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>Whose it is: a mail address of ours; null for a service.</summary>
    public string? Owner { get; private init; }

    /// <summary>The service's name in addresses and policies; null for a person's channel.</summary>
    public string? Slug { get; private init; }

    /// <summary>What people call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The way.</summary>
    public ChannelKind Kind { get; private init; }

    /// <summary>Where it goes, as far as it may be seen: a mail address, a number in E.164, a web address; for Slack and Teams only the host and the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What must not be seen, sealed: the whole webhook address, a token, a routing key, an API key or a signing secret.</summary>
    [Secret]
    public byte[]? SealedSecret { get; private set; }

    /// <summary>The place in the owner's order, from 0.</summary>
    public int Order { get; private set; }

    /// <summary>How long after a page this channel is used, unless somebody took the incident before.</summary>
    public TimeSpan After { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>The four figures of the last test; null when none is open.</summary>
    [Secret]
    public string? Code { get; private set; }

    /// <summary>When it was tested last.</summary>
    public DateTimeOffset? TestedAt { get; private set; }

    /// <summary>When somebody last proved that a message arrived, by typing the figures of a test.</summary>
    public DateTimeOffset? ProvenAt { get; private set; }

    /// <summary>SHA-256 of the secret in the address to which a service reports acknowledgements; null where there is none.</summary>
    [Secret]
    public byte[]? CallbackHash { get; private set; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new(Slug is null ? "channel" : "service", Id, Name, null);

    /// <summary>Enters a person's channel.</summary>
    /// <param name="owner">Mail address of the person.</param>
    /// <param name="draft">What was typed.</param>
    /// <param name="order">Its place, from 0.</param>
    /// <param name="seal">Seals a secret for the channel of an id.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Channel Enter(string owner, ChannelDraft draft, int order, Func<Guid, string, byte[]> seal, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var kind = KindOf(check, draft.Kind);
        if (kind is ChannelKind.Pagerduty or ChannelKind.Opsgenie)
        {
            check.Refuse("kind", "PagerDuty and Opsgenie are services of the company. Add them on the On-call page, and let a policy call them.");
        }

        check.ThrowIfRefused();
        var channel = new Channel { Id = Guid.CreateVersion7(at), Owner = owner, Kind = kind, Order = order, CreatedAt = at };
        channel.Apply(draft, check, seal);
        check.ThrowIfRefused();
        return channel;
    }

    /// <summary>Enters a service of the company.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Channel Service(ChannelDraft draft, Func<Guid, string, byte[]> seal, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var kind = KindOf(check, draft.Kind);
        var name = check.Needed("name", draft.Name ?? draft.Slug, "what people call this service", 120);
        var slug = Partners.Slug.Check(check, draft.Slug, name, "service");
        check.ThrowIfRefused();
        var channel = new Channel { Id = Guid.CreateVersion7(at), Slug = slug, Kind = kind, CreatedAt = at };
        channel.Apply(draft with { Name = name }, check, seal);
        check.ThrowIfRefused();
        return channel;
    }

    /// <summary>Changes what the draft names; the kind stays, a secret that is absent stays.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(ChannelDraft draft, Func<Guid, string, byte[]> seal)
    {
        var check = new FieldCheck();
        if (draft.Kind is not null && KindOf(check, draft.Kind) != Kind)
        {
            check.Refuse("kind", "The kind cannot change. Remove this one and add another.");
        }

        Apply(draft with { Name = draft.Name ?? Name }, check, seal);
        check.ThrowIfRefused();
    }

    /// <summary>Moves it in the owner's order.</summary>
    public void Move(int order) => Order = order;

    /// <summary>A test begins: its message carries these figures.</summary>
    public void Test(string code, DateTimeOffset at) => (Code, TestedAt) = (code, at);

    /// <summary>Somebody typed the figures of the message: it arrived.</summary>
    /// <exception cref="FieldsRefused">They are others, or the test is too long ago.</exception>
    public void Prove(string? typed, DateTimeOffset at)
    {
        if (Code is null || TestedAt + CodeLife < at)
        {
            throw new FieldsRefused("code", "This test is over. Send a new one.");
        }

        if (typed?.Trim() != Code)
        {
            // One guess: a second one needs a new message.
            Code = null;
            throw new FieldsRefused("code", "These are not the figures of the last test message. Send a new one.");
        }

        (Code, ProvenAt) = (null, at);
    }

    /// <summary>The address for acknowledgements of this service gets a new secret.</summary>
    public void Listen(byte[] hash) => CallbackHash = hash;

    private static ChannelKind KindOf(FieldCheck check, string? typed)
    {
        check.Needed("kind", typed, "the way: " + string.Join(", ", Words.All<ChannelKind>()), 40);
        return check.Word("kind", typed, ChannelKind.Mail);
    }

    private void Apply(ChannelDraft draft, FieldCheck check, Func<Guid, string, byte[]> seal)
    {
        Name = check.Text("name", draft.Name, 120);
        if (!string.IsNullOrWhiteSpace(draft.After))
        {
            After = Durations.TryParse(draft.After, out var after) && after <= LongestWait ? after : Refused(check, "after", $"“{draft.After}” is not a wait between 0s and 1h. Write it like 0s, 2m or 10m.", After);
        }

        if (draft.Address is not null || Address.Length == 0)
        {
            ApplyAddress(draft.Address, check, seal);
        }

        var secret = check.Text("secret", draft.Secret, 500);
        if (secret.Length > 0 && Kind is (ChannelKind.Ntfy or ChannelKind.Webhook or ChannelKind.Pagerduty or ChannelKind.Opsgenie))
        {
            SealedSecret = seal(Id, secret);
        }

        if (SealedSecret is null && Kind is (ChannelKind.Pagerduty or ChannelKind.Opsgenie))
        {
            check.Refuse("secret", Kind == ChannelKind.Pagerduty ? "Enter the integration key of the PagerDuty service." : "Enter the API key of the Opsgenie integration.");
        }

        Name = Name.Length > 0 ? Name : Address;
    }

    private void ApplyAddress(string? typed, FieldCheck check, Func<Guid, string, byte[]> seal)
    {
        switch (Kind)
        {
            case ChannelKind.Mail:
                Address = check.Mail("address", check.Needed("address", typed, "a mail address", 254))?.ToLowerInvariant() ?? "";
                break;
            case ChannelKind.Sms or ChannelKind.Voice:
                check.Needed("address", typed, "a phone number with +", 60);
                Address = Phone.Check(check, "address", typed) ?? "";
                break;
            case ChannelKind.Slack or ChannelKind.Teams:
                var url = check.WebAddress("address", check.Needed("address", typed, "the address of the incoming webhook"));
                if (url is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri))
                {
                    SealedSecret = seal(Id, url);
                    Address = $"{uri.Scheme}://{uri.Authority}/…{(url.Length > 40 ? url[^4..] : "")}";
                }

                break;
            default:
                var usual = Kind switch { ChannelKind.Pagerduty => "https://events.pagerduty.com", ChannelKind.Opsgenie => "https://api.opsgenie.com", _ => null };
                Address = check.WebAddress("address", check.Needed("address", string.IsNullOrWhiteSpace(typed) ? usual : typed, "a web address"))?.TrimEnd('/') ?? "";
                if (Kind == ChannelKind.Ntfy && Uri.TryCreate(Address, UriKind.Absolute, out var topic) && topic.AbsolutePath.Trim('/').Length == 0)
                {
                    check.Refuse("address", "Write the address with the topic, like https://ntfy.sh/our-topic.");
                }

                break;
        }
    }

    private static T Refused<T>(FieldCheck check, string field, string sentence, T otherwise)
    {
        check.Refuse(field, sentence);
        return otherwise;
    }
}

/// <summary>A channel or service as it was typed; what is null is left as it is.</summary>
/// <param name="Kind">mail, sms, voice, slack, teams, ntfy, webhook; for services also pagerduty and opsgenie.</param>
/// <param name="Address">Mail address, phone number or web address; for PagerDuty and Opsgenie only where it is not their own.</param>
/// <param name="Secret">ntfy: access token; webhook: signing secret (<c>whsec_…</c>; one is made when absent); PagerDuty: integration key; Opsgenie: API key.</param>
/// <param name="After">How long after a page it is used: "0s", "5m"; at most an hour.</param>
/// <param name="Name">What people call it; the address when absent.</param>
/// <param name="Slug">Of a service: its name in policies.</param>
public sealed record ChannelDraft(string? Kind = null, string? Address = null, string? Secret = null, string? After = null, string? Name = null, string? Slug = null);
