using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Actions;

/// <summary>
/// Something that somebody owes: what, who, by when, and where it came from. The only list of that kind. It is called item
/// because a class called Action would hide <see cref="System.Action"/>; people read “action”.
/// </summary>
public sealed class ActionItem : IAudited
{
    /// <summary>Longest text, in characters.</summary>
    public const int LongestText = 1000;

    private ActionItem()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>What must happen, in one or two sentences.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Mail address of the person on our side who sees to it; null means the partner's owner.</summary>
    public string? Owner { get; private set; }

    /// <summary>Who owes it. Even what the partner owes has an owner on our side, who asks for it.</summary>
    public Side Side { get; private set; }

    /// <summary>Last day on which it is in time; null when it has none.</summary>
    public DateOnly? Due { get; private set; }

    /// <summary>Where it came from.</summary>
    public ActionSource Source { get; private init; } = ActionSource.Person;

    /// <summary><see cref="ActionSource.Key"/>, kept so that one cause has at most one open action.</summary>
    public string? SourceKey { get; private init; }

    /// <summary>How it stands.</summary>
    public ActionState State { get; private set; }

    /// <summary>What proves that it is done, or why it was dropped; empty while it is open.</summary>
    public string Evidence { get; private set; } = "";

    /// <summary>Who finished or dropped it.</summary>
    public string? DoneBy { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>Who wrote it down: a mail address, or "portal".</summary>
    public string CreatedBy { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("action", Id, Text.Length > 200 ? Text[..199] + "…" : Text, PartnerId);

    /// <summary>Writes down what somebody owes.</summary>
    /// <param name="partnerId">The partner.</param>
    /// <param name="integrationId">The integration.</param>
    /// <param name="draft">What, who, by when.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="by">Who writes it down.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static ActionItem Create(Guid partnerId, Guid integrationId, ActionDraft draft, ActionSource source, string by, DateTimeOffset at)
    {
        var item = new ActionItem
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partnerId,
            IntegrationId = integrationId,
            Source = source,
            SourceKey = source.Key,
            CreatedBy = by,
            CreatedAt = at,
        };
        item.Apply(draft with { Text = draft.Text ?? "" });
        return item;
    }

    /// <summary>Changes what the draft names.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">It is done or dropped.</exception>
    public void Change(ActionDraft draft)
    {
        RefuseUnlessOpen("change it");
        Apply(draft);
    }

    /// <summary>It is done.</summary>
    /// <param name="evidence">Text or links that prove it.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">The evidence is missing.</exception>
    /// <exception cref="RuleBroken">It is done or dropped already.</exception>
    public void Finish(string? evidence, string by, DateTimeOffset at) =>
        Close(ActionState.Done, "evidence", evidence, "what proves it: a sentence, a link", "finish it", by, at);

    /// <summary>It will not be done.</summary>
    /// <param name="reason">Why not.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">The reason is missing.</exception>
    /// <exception cref="RuleBroken">It is done or dropped already.</exception>
    public void Drop(string? reason, string by, DateTimeOffset at) =>
        Close(ActionState.Dropped, "reason", reason, "why nobody needs to do this", "drop it", by, at);

    /// <summary>It must be done after all. What was said at its end stays in the audit log.</summary>
    /// <exception cref="RuleBroken">It is open.</exception>
    public void Reopen()
    {
        if (State == ActionState.Open)
        {
            throw new RuleBroken("This action is open already.");
        }

        (State, Evidence, DoneBy, DoneAt) = (ActionState.Open, "", null, null);
    }

    /// <summary>Whether it is open on a day after the one on which it was due.</summary>
    public bool IsOverdue(DateOnly today) => State == ActionState.Open && Due < today;

    private void Close(ActionState state, string field, string? text, string what, string verb, string by, DateTimeOffset at)
    {
        RefuseUnlessOpen(verb);
        var check = new FieldCheck();
        var said = check.Needed(field, text, what, 4000);
        check.ThrowIfRefused();
        (State, Evidence, DoneBy, DoneAt) = (state, said, by, at);
    }

    private void RefuseUnlessOpen(string verb)
    {
        if (State != ActionState.Open)
        {
            throw new RuleBroken($"This action is {Words.Of(State)}. Reopen it before you {verb}.");
        }
    }

    private void Apply(ActionDraft draft)
    {
        var check = new FieldCheck();
        var text = draft.Text is null ? Text : check.Needed("text", draft.Text, "what must happen", LongestText);
        var owner = draft.Owner is null ? Owner : check.Mail("owner", draft.Owner);
        var side = check.Word("side", draft.Side, Side);
        var due = draft.Due is null ? Due : ActionDraft.Day(check, draft.Due);
        check.ThrowIfRefused();
        (Text, Owner, Side, Due) = (text, owner, side, due);
    }
}
