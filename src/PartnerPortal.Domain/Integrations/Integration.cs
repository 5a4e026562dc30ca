using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Integrations;

/// <summary>One use of a partner: payments, payouts. Stage, criticality, checks, metrics, policy and incidents belong to it.</summary>
public sealed class Integration : IAudited
{
    /// <summary>The slug of the integration that is made with its partner.</summary>
    public const string MainSlug = "main";

    private Integration()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it belongs to.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The name in addresses, unique within the partner; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>What people call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Where it stands.</summary>
    public Stage Stage { get; private set; }

    /// <summary>Every move, oldest first.</summary>
    public IReadOnlyList<StageChange> StageHistory { get; private set; } = [];

    /// <summary>How much depends on it.</summary>
    public Criticality Criticality { get; private set; } = Criticality.Medium;

    /// <summary>Where the partner's API runs.</summary>
    public IReadOnlyList<IntegrationEnvironment> Environments { get; private set; } = [];

    /// <summary>What happens to our users when it fails.</summary>
    public Impact Impact { get; private set; } = Impact.Unknown;

    /// <summary>Slug of the escalation policy that its alerts follow; null means the company's last resort.</summary>
    public string? EscalationPolicy { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("integration", Id, Name, PartnerId);

    internal static Integration Main(Guid partnerId, Stage stage, string by, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        PartnerId = partnerId,
        Slug = MainSlug,
        Name = "Main",
        Stage = stage,
        CreatedAt = at,
        StageHistory = [First(stage, by, at)],
    };

    internal static Integration Enter(Guid partnerId, IntegrationDraft draft, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var stage = check.Word("stage", draft.Stage, Stage.Prospect);
        var integration = new Integration
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partnerId,
            Slug = Partners.Slug.Check(check, draft.Slug, draft.Name ?? "", "integration"),
            Stage = stage,
            CreatedAt = at,
            StageHistory = [First(stage, by, at)],
        };
        integration.Apply(draft with { Name = draft.Name ?? "" }, check);
        check.ThrowIfRefused();
        return integration;
    }

    /// <summary>Changes what the draft names; the stage moves only by <see cref="MoveTo"/>.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(IntegrationDraft draft)
    {
        var check = new FieldCheck();
        if (draft.Stage is not null && (!Words.TryParse<Stage>(draft.Stage, out var stage) || stage != Stage))
        {
            check.Refuse("stage", "The stage is moved on its own, with proof: POST …/stage, or “Move stage” on the overview.");
        }

        if (draft.Slug is not null && draft.Slug != Slug)
        {
            check.Refuse("slug", "The slug stands in addresses that others have kept, so it cannot change.");
        }

        Apply(draft, check);
        check.ThrowIfRefused();
    }

    /// <summary>Moves to another stage.</summary>
    /// <param name="to">The stage to move to.</param>
    /// <param name="missing">Proof that the stage asks for and that is not there.</param>
    /// <param name="reason">Why; needed when proof is missing.</param>
    /// <param name="overrideUntil">Last day on which missing proof is tolerated.</param>
    /// <param name="by">Who moves it.</param>
    /// <param name="at">When.</param>
    /// <exception cref="ProofMissing">Proof is missing and was not overridden.</exception>
    /// <exception cref="RuleBroken">It already stands there, or an override lacks its reason or has ended.</exception>
    public void MoveTo(Stage to, IReadOnlyList<MissingProof> missing, string? reason, DateOnly? overrideUntil, string by, DateTimeOffset at)
    {
        if (to == Stage)
        {
            throw new RuleBroken($"{Name} already is at “{Words.Of(to)}”.");
        }

        if (missing.Count > 0 && overrideUntil is null)
        {
            throw new ProofMissing(to, missing);
        }

        if (missing.Count > 0 && string.IsNullOrWhiteSpace(reason))
        {
            throw new FieldsRefused("reason", "Say why this stage is right although proof is missing.");
        }

        if (overrideUntil is { } until && until < DateOnly.FromDateTime(at.UtcDateTime))
        {
            throw new FieldsRefused("overrideUntil", "The last day of an override must not lie in the past.");
        }

        StageHistory = [.. StageHistory, new StageChange(Stage, to, at, by, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(), false, missing, missing.Count > 0 ? overrideUntil : null)];
        Stage = to;
    }

    /// <summary>The move to the present stage when it was made although proof was missing; else null.</summary>
    public StageChange? Override => StageHistory is [.., { OverrideUntil: not null } last] ? last : null;

    private static StageChange First(Stage stage, string by, DateTimeOffset at) =>
        new(null, stage, at, by, null, stage != Stage.Prospect, StageProofs.Asked(stage), null);

    private void Apply(IntegrationDraft draft, FieldCheck check)
    {
        if (draft.Name is not null)
        {
            Name = check.Needed("name", draft.Name, "what people call this integration");
        }

        Criticality = check.Word("criticality", draft.Criticality, Criticality);
        if (draft.EscalationPolicy is { } policy)
        {
            EscalationPolicy = check.Text("escalationPolicy", policy, Partners.Slug.Longest) is { Length: > 0 } slug ? slug : null;
        }

        if (draft.Environments is { } environments)
        {
            Environments = [.. environments.Take(20).Select((e, i) => new IntegrationEnvironment(
                check.Needed($"environments[{i}].name", e.Name, "the environment's name, for example sandbox", 60),
                check.WebAddress($"environments[{i}].baseUrl", e.BaseUrl)))];
        }

        if (draft.Impact is { } impact)
        {
            Impact = new Impact(
                impact.Journeys is null ? Impact.Journeys : [.. impact.Journeys.Select(j => check.Text("impact.journeys", j, 80)).Where(j => j.Length > 0).Take(20)],
                impact.WhatUsersSee is null ? Impact.WhatUsersSee : check.Text("impact.whatUsersSee", impact.WhatUsersSee),
                impact.Fallback is null ? Impact.Fallback : check.Text("impact.fallback", impact.Fallback),
                impact.KillSwitch is null ? Impact.KillSwitch : check.Text("impact.killSwitch", impact.KillSwitch),
                impact.WhoMayPull is null ? Impact.WhoMayPull : check.Text("impact.whoMayPull", impact.WhoMayPull, 200));
        }
    }
}
