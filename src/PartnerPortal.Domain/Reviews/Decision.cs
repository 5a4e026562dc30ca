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
public sealed record Decision(Verdict Verdict, string Signer, IReadOnlyList<Condition> Conditions, string Reason, DateTimeOffset At)
{
    /// <summary>Keys of blockers that were failed or open when it was signed.</summary>
    public IReadOnlyList<string> Blockers { get; init; } = [];

    /// <summary>When to look again after a no-go; null: not planned.</summary>
    public DateOnly? RevisitOn { get; init; }
}

/// <summary>What was closed when a review ended in no-go, so that nothing is left running with a partner that will not be one.</summary>
/// <param name="PausedSources">Metric sources that were paused.</param>
/// <param name="RevokedTokens">API tokens of the partner that were revoked.</param>
/// <param name="RevokedGuests">Mail addresses whose invitations and sessions were ended.</param>
/// <param name="Credentials">What people still have to withdraw by hand, on either side.</param>
/// <param name="Mail">A letter to the partner, to be read and sent by a person.</param>
public sealed record NoGoClosing(
    IReadOnlyList<string> PausedSources, IReadOnlyList<string> RevokedTokens, IReadOnlyList<string> RevokedGuests, IReadOnlyList<string> Credentials, DraftedMail Mail);

/// <summary>A mail that nobody has sent yet.</summary>
/// <param name="To">Addresses, the first contact first; may be empty.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Text">Its text.</param>
public sealed record DraftedMail(IReadOnlyList<string> To, string Subject, string Text);

/// <summary>Something that must happen for a conditional go to hold.</summary>
/// <param name="Text">What.</param>
/// <param name="Owner">Mail address of who owes it; null while nobody does.</param>
/// <param name="Due">By when.</param>
public sealed record Condition(string Text, string? Owner, DateOnly? Due);

/// <summary>A decision as it arrives, before it was checked.</summary>
/// <param name="Decision">go, conditional go or no-go.</param>
/// <param name="Signer">Mail address of the signing engineer.</param>
/// <param name="Conditions">What must still happen.</param>
/// <param name="Reason">Why; a no-go without one names its failed blockers.</param>
/// <param name="RevisitOn">When to look again, for a no-go.</param>
public sealed record DecisionDraft(string? Decision, string? Signer = null, IReadOnlyList<ConditionDraft>? Conditions = null, string? Reason = null, DateOnly? RevisitOn = null);

/// <summary>A condition as it arrives.</summary>
/// <param name="Text">What must happen.</param>
/// <param name="Owner">Who owes it.</param>
/// <param name="Due">By when.</param>
public sealed record ConditionDraft(string? Text, string? Owner = null, DateOnly? Due = null);
