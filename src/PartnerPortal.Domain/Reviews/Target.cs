using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>
/// What both sides said about one subject of an integration, what they agreed, and what was seen. Without data it is never
/// met, and figures that do not fit are a mismatch from the moment in which the second is entered.
/// </summary>
public sealed class Target : IAudited
{
    /// <summary>Most targets of one integration.</summary>
    public const int MostPerIntegration = 200;

    /// <summary>How long a computed value counts: it is computed twice a minute, so an older one means that nobody computes it.</summary>
    public static readonly TimeSpan ComputedFor = TimeSpan.FromMinutes(15);

    private Target()
    {
    }

    /// <summary>Id, sortable by time of entry.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>Its name in addresses, unique within the integration; never changes.</summary>
    public string Key { get; private init; } = "";

    /// <summary>What it is about, and how values are compared.</summary>
    public TargetTerms Terms { get; private set; } = new("", Comparator.AtMost, "", Side.Partner);

    /// <summary><see cref="TargetTerms.Normal"/> of the subject: one target per subject and integration.</summary>
    public string NormalSubject { get; private set; } = "";

    /// <summary>Our figure.</summary>
    public TargetFigure? Ours { get; private set; }

    /// <summary>Their figure.</summary>
    public TargetFigure? Theirs { get; private set; }

    /// <summary>The figure that both agreed, if somebody wrote one down.</summary>
    public decimal? AgreedFigure { get; private set; }

    /// <summary>Who agreed on their side.</summary>
    public string AgreedWith { get; private set; } = "";

    /// <summary>On which day.</summary>
    public DateOnly? AgreedOn { get; private set; }

    /// <summary>The PromQL expression whose value is compared; null when people prove it.</summary>
    public string? Query { get; private set; }

    /// <summary>How many days a value that a person entered can be relied on.</summary>
    public int StaleAfterDays { get; private set; } = 90;

    /// <summary>Why it does not concern this integration; empty when it does.</summary>
    public string NotApplicable { get; private set; } = "";

    /// <summary>What its expression gave last; null before it was computed.</summary>
    [NotAudited]
    public TargetObservation? Reading { get; private set; }

    /// <summary>What a person proved last; null before anybody did.</summary>
    public TargetObservation? Proof { get; private set; }

    /// <summary>Counts what people changed, from 1. Computed values do not count, so that they never get into a person's way.</summary>
    public int Version { get; private set; } = 1;

    /// <summary>What counts: what its expression gave or, without one, what a person proved.</summary>
    public TargetObservation? Observation => Query is null ? Proof : Reading;

    /// <summary>What values are compared with: the agreed figure, else theirs, else ours; null when nobody gave one.</summary>
    public decimal? Agreed => AgreedFigure ?? InUnit(Theirs) ?? InUnit(Ours);

    /// <summary>Whether both sides gave figures that do not go together.</summary>
    public bool IsMismatch => NotApplicable.Length == 0 && Ours is { } ours && Theirs is { } theirs && !(SameUnit(ours, theirs) && Terms.Fit(ours.Value, theirs.Value));

    AuditSubject IAudited.AuditedAs => new("target", Id, Terms.Subject, PartnerId);

    /// <summary>Enters a target by hand.</summary>
    /// <param name="partnerId">The partner.</param>
    /// <param name="integrationId">The integration.</param>
    /// <param name="draft">What is known of it.</param>
    /// <param name="taken">Keys that the integration uses already.</param>
    /// <param name="by">Who enters it.</param>
    /// <param name="at">When.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Target Enter(Guid partnerId, Guid integrationId, TargetDraft draft, IReadOnlyCollection<string> taken, string by, DateTimeOffset at)
    {
        var target = New(partnerId, integrationId, TargetFields.Key(draft.Key, draft.Subject ?? "", taken), at);
        target.Apply(draft with { Subject = draft.Subject ?? "" }, by, at);
        return target;
    }

    /// <summary>Makes the target of what a review asks for; <see cref="Take"/> brings the figures.</summary>
    public static Target About(Guid partnerId, Guid integrationId, TargetTerms terms, IReadOnlyCollection<string> taken, DateTimeOffset at)
    {
        var target = New(partnerId, integrationId, TargetFields.Key(null, terms.Subject, taken), at);
        (target.Terms, target.NormalSubject) = (terms, TargetTerms.Normal(terms.Subject));
        return target;
    }

    /// <summary>Changes what the draft names. A value that was seen of another expression counts no longer.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(TargetDraft draft, string by, DateTimeOffset at)
    {
        if (draft.Key is not null && draft.Key != Key)
        {
            throw new FieldsRefused("key", "The key stands in addresses that others have kept, so it cannot change.");
        }

        Apply(draft, by, at);
        Version++;
    }

