using System.Security.Cryptography;
using System.Text;
using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Domain.Incidents;

/// <summary>Somewhere that alerts come from over HTTP. Its secret stands in the address (or is the sender's key) and is its only right.</summary>
public sealed partial class AlertSource : IAudited
{
    private static readonly (TimeSpan Shortest, TimeSpan Usual, TimeSpan Longest) _silence = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromDays(40));

    private AlertSource()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner that its alerts are about.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>What people call it; unique.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whose format it speaks.</summary>
    public AlertSourceKind Kind { get; private init; }

    /// <summary>SHA-256 of the secret; the secret itself is nowhere.</summary>
    [Secret]
    public byte[] Hash { get; private set; } = [];

    /// <summary>Labels that make its alerts one incident; empty: every problem has its own.</summary>
    public IReadOnlyList<string> GroupBy { get; private set; } = [];

    /// <summary>How loudly people are told; null when the rules decide. Of mails never null: working hours, unless something else was chosen.</summary>
    public Urgency? Urgency { get; private set; }

    /// <summary>Where alerts stand in what a generic source sends, or in what is published to a topic of SNS; null: guessed.</summary>
    public AlertMapping? Mapping { get; private set; }

    /// <summary>How long a heartbeat may be silent; null for other kinds.</summary>
    public TimeSpan? SilentAfter { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it was closed for good; null while it works.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("alert source", Id, Name, PartnerId);

    /// <summary>Enters a source.</summary>
    /// <param name="draft">What it is.</param>
    /// <param name="partner">Its partner.</param>
    /// <param name="integration">Its integration.</param>
    /// <param name="secret">The secret that its sender will know.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static AlertSource Enter(AlertSourceDraft draft, Guid partner, Guid integration, string secret, DateTimeOffset at)
    {
        var check = new FieldCheck();
        if (!Words.TryParse<AlertSourceKind>(draft.Kind, out var kind))
        {
            check.Refuse("kind", string.IsNullOrWhiteSpace(draft.Kind)
                ? $"Name whose format it speaks: {string.Join(", ", Words.All<AlertSourceKind>())}."
                : $"“{draft.Kind}” is not read here. Choose one of: {string.Join(", ", Words.All<AlertSourceKind>())}.");
        }

        var source = new AlertSource { Id = Guid.CreateVersion7(at), PartnerId = partner, IntegrationId = integration, Kind = kind, CreatedAt = at, Hash = HashOf(secret) };
        source.Apply(draft, check);
        source.Name = source.Name.Length > 0 ? source.Name : Words.Label(kind);
        check.ThrowIfRefused();
        return source;
    }

    /// <summary>Changes what the draft names; what is null stays.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(AlertSourceDraft draft)
    {
        var check = new FieldCheck();
        Apply(draft, check);
        check.ThrowIfRefused();
    }

    /// <summary>A new secret; the one before stops working at once.</summary>
    /// <exception cref="RuleBroken">It was closed.</exception>
    public void Rotate(string secret)
    {
        if (RevokedAt is not null)
        {
            throw new RuleBroken($"{Name} was closed. Make a new source instead.");
        }

        (Hash, Subscription) = (HashOf(secret), null);
    }

    /// <summary>Closes it for good; its alerts stay.</summary>
    public void Revoke(DateTimeOffset at) => RevokedAt ??= at;

    /// <summary>How a secret is recognised.</summary>
    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private void Apply(AlertSourceDraft draft, FieldCheck check)
    {
        Name = draft.Name is null ? Name : check.Text("name", draft.Name, 120);
        Urgency = draft.Urgency is null ? Urgency : draft.Urgency.Length == 0 ? null : check.Word("urgency", draft.Urgency, Incidents.Urgency.Page);
        // Whoever knows the address can write a mail: it wakes nobody unless that was chosen.
        Urgency ??= Kind == AlertSourceKind.Mail ? Incidents.Urgency.WorkingHours : null;
        if (draft.Mapping is { } mapping)
        {
            if (Kind is not (AlertSourceKind.Generic or AlertSourceKind.Sns))
            {
                check.Refuse("mapping", $"{Words.Label(Kind)} has a format of its own. Only a generic source and a topic of SNS are mapped.");
            }

            mapping.Check(check);
            Mapping = mapping;
        }

        ApplySilence(draft, check);
        if (draft.GroupBy is { } labels)
        {
            GroupBy = [.. labels.Select(l => l.Trim()).Where(l => l.Length > 0).Distinct()];
            if (GroupBy.Count > 10 || GroupBy.Any(l => l.Length > 200))
            {
                check.Refuse("groupBy", "Group by at most 10 labels of at most 200 characters.");
            }
        }
    }

    private void ApplySilence(AlertSourceDraft draft, FieldCheck check)
    {
        if (Kind != AlertSourceKind.Heartbeat)
        {
            if (!string.IsNullOrWhiteSpace(draft.SilentAfter))
            {
                check.Refuse("silentAfter", "Only a heartbeat raises its silence.");
            }

            return;
        }

        SilentAfter ??= _silence.Usual;
        if (string.IsNullOrWhiteSpace(draft.SilentAfter))
        {
            return;
        }

        if (Durations.TryParse(draft.SilentAfter, out var silence) && silence >= _silence.Shortest && silence <= _silence.Longest)
        {
            SilentAfter = silence;
        }
        else
        {
            check.Refuse("silentAfter", "Name a time between 30s and 40d, like 10m or 25h: longer than two beats are ever apart.");
        }
    }
}

/// <summary>What a person or program wants a source to be; what is null is left as it is.</summary>
/// <param name="Kind">Whose format; cannot change later.</param>
/// <param name="Partner">Slug of the partner.</param>
/// <param name="Integration">Slug of the integration; absent means the first.</param>
/// <param name="Name">At most 120 characters; the kind when absent.</param>
/// <param name="GroupBy">Labels that make its alerts one incident.</param>
/// <param name="Urgency">page, working hours or record; empty means that the rules decide, and working hours for mails.</param>
/// <param name="Mapping">Where alerts stand, for a generic source.</param>
/// <param name="SilentAfter">How long a heartbeat may be silent, 30s to 40d; 10m when absent.</param>
public sealed record AlertSourceDraft(
    string? Kind = null, string? Partner = null, string? Integration = null, string? Name = null, IReadOnlyList<string>? GroupBy = null, string? Urgency = null, AlertMapping? Mapping = null,
    string? SilentAfter = null);
