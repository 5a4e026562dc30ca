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

    private Review? Review { get; init; }

    AuditSubject IAudited.AuditedAs => new("answer", ReviewId, $"{Review?.Title}: {Key}", Review?.PartnerId);

    internal void Take(AnswerState state, string? value, string comment, IReadOnlyList<string> evidence, string by, DateTimeOffset at)
    {
        (State, Value, Comment, Evidence) = (state, value, comment, evidence);
        (AnsweredBy, AnsweredAt) = (by, at);
        Version++;
    }
}

/// <summary>An answer as somebody gives it. It replaces the whole answer.</summary>
/// <param name="State">How the item stands.</param>
/// <param name="Value">The figure or sentence; may be absent.</param>
/// <param name="Comment">What to know about it.</param>
/// <param name="Evidence">Web addresses.</param>
public sealed record AnswerDraft(string? State, string? Value = null, string? Comment = null, IReadOnlyList<string>? Evidence = null);
