namespace PartnerPortal.Domain.Reviews;

/// <summary>The content of one version of a template: what a review asks. Never changes once published.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="Purpose">When to use it and how.</param>
/// <param name="Sections">In the order in which they are asked.</param>
public sealed record Checklist(string Title, string Purpose, IReadOnlyList<ChecklistSection> Sections)
{
    /// <summary>The phase that a review from it ends: it is the proof that the stage after asks for. Null: it proves nothing by itself.</summary>
    public Phase? Proves { get; init; }

    /// <summary>How the promised availability decides which items bind; null when every item does.</summary>
    public LevelScale? Scale { get; init; }

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
public sealed record ChecklistItem(string Key, string Question, Answerer Who, Severity Severity, ItemKind Kind, string Unit, string Why, string Good)
{
    /// <summary>What it must be answered for.</summary>
    public Phase Phase { get; init; }

    /// <summary>What can be chosen; empty unless the item is a choice.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Shown only while this holds (<see cref="ItemCondition"/>); empty: always.</summary>
    public string ShownWhen { get; init; } = "";

    /// <summary>For how many days an answer can be relied on; null: until somebody changes it.</summary>
    public int? FreshForDays { get; init; }

    /// <summary>Whether a pass needs a link or a file.</summary>
    public bool EvidenceRequired { get; init; }

    /// <summary>The tiers of partners that it concerns; empty: all.</summary>
    public IReadOnlyList<Partners.Tier> Tiers { get; init; } = [];

    /// <summary>It binds at this level and at stricter ones, below it is advice; null: it always binds.</summary>
    public string? Level { get; init; }

    /// <summary>What the figure of a target item is about; null for every other kind.</summary>
    public TargetTerms? Target { get; init; }
}

/// <summary>Levels of readiness, chosen by one figure of the review: the availability that was promised.</summary>
/// <param name="Item">Key of the item with the figure.</param>
/// <param name="Levels">The strictest first.</param>
public sealed record LevelScale(string Item, IReadOnlyList<Level> Levels)
{
    /// <summary>The level of a figure; null while there is no figure: then everything binds.</summary>
    public Level? Of(decimal? figure) => figure is { } value ? Levels.FirstOrDefault(l => value >= l.From) ?? Levels[^1] : null;

    /// <summary>Whether an item of a level binds at the level that holds.</summary>
    public bool Binds(string? itemLevel, Level? holds)
    {
        var names = Levels.Select(l => l.Name).ToList();
        return itemLevel is null || holds is null || names.IndexOf(holds.Name) <= names.IndexOf(itemLevel);
    }
}

/// <summary>One level of readiness.</summary>
/// <param name="Name">A short name: A, B, C.</param>
/// <param name="From">The smallest figure that has this level.</param>
/// <param name="About">What it means, in a sentence.</param>
public sealed record Level(string Name, decimal From, string About);
