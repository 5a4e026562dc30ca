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

    /// <summary>before contract or before production: which gate a concluded review opens; absent: none.</summary>
    public string? Proves { get; init; }

    /// <summary>How one figure chooses which items bind; absent: every item does.</summary>
    public ScaleDraft? Scale { get; init; }

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
        var scale = Scale?.Checked(check, sections);
        Phase? proves = string.IsNullOrWhiteSpace(Proves) ? null : check.Word("proves", Proves, Phase.BeforeContract);
        CheckLevels(sections, scale, check);
        check.ThrowIfRefused();
        return new Checklist(title, purpose, sections) { Proves = proves, Scale = scale };
    }

    /// <summary>A checklist as a draft again, to be edited.</summary>
    public static ChecklistDraft From(string? slug, Checklist content) => new()
    {
        Slug = slug,
        Title = content.Title,
        Purpose = content.Purpose,
        Proves = content.Proves is { } phase ? Words.Of(phase) : null,
        Scale = content.Scale is { } scale ? ScaleDraft.From(scale) : null,
        Sections = [.. content.Sections.Select(s => new SectionDraft { Key = s.Key, Title = s.Title, About = s.About, Items = [.. s.Items.Select(ItemDraft.From)] })],
    };

    private static void CheckLevels(IReadOnlyList<ChecklistSection> sections, LevelScale? scale, FieldCheck check)
    {
        foreach (var (section, s) in sections.Select((section, s) => (section, s)))
        {
            foreach (var (item, i) in section.Items.Select((item, i) => (item, i)).Where(x => x.item.Level is not null))
            {
                if (scale?.Levels.Any(l => l.Name == item.Level) != true)
                {
                    check.Refuse($"sections[{s}].items[{i}].level", $"There is no level “{item.Level}”. Name it in the checklist's scale first.");
                }
            }
        }
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
            check.Refuse($"{at}.kind", $"“{draft.Kind}” is not a kind of item. Choose one of: {string.Join(", ", Enum.GetValues<ItemKind>().Select(k => k.Word()))}.");
        }

        var shownWhen = ShownWhen(draft.ShownWhen, $"{at}.shownWhen", check, keys);
        var unit = check.Text($"{at}.unit", draft.Unit, 40);
        return new ChecklistItem(
            Key(draft.Key, question, "item", at, check, keys),
            question,
            check.Word($"{at}.who", draft.Who, Answerer.Both),
            check.Word($"{at}.severity", draft.Severity, Severity.Major),
            kind,
            unit,
            check.Text($"{at}.why", draft.Why),
            check.Text($"{at}.good", draft.Good))
        {
            Phase = check.Word($"{at}.phase", draft.Phase, Phase.BeforeContract),
            Options = Options(draft.Options, kind, $"{at}.options", check),
            ShownWhen = shownWhen,
            FreshForDays = FreshFor(draft.FreshForDays, $"{at}.freshForDays", check),
            EvidenceRequired = draft.EvidenceRequired ?? false,
            Tiers = [.. (draft.Tiers ?? []).Select((t, i) => check.Word($"{at}.tiers[{i}]", t, Partners.Tier.Standard)).Distinct().Order()],
            Level = check.Text($"{at}.level", draft.Level, 20) is { Length: > 0 } level ? level : null,
            Target = kind == ItemKind.Target ? (draft.Target ?? new()).Checked($"{at}.target", question, unit, check) : null,
        };
    }

    private static List<string> Options(IReadOnlyList<string>? given, ItemKind kind, string at, FieldCheck check)
    {
        if (kind is not (ItemKind.SingleChoice or ItemKind.SeveralChoices))
        {
            return [];
        }

        var options = (given ?? []).Take(50).Select((o, i) => check.Needed($"{at}[{i}]", o, "what can be chosen", 200)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (options.Count < 2)
        {
            check.Refuse(at, "A choice needs at least two options.");
        }

        return options;
    }

    private static string ShownWhen(string? given, string at, FieldCheck check, HashSet<string> before)
    {
        var text = check.Text(at, given, 500);
        if (text.Length == 0)
        {
            return "";
        }

        try
        {
            // Only items before it: so nothing can wait for itself, and one look through the list decides everything.
            foreach (var unknown in ItemCondition.Parse(text).Mentions.Where(m => !before.Contains(m)))
            {
                check.Refuse(at, $"No item before this one has the key “{unknown}”. A condition asks about items that stand above it.");
            }
        }
        catch (RuleBroken broken)
        {
            check.Refuse(at, broken.Message);
        }

        return text;
    }

    private static int? FreshFor(int? days, string at, FieldCheck check)
    {
        if (days is < 1 or > 3650)
        {
            check.Refuse(at, "An answer stays fresh for 1 to 3650 days. Leave it empty when it does not age.");
        }

        return days;
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

    /// <summary>yes/no (default), single choice, several choices, number, text, date, evidence or target.</summary>
    public string? Kind { get; init; }

    /// <summary>before contract (default) or before production.</summary>
    public string? Phase { get; init; }

    /// <summary>What can be chosen, for the two kinds of choices.</summary>
    public List<string>? Options { get; init; }

    /// <summary>A condition on items before this one (<see cref="ItemCondition"/>); absent: always shown.</summary>
    public string? ShownWhen { get; init; }

    /// <summary>Days for which an answer can be relied on; absent: it does not age.</summary>
    public int? FreshForDays { get; init; }

    /// <summary>Whether a pass needs a link or a file; no when absent.</summary>
    public bool? EvidenceRequired { get; init; }

    /// <summary>strategic, standard, self service; absent: all.</summary>
    public List<string>? Tiers { get; init; }

    /// <summary>Name of the level from which on it binds; absent: always.</summary>
    public string? Level { get; init; }

    /// <summary>What the figure of a target is about.</summary>
    public TargetTermsDraft? Target { get; init; }

    /// <summary>Unit of a number.</summary>
    public string? Unit { get; init; }

    /// <summary>Why it matters.</summary>
    public string? Why { get; init; }

    /// <summary>What a good answer looks like.</summary>
    public string? Good { get; init; }

    /// <summary>An item as a draft again, to be edited.</summary>
    public static ItemDraft From(ChecklistItem item) => new()
    {
        Key = item.Key,
        Question = item.Question,
        Who = Words.Of(item.Who),
        Severity = Words.Of(item.Severity),
        Kind = item.Kind.Word(),
        Phase = Words.Of(item.Phase),
        Options = item.Options.Count > 0 ? [.. item.Options] : null,
        ShownWhen = item.ShownWhen.Length > 0 ? item.ShownWhen : null,
        FreshForDays = item.FreshForDays,
        EvidenceRequired = item.EvidenceRequired ? true : null,
        Tiers = item.Tiers.Count > 0 ? [.. item.Tiers.Select(Words.Of)] : null,
        Level = item.Level,
        Target = item.Target is { } target ? TargetTermsDraft.From(target) : null,
        Unit = item.Unit,
        Why = item.Why,
        Good = item.Good,
    };
}
