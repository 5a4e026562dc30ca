using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Contacts;

/// <summary>Somebody to call about a partner: a person or a desk, on our side or theirs.</summary>
public sealed class Contact : IAudited
{
    private static readonly TimeSpan ConfirmationLasts = TimeSpan.FromDays(180);

    private Contact()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it belongs to; our own people, too, are entered per partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The short name in addresses and escalation steps; unique within the partner, never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>Whose.</summary>
    public Side Side { get; private init; }

    /// <summary>A person or a desk.</summary>
    public ContactKind Kind { get; private set; }

    /// <summary>Name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What they are there for.</summary>
    public string Role { get; private set; } = "";

    /// <summary>Number in E.164; null when unknown.</summary>
    public string? Phone { get; private set; }

    /// <summary>Mail address; null when unknown.</summary>
    public string? Email { get; private set; }

    /// <summary>IANA zone; null when unknown.</summary>
    public string? TimeZone { get; private set; }

    /// <summary>Working hours as <see cref="WorkingHours"/> spells them; null when unknown.</summary>
    public string? Hours { get; private set; }

    /// <summary>What they speak.</summary>
    public string Language { get; private set; } = "";

    /// <summary>What the caller must know.</summary>
    public string Notes { get; private set; } = "";

    /// <summary>Whom to try first: place among the active contacts of their side, from 1.</summary>
    public int Order { get; private set; }

    /// <summary>When somebody last made sure that phone and mail are right; null when never, or since they changed.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>Who made sure.</summary>
    public string? ConfirmedBy { get; private set; }

    /// <summary>The last attempt to reach them on the present number; null when none.</summary>
    public ContactAttempt? LastAttempt { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it left the lists; null while it is active.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("contact", Id, Name, PartnerId);

    /// <summary>Enters a contact at the end of its side; <see cref="TryOrder"/> moves it.</summary>
    /// <param name="partner">The partner it belongs to.</param>
    /// <param name="draft">What it is.</param>
    /// <param name="taken">Slugs of the partner's other contacts, removed ones included.</param>
    /// <param name="at">The moment.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Contact Enter(Guid partner, ContactDraft draft, IReadOnlyCollection<string> taken, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var name = check.Needed("name", draft.Name, "the person's or the desk's name");
        if (string.IsNullOrWhiteSpace(draft.Side))
        {
            check.Refuse("side", "Say whose contact this is: ours or partner.");
        }

        var contact = new Contact
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partner,
            Slug = FreeSlug(name, taken),
            Side = check.Word("side", draft.Side, Side.Partner),
            Order = int.MaxValue,
            CreatedAt = at,
        };
        contact.Apply(draft with { Name = name }, check);
        check.ThrowIfRefused();
        return contact;
    }

    /// <summary>Changes what the draft names. A new number or mail address is not confirmed yet.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">The contact was removed.</exception>
    public void Change(ContactDraft draft)
    {
        RefuseRemoved("change");
        var check = new FieldCheck();
        if (draft.Side is not null && check.Word("side", draft.Side, Side) != Side)
        {
            check.Refuse("side", $"{Name} stands on the side “{Words.Of(Side)}”. Somebody who changed sides is a new contact; remove this one.");
        }

        var (phone, email) = (Phone, Email);
        Apply(draft, check);
        check.ThrowIfRefused();
        if (phone != Phone || email != Email)
        {
            (ConfirmedAt, ConfirmedBy) = (null, null);
        }

        LastAttempt = phone == Phone ? LastAttempt : null;
    }

    /// <summary>Writes down that phone and mail were found right.</summary>
    public void Confirm(string by, DateTimeOffset at)
    {
        RefuseRemoved("confirm");
        (ConfirmedAt, ConfirmedBy) = (at, by);
    }

    /// <summary>Writes down how an attempt to reach them ended. Reaching somebody also confirms the contact; a wrong number ends the confirmation.</summary>
    public ContactAttempt Attempted(AttemptOutcome outcome, string by, DateTimeOffset at)
    {
        RefuseRemoved("call");
        LastAttempt = new(outcome, by, at);
        (ConfirmedAt, ConfirmedBy) = outcome switch
        {
            AttemptOutcome.Reached => (at, by),
            AttemptOutcome.WrongNumber => (null, null),
            _ => (ConfirmedAt, ConfirmedBy),
        };
        return LastAttempt;
    }

    /// <summary>Takes the contact out of the lists; nothing is deleted.</summary>
    public void Remove(DateTimeOffset at) => RemovedAt ??= at;

    /// <summary>Brings a removed contact back; it keeps the place it had, for <see cref="TryOrder"/> to make room there.</summary>
    public void Restore() => RemovedAt = null;

    /// <summary>Whether the confirmation is so old, or so absent, that somebody should make sure before it is needed.</summary>
    public bool NeedsConfirming(DateTimeOffset at) => ConfirmedAt is not { } confirmed || at - confirmed > ConfirmationLasts;

    /// <summary>How it is for them at a moment.</summary>
    public ContactMoment Moment(DateTimeOffset at) => ContactMoment.Of(Kind, TimeZone, Hours, at);

    internal void TakePlace(int place) => Order = place;

    private void RefuseRemoved(string verb)
    {
        if (RemovedAt is not null)
        {
            throw new RuleBroken($"{Name} was removed. Bring this contact back before you {verb} it.");
        }
    }

    private void Apply(ContactDraft draft, FieldCheck check)
    {
        Name = draft.Name is null ? Name : check.Needed("name", draft.Name, "the person's or the desk's name");
        Kind = check.Word("kind", draft.Kind, Kind);
        Role = draft.Role is null ? Role : check.Text("role", draft.Role, 120);
        Phone = draft.Phone is null ? Phone : Contacts.Phone.Check(check, "phone", draft.Phone);
        Email = draft.Email is null ? Email : check.Mail("email", draft.Email);
        TimeZone = draft.TimeZone is null ? TimeZone : Zone.Check(check, "timeZone", draft.TimeZone);
        Hours = draft.Hours is null ? Hours : WorkingHours.Check(check, "hours", draft.Hours);
        Language = draft.Language is null ? Language : check.Text("language", draft.Language, 60);
        Notes = draft.Notes is null ? Notes : check.Text("notes", draft.Notes);
        if (draft.Order is < 1 or > 1000)
        {
            check.Refuse("order", "Give the place from 1 (whom to try first) to 1000.");
        }
    }

    private static string FreeSlug(string name, IReadOnlyCollection<string> taken)
    {
        var wanted = Partners.Slug.From(name, "contact");
        var slug = wanted;
        for (var number = 2; taken.Contains(slug); number++)
        {
            var tail = $"-{number}";
            slug = (wanted.Length + tail.Length <= Partners.Slug.Longest ? wanted : wanted[..(Partners.Slug.Longest - tail.Length)].TrimEnd('-')) + tail;
        }

        return slug;
    }
}
