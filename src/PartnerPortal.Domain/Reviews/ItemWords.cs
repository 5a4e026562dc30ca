namespace PartnerPortal.Domain.Reviews;

/// <summary>What a bad answer to an item means.</summary>
public enum Severity
{
    /// <summary>Alone stops the partnership while it is failed.</summary>
    Blocker,

    /// <summary>Costs outages or weeks if it stays as it is.</summary>
    Major,

    /// <summary>Costs time now and then.</summary>
    Minor,

    /// <summary>Good to know; never counts against a decision.</summary>
    Info,
}

/// <summary>Which side answers an item.</summary>
public enum Answerer
{
    /// <summary>Our engineers.</summary>
    Us,

    /// <summary>The partner's engineers.</summary>
    Partner,

    /// <summary>Both sides together.</summary>
    Both,
}

/// <summary>What an item asks for beside its state.</summary>
public enum ItemKind
{
    /// <summary>Nothing more: yes is passed, no is failed.</summary>
    YesNo,

    /// <summary>A figure in the item's unit.</summary>
    Number,

    /// <summary>A sentence.</summary>
    Text,
}

/// <summary>How an item stands. The state alone is a valid answer for every kind.</summary>
public enum AnswerState
{
    /// <summary>Nobody has said anything yet.</summary>
    NotAnswered,

    /// <summary>Good.</summary>
    Passed,

    /// <summary>Not good.</summary>
    Failed,

    /// <summary>Bearable; somebody should look at it.</summary>
    Warning,

    /// <summary>Does not concern this integration; the comment says why.</summary>
    NotApplicable,
}

/// <summary>Spells item kinds as the API does: "yes/no", "number", "text".</summary>
public static class ItemKindWords
{
    /// <summary>The word for a kind.</summary>
    public static string Word(this ItemKind kind) => kind == ItemKind.YesNo ? "yes/no" : Words.Of(kind);

    /// <summary>Reads a kind; absent means yes/no.</summary>
    public static bool TryParse(string? text, out ItemKind kind)
    {
        kind = ItemKind.YesNo;
        return string.IsNullOrWhiteSpace(text)
            || Words.TryParse(text.Replace("/", "", StringComparison.Ordinal), out kind);
    }
}
