using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>One line of the list of reviews.</summary>
public sealed record ReviewRow(
    Guid Id, string Title, string Template, int Version, string Integration,
    string StartedBy, DateTimeOffset StartedAt, Decision? Decision, Progress Progress);

/// <summary>An answer that was stored.</summary>
/// <param name="Answer">What is stored now.</param>
/// <param name="Transaction">The transaction that stored it, as <see cref="Storage.Change.Transaction"/> announces it.</param>
public sealed record SavedAnswer(Answer Answer, uint Transaction);

/// <summary>A review as it is read: with its frozen checklist, its answers, waivers and the names around it, at one instant.</summary>
/// <param name="Review">The review; its answers are those that were read.</param>
/// <param name="Template">The frozen version.</param>
/// <param name="PartnerSlug">The partner's slug.</param>
/// <param name="PartnerName">The partner's name.</param>
/// <param name="IntegrationSlug">The integration's slug.</param>
/// <param name="IntegrationName">The integration's name.</param>
/// <param name="Newest">Number of the template's newest version.</param>
/// <param name="Waivers">Newest waiver by item key: requested or approved, not ended.</param>
/// <param name="At">The instant for which everything is computed.</param>
public sealed record ReviewSheet(
    Review Review, FrozenTemplate Template, string PartnerSlug, string PartnerName, string IntegrationSlug, string IntegrationName,
    int Newest, IReadOnlyDictionary<string, Waiver> Waivers, DateTimeOffset At)
{
    /// <summary>Targets of the integration whose two figures do not go together: a sentence by normal subject. Each forbids a go.</summary>
    public IReadOnlyDictionary<string, string> Mismatches { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the files that prove answers, by their address.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    private Dictionary<string, Answer> _answers = Review.Answers.ToDictionary(a => a.Key);
    private Standings? _standings;

    /// <summary>What the review asks.</summary>
    public Checklist Checklist => Template.Content;

    /// <summary>How every item stands.</summary>
    public Standings Standings => _standings ??= Standings.Of(Checklist, Review.Tier, _answers.GetValueOrDefault, Waivers.GetValueOrDefault, At, Mismatches);

    /// <summary>How far it is, over all sections.</summary>
    public Progress Progress => Standings.Progress;

    /// <summary>Blockers that are failed; each forbids a go.</summary>
    public IReadOnlyList<ChecklistItem> FailedBlockers => [.. Standings.Asked.Where(s => s.Blocks).Select(s => s.Item)];

    /// <summary>Blockers about which nothing reliable is known: not answered, stale, in error.</summary>
    public IReadOnlyList<ChecklistItem> OpenBlockers => [.. Standings.Asked.Where(s => s.IsOpenBlocker).Select(s => s.Item)];

    /// <summary>The answer to an item; null while nobody gave one.</summary>
    public Answer? AnswerTo(string key) => _answers.GetValueOrDefault(key);

    /// <summary>How an item stands.</summary>
    public AnswerState StateOf(string key) => Standings.Find(key)?.State ?? AnswerState.NotAnswered;

    /// <summary>Every answer.</summary>
    public IReadOnlyCollection<Answer> Answers => _answers.Values;

    /// <summary>The same review with one answer replaced, at a later instant.</summary>
    public ReviewSheet With(Answer answer) => With([.. _answers.Values.Where(a => a.Key != answer.Key), answer]);

    /// <summary>The same review with other answers, at the instant of the newest.</summary>
    public ReviewSheet With(IReadOnlyList<Answer> answers) =>
        this with { _answers = answers.ToDictionary(a => a.Key), _standings = null, At = answers.Select(a => a.AnsweredAt).Append(At).Max() };
}
