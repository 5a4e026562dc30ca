using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Domain.Communications;

/// <summary>
/// A planned time in which a partner works on an integration: from, to, which operations, what they say will happen. While it lasts, alerts of what it
/// names open no incident (a silence of its own does that), and incidents and charts say that it was announced.
/// </summary>
public sealed class Maintenance : IAudited
{
    private Maintenance()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>When it begins.</summary>
    public DateTimeOffset From { get; private init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset To { get; private init; }

    /// <summary>The operations that it is about, as alerts and metrics name them in the label <c>operation</c>; empty: all.</summary>
    public IReadOnlyList<string> Operations { get; private init; } = [];

    /// <summary>What they say will happen.</summary>
    public string Impact { get; private init; } = "";

    /// <summary>The silence that holds its alerts back; null when it was asked not to.</summary>
    public Guid? SilenceId { get; private init; }

    /// <summary>Who entered it.</summary>
    public string CreatedBy { get; private init; } = "";

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it was called off; null while it stands.</summary>
    public DateTimeOffset? CalledOffAt { get; private set; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("maintenance", Id, Impact, PartnerId);

    /// <summary>Enters a window, with its silence.</summary>
    /// <param name="draft">What was typed.</param>
    /// <param name="partner">The partner.</param>
    /// <param name="integration">The integration's id and slug.</param>
    /// <param name="by">Who enters it.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static (Maintenance Window, Silence? Silence) Enter(MaintenanceDraft draft, Guid partner, (Guid Id, string Slug) integration, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var from = (draft.From ?? at).ToUniversalTime();
        if (draft.To is not { } end || end <= from || end - from > TimeSpan.FromDays(31))
        {
            check.Refuse("to", "Name an end after the start, at most 31 days later.");
        }
        else if (end <= at)
        {
            check.Refuse("to", "This is over already; enter what is to come.");
        }

        var impact = check.Needed("impact", draft.Impact, "what they say will happen", 1000);
        List<string> operations = [.. (draft.Operations ?? []).Select(o => o.Trim()).Where(o => o.Length > 0).Distinct()];
        if (operations.Count > 100 || operations.Exists(o => o.Length > 200))
        {
            check.Refuse("operations", "Name at most 100 operations of at most 200 characters.");
        }

        check.ThrowIfRefused();
        var to = draft.To!.Value.ToUniversalTime();
        var silence = draft.Silence == false ? null : Silence.Enter(
            new(null, [$"integration=\"{integration.Slug}\"", .. operations.Count == 0 ? [] : new[] { $"operation=~\"{string.Join('|', operations.Select(Pattern))}\"" }], from, to, Comment: Shorten($"Maintenance: {impact}")), partner, by, at);
        return (new()
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partner,
            IntegrationId = integration.Id,
            From = from,
            To = to,
            Operations = operations,
            Impact = impact,
            SilenceId = silence?.Id,
            CreatedBy = by,
            CreatedAt = at,
        }, silence);
    }

    /// <summary>It does not take place, or is over before its time.</summary>
    public void CallOff(DateTimeOffset at) => CalledOffAt ??= at;

    /// <summary>Whether it takes place at a moment.</summary>
    public bool Holds(DateTimeOffset at) => From <= at && at < To && (CalledOffAt is null || CalledOffAt > at);

    // The operation as it is written, inside a regular expression inside quotation marks.
    private static string Pattern(string operation) => System.Text.RegularExpressions.Regex.Escape(operation).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Shorten(string text) => text.Length > 500 ? text[..499] + "…" : text;
}

/// <summary>A maintenance window as it was typed.</summary>
/// <param name="Integration">Slug; absent: the first.</param>
/// <param name="From">When it begins; absent: now.</param>
/// <param name="To">When it ends.</param>
/// <param name="Operations">Which operations; absent: all.</param>
/// <param name="Impact">What they say will happen; 1 to 1000 characters.</param>
/// <param name="Silence">Whether alerts open no incident meanwhile; absent means yes.</param>
public sealed record MaintenanceDraft(string? Integration = null, DateTimeOffset? From = null, DateTimeOffset? To = null, IReadOnlyList<string>? Operations = null, string? Impact = null, bool? Silence = null);