    /// <summary>Takes what a review's answer says about it.</summary>
    /// <param name="terms">What the item asks; taken over while no other figure was given on other terms.</param>
    /// <param name="side">Whose figure it is; null when both sides gave it together.</param>
    /// <param name="figure">The figure; null takes away the one that this item gave, and leaves what another review or a person entered.</param>
    /// <param name="reviewId">The review.</param>
    /// <param name="itemKey">Its item.</param>
    /// <param name="by">Who answered.</param>
    /// <param name="at">When.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Take(TargetTerms terms, Side? side, decimal? figure, Guid? reviewId, string? itemKey, string by, DateTimeOffset at)
    {
        var before = (Terms, Ours, Theirs);
        TargetFigure? Next(TargetFigure? old) => figure is not { } value ? (old is not null && (old.ReviewId, old.ItemKey) == (reviewId, itemKey) ? null : old)
            : old is not null && old.Value == value && old.Unit == terms.Unit && (old.ReviewId, old.ItemKey) == (reviewId, itemKey) ? old
            : new TargetFigure(value, terms.Unit, by, at, reviewId, itemKey);
        Ours = side == Side.Partner ? Ours : Next(Ours);
        Theirs = side == Side.Ours ? Theirs : Next(Theirs);
        var other = side switch { Side.Ours => Theirs, Side.Partner => Ours, _ => null };
        if (figure is not null && other is null)
        {
            Terms = terms with { Subject = Terms.Subject };
        }

        if (before == (Terms, Ours, Theirs))
        {
            return false;
        }

        Version++;
        return true;
    }

    /// <summary>Takes a value that a person proves.</summary>
    /// <param name="value">The value, in the target's unit.</param>
    /// <param name="seenAt">The moment of which it speaks; null means now.</param>
    /// <param name="evidence">What proves it: a sentence, a link.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="at">Now.</param>
    /// <exception cref="FieldsRefused">Value or evidence is missing, or the moment lies ahead.</exception>
    /// <exception cref="RuleBroken">An expression proves it.</exception>
    public void Prove(decimal? value, DateTimeOffset? seenAt, string? evidence, string by, DateTimeOffset at)
    {
        if (Query is not null)
        {
            throw new RuleBroken("This target follows its expression. Remove the expression before you prove it by hand.");
        }

        var check = new FieldCheck();
        if (value is null)
        {
            check.Refuse("value", "Enter the value that was seen.");
        }

        if (seenAt > at.AddMinutes(5))
        {
            check.Refuse("at", "Nothing can be seen before its time. Enter a moment that has passed.");
        }

        var proof = check.Needed("evidence", evidence, "what proves it: a sentence, a link", 4000);
        check.ThrowIfRefused();
        var seen = seenAt ?? at;
        Proof = new TargetObservation(value, seen, null, seen, null, proof, by);
        Version++;
    }

    /// <summary>Takes what its expression gave.</summary>
    public void See(TargetObservation seen) => Reading = seen;

    /// <summary>How it stands at a moment.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="waived">Whether a live waiver frees the integration from it.</param>
    public TargetState StateAt(DateTimeOffset at, bool waived = false) => this switch
    {
        { NotApplicable.Length: > 0 } => TargetState.NotApplicable,
        _ when waived => TargetState.Waived,
        { Agreed: null } or { Observation: null } or { Observation.Value: null } => TargetState.NoDataYet,
        _ when at - Observation!.At > (Query is null ? TimeSpan.FromDays(StaleAfterDays) : ComputedFor) => TargetState.Stale,
        _ => Terms.Keeps(Observation!.Value!.Value, Agreed!.Value) ? TargetState.Met : TargetState.Violated,
    };

    private static Target New(Guid partnerId, Guid integrationId, string key, DateTimeOffset at) =>
        new() { Id = Guid.CreateVersion7(at), PartnerId = partnerId, IntegrationId = integrationId, Key = key };

    // A figure in another unit than the target's says nothing about values in it.
    private decimal? InUnit(TargetFigure? figure) => figure is not null && TargetTerms.Normal(figure.Unit) == TargetTerms.Normal(Terms.Unit) ? figure.Value : null;

    private static bool SameUnit(TargetFigure one, TargetFigure other) => TargetTerms.Normal(one.Unit) == TargetTerms.Normal(other.Unit);

    private void Apply(TargetDraft draft, string by, DateTimeOffset at)
    {
        var fields = TargetFields.Read(this, draft);
        Ours = Figure(Ours, draft.Ours, draft.Clears("ours"), fields.Terms.Unit, by, at);
        Theirs = Figure(Theirs, draft.Theirs, draft.Clears("theirs"), fields.Terms.Unit, by, at);
        if (fields.Query != Query)
        {
            Reading = null;
        }

        (Terms, NormalSubject, Query, StaleAfterDays, NotApplicable) = (fields.Terms, TargetTerms.Normal(fields.Terms.Subject), fields.Query, fields.StaleAfterDays, fields.NotApplicable);
        (AgreedFigure, AgreedWith, AgreedOn) = (fields.Agreed, fields.AgreedWith, fields.AgreedOn);
    }

    // A figure that a person leaves as it is keeps who gave it and in which review; who corrects the unit corrects it for both.
    private static TargetFigure? Figure(TargetFigure? old, decimal? given, bool clear, string unit, string by, DateTimeOffset at) =>
        clear ? null
        : given is { } value && (old is null || old.Value != value) ? new TargetFigure(value, unit, by, at)
        : old is null || old.Unit == unit ? old : old with { Unit = unit };
}
