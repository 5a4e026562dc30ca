namespace PartnerPortal.Domain.Reviews;

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
