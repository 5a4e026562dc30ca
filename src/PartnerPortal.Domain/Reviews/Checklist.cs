namespace PartnerPortal.Domain.Reviews;

/// <summary>The content of one version of a template: what a review asks. Never changes once published.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="Purpose">When to use it and how.</param>
/// <param name="Sections">In the order in which they are asked.</param>
public sealed record Checklist(string Title, string Purpose, IReadOnlyList<ChecklistSection> Sections)
{
    /// <summary>Every item, in the order of the template.</summary>
    public IEnumerable<ChecklistItem> Items => Sections.SelectMany(s => s.Items);

    /// <summary>The item with this key; null when there is none.</summary>
    public ChecklistItem? Find(string key) => Items.FirstOrDefault(i => i.Key == key);
}

/// <summary>Items about one subject.</summary>
/// <param name="Key">Name in addresses, unique within the template.</param>
/// <param name="Title">The heading.</param>
/// <param name="About">One sentence below the heading; may be empty.</param>
/// <param name="Items">In the order in which they are asked.</param>
public sealed record ChecklistSection(string Key, string Title, string About, IReadOnlyList<ChecklistItem> Items);

/// <summary>One question.</summary>
/// <param name="Key">Stable name, unique within the template; answers refer to it, so it is never used for another question.</param>
/// <param name="Question">A question to which "yes" is the good answer.</param>
/// <param name="Who">Which side answers.</param>
/// <param name="Severity">What a bad answer means.</param>
/// <param name="Kind">What is asked for beside the state.</param>
/// <param name="Unit">Unit of a number, for example calls/s; empty otherwise.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Good">What a good answer looks like.</param>
public sealed record ChecklistItem(string Key, string Question, Answerer Who, Severity Severity, ItemKind Kind, string Unit, string Why, string Good);
