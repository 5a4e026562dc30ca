namespace PartnerPortal.Domain.Reviews;

/// <summary>The scale of levels as it arrives.</summary>
public sealed record ScaleDraft
{
    /// <summary>Most levels of a scale.</summary>
    public const int MostLevels = 10;

    /// <summary>Key of the item with the figure.</summary>
    public string? Item { get; init; }

    /// <summary>The strictest first.</summary>
    public List<LevelDraft> Levels { get; init; } = [];

    /// <summary>A scale as a draft again, to be edited.</summary>
    public static ScaleDraft From(LevelScale scale) => new()
    {
        Item = scale.Item,
        Levels = [.. scale.Levels.Select(l => new LevelDraft { Name = l.Name, From = l.From, About = l.About })],
    };

    internal LevelScale Checked(FieldCheck check, IReadOnlyList<ChecklistSection> sections)
    {
        var key = Item?.Trim() ?? "";
        if (sections.SelectMany(s => s.Items).FirstOrDefault(i => i.Key == key) is not { Kind: ItemKind.Number or ItemKind.Target })
        {
            check.Refuse("scale.item", $"There is no item with a figure called “{key}”. Name the item whose figure decides the level.");
        }

        if (Levels?.Count > MostLevels)
        {
            check.Refuse("scale.levels", $"{Levels.Count} levels are more than anybody keeps apart; keep at most {MostLevels}.");
        }

        var levels = (Levels ?? []).Take(MostLevels).Select(l => l ?? new LevelDraft()).Select((l, i) => new Level(check.Needed($"scale.levels[{i}].name", l.Name, "the level's name", 20), l.From ?? 0, check.Text($"scale.levels[{i}].about", l.About, 400))).ToList();
        if (levels.Count < 2 || levels.DistinctBy(l => l.Name).Count() != levels.Count || !levels.SequenceEqual(levels.OrderByDescending(l => l.From)))
        {
            check.Refuse("scale.levels", "A scale has at least two levels of different names, the strictest first: each begins at a smaller figure than the one before.");
        }

        return new(key, levels);
    }
}

/// <summary>A level as it arrives.</summary>
public sealed record LevelDraft
{
    /// <summary>A short name.</summary>
    public string? Name { get; init; }

    /// <summary>The smallest figure that has it; 0 when absent.</summary>
    public decimal? From { get; init; }

    /// <summary>What it means.</summary>
    public string? About { get; init; }
}

/// <summary>What a target is about, as it arrives.</summary>
public sealed record TargetTermsDraft
{
    /// <summary>What is measured, in words; the item's question when absent.</summary>
    public string? Subject { get; init; }

    /// <summary>≤ (default), ≥, &lt;, &gt;, = or at most, at least, below, above, equal.</summary>
    public string? Comparator { get; init; }

    /// <summary>Who has to keep it: ours or partner (default).</summary>
    public string? BoundSide { get; init; }

    /// <summary>Of a distribution, above 0 and below 100.</summary>
    public double? Percentile { get; init; }

    /// <summary>Over which time: 5m, 30d.</summary>
    public string? Window { get; init; }

    /// <summary>Terms as a draft again, to be edited.</summary>
    public static TargetTermsDraft From(TargetTerms terms) => new()
    {
        Subject = terms.Subject,
        Comparator = terms.Comparator.Sign(),
        BoundSide = Words.Of(terms.BoundSide),
        Percentile = terms.Percentile,
        Window = terms.Window,
    };

    internal TargetTerms Checked(string at, string question, string unit, FieldCheck check)
    {
        var comparator = Reviews.Comparator.AtMost;
        if (!string.IsNullOrWhiteSpace(Comparator) && !ComparatorSigns.TryParse(Comparator, out comparator))
        {
            check.Refuse($"{at}.comparator", $"“{Comparator}” is not a comparison. Choose one of: ≤ ≥ < > =.");
        }

        if (Percentile is <= 0 or >= 100)
        {
            check.Refuse($"{at}.percentile", "A percentile lies above 0 and below 100, for example 99.");
        }

        var window = check.Text($"{at}.window", Window, 20);
        if (window.Length > 0 && !Durations.TryParse(window, out _))
        {
            check.Refuse($"{at}.window", $"“{window}” is not a time. Write it like 5m, 1h or 30d.");
        }

        var subject = check.Text($"{at}.subject", Subject, 200);
        return new(subject.Length > 0 ? subject : question, comparator, unit, check.Word($"{at}.boundSide", BoundSide, Side.Partner), Percentile, window.Length > 0 ? window : null);
    }
}
