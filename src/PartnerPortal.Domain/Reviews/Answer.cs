using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>What was said about one item of one review. Absent until somebody says something; that absence is version 1.</summary>
public sealed class Answer : IAudited
{
    /// <summary>The version of an item that nobody has answered yet.</summary>
    public const int Untouched = 1;

    private Answer()
    {
    }

    internal Answer(Review review, string key) => (Review, ReviewId, Key) = (review, review.Id, key);

    /// <summary>The review.</summary>
    public Guid ReviewId { get; private init; }

    /// <summary>The item's key.</summary>
    public string Key { get; private init; } = "";

    /// <summary>How the item stands.</summary>
    public AnswerState State { get; private set; }

    /// <summary>The figure or sentence that the item asks for; null when none was given. Figures are written with a point.</summary>
    public string? Value { get; private set; }

    /// <summary>What to know about it.</summary>
    public string Comment { get; private set; } = "";

    /// <summary>Addresses of pages that prove it.</summary>
    public IReadOnlyList<string> Evidence { get; private set; } = [];

    /// <summary>Who said so last: a mail address.</summary>
    public string AnsweredBy { get; private set; } = "";

    /// <summary>When they said so.</summary>
    public DateTimeOffset AnsweredAt { get; private set; }

    /// <summary>Counts the saves, from 2; two people who start from the same version cannot both save.</summary>
    public int Version { get; private set; } = Untouched;

    /// <summary>Why its evidence could not be read when the portal last tried; null when it could or there is none.</summary>
    public string? EvidenceError { get; private set; }

    /// <summary>When the portal last looked at its evidence; null: not since it was said.</summary>
    [NotAudited]
    public DateTimeOffset? EvidenceReadAt { get; private set; }

    /// <summary>The version whose content this one brought back by an undo; null when it was written.</summary>
    public int? Restores { get; private set; }

    private Review? Review { get; init; }

    AuditSubject IAudited.AuditedAs => new("answer", ReviewId, $"{Review?.Title}: {Key}", Review?.PartnerId);

    /// <summary>When it becomes stale; null when the item's answers do not age or nothing was said.</summary>
    public DateTimeOffset? FreshUntil(ChecklistItem item) =>
        State != AnswerState.NotAnswered && item.FreshForDays is { } days ? AnsweredAt.AddDays(days) : null;

    /// <summary>What became of it by an instant: what was said, in error when its evidence cannot be read, stale when it is too old.</summary>
    public AnswerState StateAt(ChecklistItem item, DateTimeOffset at) =>
        FreshUntil(item) is { } until && at >= until ? AnswerState.Stale
        : EvidenceError is not null && State == AnswerState.Passed ? AnswerState.InError : State;

    /// <summary>Notes whether the evidence could be read. Not a new version: nobody said anything.</summary>
    /// <param name="error">Why not; null when it could.</param>
    /// <param name="at">When it was looked at.</param>
    public void NoteEvidence(string? error, DateTimeOffset at) => (EvidenceError, EvidenceReadAt) = (error, at);

    internal void Take(AnswerState state, string? value, string comment, IReadOnlyList<string> evidence, string by, DateTimeOffset at, int? restores = null)
    {
        (State, Value, Comment, Evidence) = (state, value, comment, evidence);
        (AnsweredBy, AnsweredAt) = (by, at);
        (EvidenceError, EvidenceReadAt, Restores) = (null, null, restores);
        Version++;
    }
}

/// <summary>One version of an answer: who said what, when. Kept for ever.</summary>
public sealed class AnswerVersion
{
    private AnswerVersion()
    {
    }

    /// <summary>The review.</summary>
    public Guid ReviewId { get; private init; }

    /// <summary>The item's key.</summary>
    public string Key { get; private init; } = "";

    /// <summary>Its number, from 2; version 1 is the silence before.</summary>
    public int Version { get; private init; }

    /// <summary>The state that was chosen.</summary>
    public AnswerState State { get; private init; }

    /// <summary>Figure, sentence or options.</summary>
    public string? Value { get; private init; }

    /// <summary>What to know about it.</summary>
    public string Comment { get; private init; } = "";

    /// <summary>Addresses that prove it.</summary>
    public IReadOnlyList<string> Evidence { get; private init; } = [];

    /// <summary>Who said so.</summary>
    public string By { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>The version that it brought back; null when it was written.</summary>
    public int? Restores { get; private init; }

    /// <summary>An answer as it stands now, for its history.</summary>
    public static AnswerVersion Of(Answer answer) => new()
    {
        ReviewId = answer.ReviewId,
        Key = answer.Key,
        Version = answer.Version,
        State = answer.State,
        Value = answer.Value,
        Comment = answer.Comment,
        Evidence = answer.Evidence,
        By = answer.AnsweredBy,
        At = answer.AnsweredAt,
        Restores = answer.Restores,
    };
}

/// <summary>An answer as somebody gives it. It replaces the whole answer.</summary>
/// <param name="State">How the item stands.</param>
/// <param name="Value">The figure or sentence; may be absent.</param>
/// <param name="Comment">What to know about it.</param>
/// <param name="Evidence">Web addresses.</param>
public sealed record AnswerDraft(string? State, string? Value = null, string? Comment = null, IReadOnlyList<string>? Evidence = null);
