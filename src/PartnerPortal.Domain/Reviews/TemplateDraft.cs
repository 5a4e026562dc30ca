namespace PartnerPortal.Domain.Reviews;

/// <summary>
/// The next version of a checklist while people work on it: at most one per template, saved while they type, in force
/// for nobody until it is published. It may be incomplete.
/// </summary>
public sealed class TemplateDraft
{
    private TemplateDraft()
    {
    }

    /// <summary>Name of the template in addresses; of one that does not exist yet for a new checklist.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>The published version from which it was started; 0 for a new checklist.</summary>
    public int BasedOn { get; private set; }

    /// <summary>What it asks so far.</summary>
    public ChecklistDraft Content { get; private set; } = new();

    /// <summary>Counts saves from 1; a save names the version that it was made from.</summary>
    public int Version { get; private set; }

    /// <summary>Who saved it last.</summary>
    public string EditedBy { get; private set; } = "";

    /// <summary>When it was saved last.</summary>
    public DateTimeOffset EditedAt { get; private set; }

    /// <summary>Starts to work on the next version.</summary>
    public static TemplateDraft Start(string slug, ChecklistDraft content, int basedOn, string by, DateTimeOffset at) =>
        new() { Slug = slug, Content = content, BasedOn = basedOn, Version = 1, EditedBy = by, EditedAt = at };

    /// <summary>Saves what was typed.</summary>
    /// <param name="content">The whole checklist.</param>
    /// <param name="version">The version on which it was typed.</param>
    /// <param name="by">Who.</param>
    /// <param name="at">When.</param>
    /// <exception cref="ChangedMeanwhile">Somebody else saved since that version.</exception>
    /// <exception cref="RuleBroken">It has grown too long.</exception>
    public void Save(ChecklistDraft content, int version, string by, DateTimeOffset at)
    {
        if (version != Version)
        {
            throw new ChangedMeanwhile();
        }

        var items = content.Sections.Sum(s => s.Items.Count);
        if (items > ChecklistDraft.MostItems || content.Sections.Count > ChecklistDraft.MostItems)
        {
            throw new RuleBroken($"{items} items in {content.Sections.Count} sections are more than anybody answers; keep at most {ChecklistDraft.MostItems}.");
        }

        (Content, Version, EditedBy, EditedAt) = (content, Version + 1, by, at);
    }
}
