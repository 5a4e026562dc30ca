namespace PartnerPortal.Domain.Reviews;

/// <summary>A checklist as it arrives in a file or a request, before anything was checked.</summary>
public sealed record ChecklistDraft
{
    /// <summary>Longest checklist, in items.</summary>
    public const int MostItems = 500;

    /// <summary>Name in addresses; derived from the title when absent.</summary>
    public string? Slug { get; init; }

    /// <summary>What people call it.</summary>
    public string? Title { get; init; }

    /// <summary>When to use it and how.</summary>
    public string? Purpose { get; init; }

    /// <summary>Sections in order.</summary>
    public List<SectionDraft> Sections { get; init; } = [];

    /// <summary>Checks everything and makes the checklist.</summary>
    /// <exception cref="FieldsRefused">With a sentence for every field that cannot be accepted, named by its place: <c>sections[0].items[2].question</c>.</exception>
    public Checklist Checked()
    {
        var check = new FieldCheck();
        var title = check.Needed("title", Title, "what people call this checklist");
        var purpose = check.Text("purpose", Purpose);
        var count = Sections.Sum(s => s.Items.Count);
        if (count == 0)
        {
            check.Refuse("sections", "A checklist needs at least one section with one item.");
        }
        else if (count > MostItems)
        {
            check.Refuse("sections", $"{count} items are more than anybody answers; keep at most {MostItems}.");
        }

        var sectionKeys = new HashSet<string>();
        var itemKeys = new HashSet<string>();
        var sections = Sections.Take(MostItems).Select((s, i) => Section(s, $"sections[{i}]", check, sectionKeys, itemKeys)).ToList();
        check.ThrowIfRefused();
        return new Checklist(title, purpose, sections);
    }

    private static ChecklistSection Section(SectionDraft draft, string at, FieldCheck check, HashSet<string> sectionKeys, HashSet<string> itemKeys)
    {
        var title = check.Needed($"{at}.title", draft.Title, "the section's heading");
        var key = Key(draft.Key, title, "section", at, check, sectionKeys);
        var items = draft.Items.Take(MostItems).Select((d, i) => Item(d, $"{at}.items[{i}]", check, itemKeys)).ToList();
        return new ChecklistSection(key, title, check.Text($"{at}.about", draft.About, 1000), items);
    }

    private static ChecklistItem Item(ItemDraft draft, string at, FieldCheck check, HashSet<string> keys)
    {
        var question = check.Needed($"{at}.question", draft.Question, "the question", 400);
        if (!ItemKindWords.TryParse(draft.Kind, out var kind))
        {
            check.Refuse($"{at}.kind", $"“{draft.Kind}” is not a kind of item. Choose one of: yes/no, number, text.");
        }

        return new ChecklistItem(
            Key(draft.Key, question, "item", at, check, keys),
            question,
            check.Word($"{at}.who", draft.Who, Answerer.Both),
            check.Word($"{at}.severity", draft.Severity, Severity.Major),
            kind,
            check.Text($"{at}.unit", draft.Unit, 40),
            check.Text($"{at}.why", draft.Why),
            check.Text($"{at}.good", draft.Good));
    }

    private static string Key(string? given, string text, string otherwise, string at, FieldCheck check, HashSet<string> keys)
    {
        var key = string.IsNullOrWhiteSpace(given) ? Partners.Slug.From(text, otherwise) : given.Trim();
        if (!Partners.Slug.Fits(key))
        {
            check.Refuse($"{at}.key", $"“{key}” cannot stand in an address. Use 1 to {Partners.Slug.Longest} lower-case letters, digits and hyphens.");
        }
        else if (!keys.Add(key))
        {
            check.Refuse($"{at}.key", $"The key “{key}” is used twice. Keys name one thing each; choose another.");
        }

        return key;
    }
}

/// <summary>A section as it arrives.</summary>
public sealed record SectionDraft
{
    /// <summary>Name in addresses; derived from the title when absent.</summary>
    public string? Key { get; init; }

    /// <summary>The heading.</summary>
    public string? Title { get; init; }

    /// <summary>One sentence below the heading.</summary>
    public string? About { get; init; }

    /// <summary>Items in order.</summary>
    public List<ItemDraft> Items { get; init; } = [];
}

/// <summary>An item as it arrives.</summary>
public sealed record ItemDraft
{
    /// <summary>Stable name; derived from the question when absent.</summary>
    public string? Key { get; init; }

    /// <summary>The question.</summary>
    public string? Question { get; init; }

    /// <summary>us, partner or both (default).</summary>
    public string? Who { get; init; }

    /// <summary>blocker, major (default), minor or info.</summary>
    public string? Severity { get; init; }

    /// <summary>yes/no (default), number or text.</summary>
    public string? Kind { get; init; }

    /// <summary>Unit of a number.</summary>
    public string? Unit { get; init; }

    /// <summary>Why it matters.</summary>
    public string? Why { get; init; }

    /// <summary>What a good answer looks like.</summary>
    public string? Good { get; init; }
}
