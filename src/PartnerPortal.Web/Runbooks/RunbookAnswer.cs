using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Runbooks;

/// <summary>A runbook as the API shows it in JSON; <c>version</c> is the number that If-Match takes.</summary>
public sealed record RunbookAnswer(
    Guid Id, string Slug, string Title, string Text, int Version, int Steps, DateTimeOffset ChangedAt, string ChangedBy,
    DateOnly? VerifiedOn, string? VerifiedBy, int? VerifiedVersion, DateTimeOffset? ArchivedAt)
{
    /// <summary>The answer for a runbook.</summary>
    public static RunbookAnswer Of(Runbook r) =>
        new(r.Id, r.Slug, r.Title, r.Text, r.Number, r.Steps, r.ChangedAt, r.ChangedBy, r.VerifiedOn, r.VerifiedBy, r.VerifiedNumber, r.ArchivedAt);
}

/// <summary>A runbook in a list; <c>excerpt</c> is where the words were found, plain text.</summary>
public sealed record RunbookLineAnswer(
    Guid Id, string Partner, string Slug, string Title, int Version, int Steps, DateTimeOffset ChangedAt, string ChangedBy,
    DateOnly? VerifiedOn, string? VerifiedBy, bool Stale, string? Excerpt)
{
    /// <summary>The answer for a row.</summary>
    public static RunbookLineAnswer Of(RunbookRow r, DateTimeOffset now) => new(
        r.Id, r.Partner, r.Slug, r.Title, r.Number, r.Steps, r.ChangedAt, r.ChangedBy, r.VerifiedOn, r.VerifiedBy, Runbook.IsStale(r.VerifiedOn, now),
        r.Excerpt?.Replace($"{RunbookListStore.Start}", "", StringComparison.Ordinal).Replace($"{RunbookListStore.Stop}", "", StringComparison.Ordinal));
}

/// <summary>One version as the API shows it; the text only where one version is asked for.</summary>
public sealed record RunbookVersionAnswer(int Version, string Title, string? Note, string By, DateTimeOffset At, string? Text);

/// <summary>What an import did, or would do.</summary>
/// <param name="Imported">Files that became something.</param>
/// <param name="Refused">Files that cannot be read, and why.</param>
/// <param name="Preview">True when nothing was written.</param>
public sealed record ImportAnswer(IReadOnlyList<ImportRow> Imported, IReadOnlyList<ImportRow> Refused, bool Preview)
{
    /// <summary>The answer for the rows of an import.</summary>
    public static ImportAnswer Of(IReadOnlyList<ImportRow> rows, bool preview)
    {
        var refused = rows.Where(r => r.Outcome is ImportOutcome.Refused or ImportOutcome.Archived).ToList();
        return new([.. rows.Except(refused)], refused, preview);
    }
}

/// <summary>What POST …/verify takes.</summary>
public sealed record VerifyRequest(int? Version);
