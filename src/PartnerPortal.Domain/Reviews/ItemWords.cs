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

    /// <summary>One of the item's options.</summary>
    SingleChoice,

    /// <summary>Any number of the item's options.</summary>
    SeveralChoices,

    /// <summary>A figure in the item's unit.</summary>
    Number,

    /// <summary>A sentence.</summary>
    Text,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A link or a file that proves it.</summary>
    Evidence,

    /// <summary>A figure that one side plans or promises; it enters the integration's targets.</summary>
    Target,
}

/// <summary>What an item must be answered for.</summary>
public enum Phase
{
    /// <summary>Before anything is signed.</summary>
    BeforeContract,

    /// <summary>Before users depend on it.</summary>
    BeforeProduction,
}

/// <summary>How an item stands. People choose among the first five; in error and stale are what becomes of an answer.</summary>
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

    /// <summary>The evidence cannot be read any more, so nothing is proved.</summary>
    InError,

    /// <summary>Answered too long ago to be relied on. Counts as not passed.</summary>
    Stale,
}

/// <summary>Spells item kinds as the API does: "yes/no", "single choice", "number", "target".</summary>
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
