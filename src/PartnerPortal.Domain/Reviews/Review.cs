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
    public Guid TemplateVersionId { get; private init; }

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

    /// <summary>The answers that were loaded; an item without one is not answered.</summary>
    public IReadOnlyList<Answer> Answers => _answers;

    AuditSubject IAudited.AuditedAs => new("review", Id, Title, PartnerId);

    /// <summary>Starts a review from a version of a template.</summary>
    public static Review Start(Guid partnerId, Guid integrationId, TemplateVersion template, string by, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        PartnerId = partnerId,
        IntegrationId = integrationId,
        TemplateVersionId = template.Id,
        Title = template.Content.Title,
        StartedBy = by,
        StartedAt = at,
    };

    /// <summary>How an item stands.</summary>
    public AnswerState StateOf(string key) => _answers.FirstOrDefault(a => a.Key == key)?.State ?? AnswerState.NotAnswered;

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
        var item = checklist.Find(key) is { } found && MayAnswer(found, by) ? found : throw new NotThere($"item called {key} in this review");
        RefuseWhenConcluded();
        var answer = _answers.FirstOrDefault(a => a.Key == key);
        if (version != (answer?.Version ?? Answer.Untouched))
        {
            throw new ChangedMeanwhile(answer);
        }

        var check = new FieldCheck();
        var state = check.Word("state", draft.State, AnswerState.NotAnswered);
        var comment = check.Text("comment", draft.Comment, 10_000);
        var value = Value(item, draft.Value, check);
        var evidence = Links(draft.Evidence ?? [], check);
        if (state == AnswerState.NotApplicable && comment.Length == 0)
        {
            check.Refuse("comment", "Say why this does not apply; the next reader cannot guess it.");
        }

        check.ThrowIfRefused();
        if (answer is null)
        {
            _answers.Add(answer = new Answer(this, key));
        }

        answer.Take(state, value, comment, evidence, by.Name, at);
        return answer;
    }

    /// <summary>Ends the review with a signed decision. Afterwards nothing in it changes any more.</summary>
    /// <exception cref="RuleBroken">It is concluded already; or it says go although a blocker is failed.</exception>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Conclude(Checklist checklist, DecisionDraft draft, DateTimeOffset at)
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

        check.ThrowIfRefused();
        if (verdict == Verdict.Go && FailedBlockers(checklist) is [var first, ..] failed)
        {
            throw new RuleBroken(failed.Count == 1
                ? $"This review cannot end in go while a blocker is failed: “{first.Question}” Resolve it, or decide conditional go or no-go."
                : $"This review cannot end in go while {failed.Count} blockers are failed, the first being “{first.Question}” Resolve them, or decide conditional go or no-go.");
        }

        Decision = new Decision(verdict, signer!, conditions, reason, at);
        ConcludedAt = at;
    }

    /// <summary>Blockers that are failed; each forbids a go.</summary>
    public IReadOnlyList<ChecklistItem> FailedBlockers(Checklist checklist) =>
        [.. checklist.Items.Where(i => i.Severity == Severity.Blocker && StateOf(i.Key) == AnswerState.Failed)];

    private static bool MayAnswer(ChecklistItem item, Actor by) =>
        by.May(Right.AnswerReviews) || (by.May(Right.AnswerOwnItems) && item.Who != Answerer.Us);

    private static string? Value(ChecklistItem item, string? given, FieldCheck check)
    {
        var text = check.Text("value", given, 2000);
        if (text.Length == 0)
        {
            return null;
        }

        if (item.Kind != ItemKind.Number)
        {
            return text;
        }

        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            check.Refuse("value", $"“{(text.Length > 40 ? text[..40] + "…" : text)}” is not a number. Write it like 120 or 0.5{(item.Unit.Length > 0 ? ", in " + item.Unit : "")}.");
            return null;
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    private static List<string> Links(IReadOnlyList<string> links, FieldCheck check)
    {
        if (links.Count > 20)
        {
            check.Refuse("evidence", "Keep at most 20 links.");
        }

        return [.. links.Take(20).Select((l, i) => check.WebAddress($"evidence[{i}]", l)).OfType<string>()];
    }

    private void RefuseWhenConcluded()
    {
        if (Decision is { } decision)
        {
            throw new RuleBroken($"This review was concluded with {decision.Verdict.Word()} on {decision.At.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} and can no longer be changed. Start a new one.");
        }
    }
}
