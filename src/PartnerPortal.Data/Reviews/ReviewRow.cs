using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>One line of the list of reviews.</summary>
public sealed record ReviewRow(
    Guid Id, string Title, string Template, int Version, string Integration,
    string StartedBy, DateTimeOffset StartedAt, Decision? Decision, Progress Progress);

/// <summary>A review as it is read: with its frozen checklist, its answers and the names around it.</summary>
public sealed record ReviewSheet(
    Review Review, FrozenTemplate Template, string PartnerSlug, string PartnerName, string IntegrationSlug, string IntegrationName)
{
    private Dictionary<string, Answer> _answers = Review.Answers.ToDictionary(a => a.Key);

    /// <summary>What the review asks.</summary>
    public Checklist Checklist => Template.Content;

    /// <summary>How far it is, over all sections.</summary>
    public Progress Progress => Progress.Of(Checklist.Items, StateOf);

    /// <summary>Blockers that are failed; each forbids a go.</summary>
    public IReadOnlyList<ChecklistItem> FailedBlockers => Blockers(AnswerState.Failed);

    /// <summary>Blockers that nobody has answered.</summary>
    public IReadOnlyList<ChecklistItem> OpenBlockers => Blockers(AnswerState.NotAnswered);

    /// <summary>The answer to an item; null while nobody gave one.</summary>
    public Answer? AnswerTo(string key) => _answers.GetValueOrDefault(key);

    /// <summary>How an item stands.</summary>
    public AnswerState StateOf(string key) => AnswerTo(key)?.State ?? AnswerState.NotAnswered;

    /// <summary>The same review with one answer replaced.</summary>
    public ReviewSheet With(Answer answer) => this with { _answers = new(_answers) { [answer.Key] = answer } };

    private List<ChecklistItem> Blockers(AnswerState state) =>
        [.. Checklist.Items.Where(i => i.Severity == Severity.Blocker && StateOf(i.Key) == state)];
}
