namespace PartnerPortal.Domain.Reviews;

/// <summary>How a review ends.</summary>
public enum Verdict
{
    /// <summary>Sign the contract.</summary>
    Go,

    /// <summary>Sign it when the conditions are met.</summary>
    ConditionalGo,

    /// <summary>Do not build this.</summary>
    NoGo,
}

/// <summary>Spells verdicts as the API does: "go", "conditional go", "no-go".</summary>
public static class VerdictWords
{
    /// <summary>The word for a verdict.</summary>
    public static string Word(this Verdict verdict) => verdict == Verdict.NoGo ? "no-go" : Words.Of(verdict);
}

/// <summary>The end of a review: what was decided, by whom, on what conditions.</summary>
/// <param name="Verdict">Go, conditional go or no-go.</param>
/// <param name="Signer">Mail address of the engineer whose name stands under it.</param>
/// <param name="Conditions">What must still happen; empty unless it is a conditional go.</param>
/// <param name="Reason">Why, in a few sentences; may be empty.</param>
/// <param name="At">When.</param>
public sealed record Decision(Verdict Verdict, string Signer, IReadOnlyList<Condition> Conditions, string Reason, DateTimeOffset At);

/// <summary>Something that must happen for a conditional go to hold.</summary>
/// <param name="Text">What.</param>
/// <param name="Owner">Mail address of who owes it; null while nobody does.</param>
/// <param name="Due">By when.</param>
public sealed record Condition(string Text, string? Owner, DateOnly? Due);

/// <summary>A decision as it arrives, before it was checked.</summary>
/// <param name="Decision">go, conditional go or no-go.</param>
/// <param name="Signer">Mail address of the signing engineer.</param>
/// <param name="Conditions">What must still happen.</param>
/// <param name="Reason">Why.</param>
public sealed record DecisionDraft(string? Decision, string? Signer = null, IReadOnlyList<ConditionDraft>? Conditions = null, string? Reason = null);

/// <summary>A condition as it arrives.</summary>
/// <param name="Text">What must happen.</param>
/// <param name="Owner">Who owes it.</param>
/// <param name="Due">By when.</param>
public sealed record ConditionDraft(string? Text, string? Owner = null, DateOnly? Due = null);
