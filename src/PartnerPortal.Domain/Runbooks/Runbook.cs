using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>What to do when something of a partner breaks: Markdown with checkable steps. Every save keeps the text before it.</summary>
public sealed class Runbook : IAudited
{
    /// <summary>Longest text, in characters.</summary>
    public const int LongestText = 400_000;

    /// <summary>After so many days without somebody saying that it works, a runbook is stale.</summary>
    public const int FreshDays = 180;

    private readonly List<RunbookVersion> _versions = [];

    private Runbook()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it is about.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The name in addresses, unique within the partner; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>What people call it.</summary>
    public string Title { get; private set; } = "";

    /// <summary>The Markdown, front matter included. Line ends are single newlines.</summary>
    [NotAudited] // Every text is kept as a version; the audit row names its number.
    public string Text { get; private set; } = "";

    /// <summary>The newest version's number; guards against lost updates.</summary>
    public int Number { get; private set; }

    /// <summary>How many checkable steps it has.</summary>
    public int Steps { get; private set; }

    /// <summary>What it is for, as its front matter says.</summary>
    [NotAudited] // Said by the text.
    public RunbookScope Scope { get; private set; } = RunbookScope.General;

    /// <summary>When the newest version was saved.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Who saved it.</summary>
    public string ChangedBy { get; private set; } = "";

    /// <summary>The day on which somebody last said that it works; null when nobody did.</summary>
    public DateOnly? VerifiedOn { get; private set; }

    /// <summary>Who said so.</summary>
    public string? VerifiedBy { get; private set; }

    /// <summary>Which version that was about.</summary>
    public int? VerifiedNumber { get; private set; }

    /// <summary>When it left the lists; null while it is in use.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    /// <summary>The versions that were saved since it was read; the database holds the rest.</summary>
    public IReadOnlyList<RunbookVersion> Versions => _versions;

    AuditSubject IAudited.AuditedAs => new("runbook", Id, Title, PartnerId);

    /// <summary>Writes a runbook down.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Runbook Enter(Guid partnerId, RunbookDraft draft, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var text = CheckText(check, draft.Text);
        var title = Titled(check, draft.Title ?? (RunbookText.TitleOf(text) is null && Partners.Slug.Fits(draft.Slug ?? "") ? Spoken(draft.Slug!) : null), text);
        var runbook = new Runbook { Id = Guid.CreateVersion7(at), PartnerId = partnerId, Slug = Partners.Slug.Check(check, draft.Slug, title, "runbook") };
        var note = CheckNote(check, draft.Note);
        check.ThrowIfRefused();
        runbook.Save(title, text, note, by, at);
        return runbook;
    }

    /// <summary>Saves a new version; text and title that did not change make none.</summary>
    /// <returns>True when a version was made.</returns>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">The runbook is archived.</exception>
    public bool Write(RunbookDraft draft, string by, DateTimeOffset at)
    {
        if (ArchivedAt is not null)
        {
            throw new RuleBroken($"“{Title}” is archived. Bring it back before you change it.");
        }

        var check = new FieldCheck();
        var text = draft.Text is null ? Text : CheckText(check, draft.Text);
        var title = draft.Title is null && draft.Text is null ? Title : Titled(check, draft.Title ?? (RunbookText.TitleOf(text) is null ? Title : null), text);
        var note = CheckNote(check, draft.Note);
        check.ThrowIfRefused();
        if (title == Title && text == Text)
        {
            return false;
        }

        Save(title, text, note, by, at);
        return true;
    }

    /// <summary>Makes an old version the newest one again; the versions between stay.</summary>
    public bool Restore(RunbookVersion old, string by, DateTimeOffset at) =>
        Write(new RunbookDraft(Title: old.Title, Text: old.Text, Note: $"Version {old.Number} restored"), by, at);

    /// <summary>Somebody followed it and says that it works as written.</summary>
    /// <exception cref="RuleBroken">It was changed since it was read.</exception>
    public void Verify(int number, string by, DateTimeOffset at)
    {
        if (number != Number)
        {
            throw new RuleBroken($"“{Title}” was changed since you read it (version {Number}). Read what changed, then confirm.");
        }

        (VerifiedOn, VerifiedBy, VerifiedNumber) = (DateOnly.FromDateTime(at.UtcDateTime), by, number);
    }

    /// <summary>Takes it out of the lists; nothing is deleted.</summary>
    public void Archive(DateTimeOffset at) => ArchivedAt ??= at;

    /// <summary>Brings it back.</summary>
    public void Unarchive() => ArchivedAt = null;

    /// <summary>Whether nobody has said for half a year that it works.</summary>
    public static bool IsStale(DateOnly? verifiedOn, DateTimeOffset now) =>
        verifiedOn is null || verifiedOn.Value.AddDays(FreshDays) < DateOnly.FromDateTime(now.UtcDateTime);

    private void Save(string title, string text, string? note, string by, DateTimeOffset at)
    {
        (Title, Text, Steps, Scope, Number, ChangedAt, ChangedBy) = (title, text, RunbookText.StepsIn(text), RunbookScope.Read(text), Number + 1, at, by);
        _versions.Add(new RunbookVersion(Id, Number, title, text, note, by, at));
    }

    private static string CheckText(FieldCheck check, string? text)
    {
        var clean = RunbookText.Clean(text ?? "");
        if (clean.Length > LongestText)
        {
            check.Refuse("text", $"The text is {clean.Length} characters long; at most {LongestText} fit. Split it into several runbooks.");
        }

        if (clean.Contains('\0', StringComparison.Ordinal))
        {
            check.Refuse("text", "This is not text: it holds zero bytes.");
        }

        return clean;
    }

    private static string Titled(FieldCheck check, string? title, string text)
    {
        var given = check.Text("title", title);
        var found = given.Length > 0 ? given : RunbookText.TitleOf(text) ?? "";
        return check.Needed("title", found.Length > 200 && given.Length == 0 ? found[..200] : found, "a title, or begin the text with a heading");
    }

    private static string Spoken(string slug) => char.ToUpperInvariant(slug[0]) + slug[1..].Replace('-', ' ');

    private static string? CheckNote(FieldCheck check, string? note)
    {
        var text = check.Text("note", note, 200);
        return text.Length == 0 ? null : text;
    }
}

/// <summary>What a person or program wants a runbook to be; what is null is left as it is.</summary>
/// <param name="Title">Taken from the text's front matter or first heading when absent, else from the slug.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Slug">Derived from the title when absent; cannot change later.</param>
/// <param name="Note">What changed, in a sentence.</param>
public sealed record RunbookDraft(string? Title = null, string? Text = null, string? Slug = null, string? Note = null);
