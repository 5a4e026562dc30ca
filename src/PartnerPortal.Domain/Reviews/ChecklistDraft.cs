namespace PartnerPortal.Domain.Reviews;

/// <summary>A checklist as it arrives in a file or a request, before anything was checked.</summary>
public sealed record ChecklistDraft
{
    /// <summary>Longest checklist, in items.</summary>
    public const int MostItems = 500;

    /// <summary>Most options of a choice.</summary>
    public const int MostOptions = 50;

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
        // JSON may hold null wherever a list or an entry is expected; that is the same as an empty one.
        List<SectionDraft> given = [.. (Sections ?? []).Select(s => s ?? new SectionDraft())];
        var count = given.Sum(s => s.Items?.Count ?? 0);
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
        var sections = given.Take(MostItems).Select((s, i) => Section(s, $"sections[{i}]", check, sectionKeys, itemKeys)).ToList();
        var scale = Scale?.Checked(check, sections);
        Phase? proves = string.IsNullOrWhiteSpace(Proves) ? null : check.Word("proves", Proves, Phase.BeforeContract);
        CheckLevels(sections, scale, check);
        CheckSubjects(sections, check);
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

    // Two figures about one subject are compared with each other, so they must mean the same.
    private static void CheckSubjects(IReadOnlyList<ChecklistSection> sections, FieldCheck check)
    {
        var first = new Dictionary<string, ChecklistItem>();
        foreach (var (item, at) in sections.SelectMany((section, s) => section.Items.Select((item, i) => (item, $"sections[{s}].items[{i}].target"))).Where(x => x.item.Target is not null))
        {
            var known = first.TryAdd(TargetTerms.Normal(item.Target!.Subject), item) ? item : first[TargetTerms.Normal(item.Target.Subject)];
            if (known.Target! with { Subject = item.Target.Subject } != item.Target)
            {
                check.Refuse(at, $"“{known.Question}” is about the same subject. Give both the same unit, comparison, side, percentile and window, or name another subject.");
            }
        }
    }

    private static ChecklistSection Section(SectionDraft draft, string at, FieldCheck check, HashSet<string> sectionKeys, HashSet<string> itemKeys)
    {
        var title = check.Needed($"{at}.title", draft.Title, "the section's heading");
        var key = Key(draft.Key, title, "section", at, check, sectionKeys);
        if (draft.Items is not { Count: > 0 })
        {
            check.Refuse($"{at}.items", "This section has no item. Add one, or remove the section.");
        }

        var items = (draft.Items ?? []).Take(MostItems).Select((d, i) => Item(d ?? new ItemDraft(), $"{at}.items[{i}]", check, itemKeys)).ToList();
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

    private static List<string> Options(List<string>? given, ItemKind kind, string at, FieldCheck check)
    {
        if (kind is not (ItemKind.SingleChoice or ItemKind.SeveralChoices))
        {
            return [];
        }

        var options = (given ?? []).Take(MostOptions).Select((o, i) => check.Needed($"{at}[{i}]", o, "what can be chosen", 200)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (given?.Count > MostOptions)
        {
            check.Refuse(at, $"{given.Count} options are more than anybody reads; keep at most {MostOptions}.");
        }

        foreach (var option in options.Where(o => o.Contains('\n', StringComparison.Ordinal)))
        {
            check.Refuse(at, $"“{option.Split('\n')[0].Trim()}” goes over several lines. Write every option on one line.");
        }

        if (options.Count < 2)
        {
            check.Refuse(at, "A choice needs at least two options.");
        }

        return options;
    }

    private static string ShownWhen(string? given, string at, FieldCheck check, HashSet<string> before)
    {
        var text = check.Text(at, given, ItemCondition.Longest);
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
