using System.Globalization;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>A technical review of one integration: a checklist, frozen in the version it was started with, its answers, and in the end a decision.</summary>
public sealed class Review : IAudited
{
    private readonly List<Answer> _answers = [];

    private Review()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration that is reviewed.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>The frozen version of the template.</summary>
    public Guid TemplateVersionId { get; private set; }

    /// <summary>The partner's tier when the version was frozen: it decides which items are asked.</summary>
    public Partners.Tier Tier { get; private set; }

    /// <summary>The template's title when the review was started.</summary>
    public string Title { get; private init; } = "";

    /// <summary>Who started it.</summary>
    public string StartedBy { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>How it ended; null while it is open.</summary>
    public Decision? Decision { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? ConcludedAt { get; private set; }

    /// <summary>What was closed when it ended in no-go; null otherwise.</summary>
    public NoGoClosing? Closing { get; private set; }

    /// <summary>The answers that were loaded; an item without one is not answered.</summary>
    public IReadOnlyList<Answer> Answers => _answers;

    AuditSubject IAudited.AuditedAs => new("review", Id, Title, PartnerId);

    /// <summary>Starts a review from a version of a template.</summary>
    public static Review Start(Guid partnerId, Guid integrationId, Partners.Tier tier, TemplateVersion template, string by, DateTimeOffset at) => new()
    {
        Tier = tier,
        Id = Guid.CreateVersion7(at),
        PartnerId = partnerId,
        IntegrationId = integrationId,
        TemplateVersionId = template.Id,
        Title = template.Content.Title,
        StartedBy = by,
        StartedAt = at,
    };

    /// <summary>What was said about an item.</summary>
    public AnswerState StateOf(string key) => _answers.FirstOrDefault(a => a.Key == key)?.State ?? AnswerState.NotAnswered;

    /// <summary>How every item stands at an instant.</summary>
    public Standings StandingsAt(Checklist checklist, Func<string, Waiver?> waiverOf, DateTimeOffset at, IReadOnlyDictionary<string, string>? mismatches = null)
    {
        var answers = _answers.ToDictionary(a => a.Key);
        return Standings.Of(checklist, Tier, answers.GetValueOrDefault, waiverOf, at, mismatches);
    }

    /// <summary>Moves to a newer version of its template. Every answer is kept; items that are new are not answered yet.</summary>
    /// <exception cref="RuleBroken">The review is concluded: signed answers are never rewritten.</exception>
    public void MoveTo(TemplateVersion template, Partners.Tier tier)
    {
        RefuseWhenConcluded();
        (TemplateVersionId, Tier) = (template.Id, tier);
    }

    /// <summary>Takes an answer to one item, replacing the one before.</summary>
    /// <param name="checklist">The frozen checklist.</param>
    /// <param name="key">The item.</param>
    /// <param name="draft">What is said.</param>
    /// <param name="version">The version that the person read; <see cref="Answer.Untouched"/> when nobody had answered.</param>
    /// <param name="by">Who says it.</param>
    /// <param name="at">When.</param>
    /// <exception cref="NotThere">There is no such item, or it is not for this person to see.</exception>
    /// <exception cref="RuleBroken">The review is concluded.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version; it holds what is stored now.</exception>
    public Answer Record(Checklist checklist, string key, AnswerDraft draft, int version, Actor by, DateTimeOffset at)
    {
        var item = AskedItem(checklist, key, by, at);
        RefuseWhenConcluded();
        var answer = NewestOf(key, version);
        var check = new FieldCheck();
        var state = check.Word("state", draft.State, AnswerState.NotAnswered);
        if (state is AnswerState.InError or AnswerState.Stale)
        {
            check.Refuse("state", $"Nobody chooses “{Words.Of(state)}”; an answer becomes that by itself. Choose one of: not answered, passed, failed, warning, not applicable.");
        }

        var comment = check.Text("comment", draft.Comment, 10_000);
        var value = ItemValue.Read(item, draft.Value, check);
        var evidence = Links(draft.Evidence ?? [], check);
        RefuseUnproved(item, state, comment, evidence, check);
        check.ThrowIfRefused();
        return Take(answer, key, state, value, comment, evidence, by.Name, at);
    }

    /// <summary>Brings back an earlier version of an answer, as a new version.</summary>
    /// <param name="checklist">The frozen checklist.</param>
    /// <param name="key">The item.</param>
    /// <param name="earlier">The version to bring back; null for the silence at the beginning.</param>
    /// <param name="version">The version that the person read.</param>
    /// <param name="by">Who.</param>
    /// <param name="at">When.</param>
    /// <exception cref="NotThere">There is no such item, or it is not for this person to see.</exception>
    /// <exception cref="RuleBroken">The review is concluded, or nothing was said yet.</exception>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version.</exception>
    public Answer Restore(Checklist checklist, string key, AnswerVersion? earlier, int version, Actor by, DateTimeOffset at)
    {
        AskedItem(checklist, key, by, at);
        RefuseWhenConcluded();
        var answer = NewestOf(key, version) ?? throw new RuleBroken("Nothing was said here yet, so there is nothing to undo.");
        return Take(answer, key, earlier?.State ?? AnswerState.NotAnswered, earlier?.Value, earlier?.Comment ?? "", earlier?.Evidence ?? [], by.Name, at, earlier?.Version ?? Answer.Untouched);
    }

    /// <summary>Ends the review with a signed decision. Afterwards nothing in it changes any more.</summary>
    /// <param name="standings">How everything stands at this instant.</param>
    /// <param name="mismatches">Targets whose two figures do not go together, in words; each forbids a go as a failed blocker does.</param>
    /// <param name="draft">What was decided.</param>
    /// <param name="at">When.</param>
    /// <exception cref="RuleBroken">It is concluded already; or it says go although a blocker is failed or figures do not go together.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Conclude(Standings standings, IEnumerable<string> mismatches, DecisionDraft draft, DateTimeOffset at)
    {
        RefuseWhenConcluded();
        var check = new FieldCheck();
        var verdict = check.Word("decision", draft.Decision, Verdict.Go);
        if (string.IsNullOrWhiteSpace(draft.Decision))
        {
            check.Refuse("decision", "Choose go, conditional go or no-go.");
        }

        var signer = check.Mail("signer", draft.Signer);
        if (signer is null)
        {
            check.Refuse("signer", "Name the engineer who signs, by mail address.");
        }

        var reason = check.Text("reason", draft.Reason, 10_000);
        var conditions = (draft.Conditions ?? []).Take(50).Select((c, i) => new Condition(
            check.Needed($"conditions[{i}].text", c.Text, "what must happen", 1000),
            check.Mail($"conditions[{i}].owner", c.Owner),
            c.Due)).ToList();
        if (verdict == Verdict.ConditionalGo && conditions.Count == 0)
        {
            check.Refuse("conditions", "A conditional go needs at least one condition. Without any it is a go.");
        }
        else if (verdict != Verdict.ConditionalGo && conditions.Count > 0)
        {
            check.Refuse("conditions", $"Conditions belong to a conditional go, not to a {verdict.Word()}. Remove them or change the decision.");
        }

        if (draft.RevisitOn is { } revisit && (verdict != Verdict.NoGo || revisit <= DateOnly.FromDateTime(at.UtcDateTime)))
        {
            check.Refuse("revisitOn", verdict == Verdict.NoGo ? "The day to look again lies in the future." : "A day to look again belongs to a no-go.");
        }

        check.ThrowIfRefused();
        List<string> against = [.. standings.Asked.Where(s => s.Blocks && s.Mismatch is null).Select(s => s.Item.Question), .. mismatches];
        if (verdict == Verdict.Go && against is [var first, ..])
        {
            throw new RuleBroken(against.Count == 1
                ? $"This review cannot end in go while a blocker is failed: “{first}” Resolve it, or decide conditional go or no-go."
                : $"This review cannot end in go while {against.Count} blockers are failed, the first being “{first}” Resolve them, or decide conditional go or no-go.");
        }

        if (verdict == Verdict.NoGo && reason.Length == 0 && against.Count > 0)
        {
            // What stopped it stands in the answers already.
            reason = string.Join(' ', against);
        }

        List<string> unresolved = [.. standings.Asked.Where(s => s.Blocks || s.IsOpenBlocker).Select(s => s.Item.Key)];
        Decision = new Decision(verdict, signer!, conditions, reason, at) { Blockers = unresolved, RevisitOn = draft.RevisitOn };
        ConcludedAt = at;
    }

    /// <summary>Notes what was closed after a no-go.</summary>
    public void Close(NoGoClosing closing) => Closing = closing;

    private static bool MayAnswer(ChecklistItem item, Actor by) =>
        by.May(Right.AnswerReviews) || (by.May(Right.AnswerOwnItems) && item.Who != Answerer.Us);

    // What is hidden is refused, not only hidden.
    private ChecklistItem AskedItem(Checklist checklist, string key, Actor by, DateTimeOffset at) =>
        StandingsAt(checklist, _ => null, at).Find(key) is { Asked: true } found && MayAnswer(found.Item, by)
            ? found.Item : throw new NotThere($"item called {key} in this review");

    private Answer? NewestOf(string key, int version)
    {
        var answer = _answers.FirstOrDefault(a => a.Key == key);
        return version == (answer?.Version ?? Answer.Untouched) ? answer : throw new ChangedMeanwhile(answer);
    }

    private Answer Take(Answer? answer, string key, AnswerState state, string? value, string comment, IReadOnlyList<string> evidence, string by, DateTimeOffset at, int? restores = null)
    {
        if (answer is null)
        {
            _answers.Add(answer = new Answer(this, key));
        }

        answer.Take(state, value, comment, evidence, by, at, restores);
        return answer;
    }

    private static void RefuseUnproved(ChecklistItem item, AnswerState state, string comment, List<string> evidence, FieldCheck check)
    {
        if (state == AnswerState.NotApplicable && comment.Length == 0)
        {
            check.Refuse("comment", "Say why this does not apply; the next reader cannot guess it.");
        }
        else if (state == AnswerState.Passed && item.EvidenceRequired && evidence.Count == 0)
        {
            check.Refuse("evidence", "Add a link or a file that proves it; this item passes on evidence only.");
        }
        else if (state == AnswerState.Passed && item.Severity == Severity.Blocker && comment.Length == 0 && evidence.Count == 0)
        {
            check.Refuse("comment", "Write down what shows that this blocker is passed, or link it. A bare yes proves nothing next year.");
        }
    }

    private List<string> Links(IReadOnlyList<string> links, FieldCheck check)
    {
        if (links.Count > 20)
        {
            check.Refuse("evidence", "Keep at most 20 links and files.");
        }

        var own = $"/api/v1/reviews/{Id}/files/";
        return [.. links.Take(20).Select((l, i) => l.StartsWith(own, StringComparison.Ordinal) && Guid.TryParse(l.AsSpan(own.Length), out _) ? l : check.WebAddress($"evidence[{i}]", l)).OfType<string>()];
    }

    private void RefuseWhenConcluded()
    {
        if (Decision is { } decision)
        {
            throw new RuleBroken($"This review was concluded with {decision.Verdict.Word()} on {decision.At.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} and can no longer be changed. Start a new one.");
        }
    }
}
