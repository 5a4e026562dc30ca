using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Escalation;

/// <summary>Whom to call when, step by step, until somebody takes it.</summary>
public sealed class EscalationPolicy : IAudited
{
    /// <summary>The company-wide policy that always exists: followed where no other is linked, or where the linked one reaches nobody.</summary>
    public const string LastResortSlug = "last-resort";

    /// <summary>The shortest wait before the steps are gone through again.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(5);

    private EscalationPolicy()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The name in addresses; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>What people call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The steps in order; one at least.</summary>
    public IReadOnlyList<EscalationStep> Steps { get; private set; } = [];

    /// <summary>How often the steps are gone through again when nobody took it: 0 to 9.</summary>
    public int Repeat { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    /// <summary>Whether this is the company's last resort.</summary>
    public bool IsLastResort => Slug == LastResortSlug;

    /// <summary>How long to wait after the last step before going through all of them again: as long as before the last step, but not less than five minutes.</summary>
    public TimeSpan Pause => Steps is [.., var last] && last.Delay > ShortestPause ? last.Delay : ShortestPause;

    AuditSubject IAudited.AuditedAs => new("escalation policy", Id, Name, null);

    /// <summary>Enters a policy.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static EscalationPolicy Enter(PolicyDraft draft, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var name = draft.Name ?? (Partners.Slug.Fits(draft.Slug ?? "") ? Spoken(draft.Slug!) : null);
        name = check.Needed("name", name, "what people call this policy", 120);
        var policy = new EscalationPolicy { Id = Guid.CreateVersion7(at), Slug = Partners.Slug.Check(check, draft.Slug, name, "policy"), CreatedAt = at };
        policy.Apply(draft with { Name = name, Steps = draft.Steps ?? [] }, check);
        check.ThrowIfRefused();
        return policy;
    }

    /// <summary>The last resort as it is before anybody edited it: everybody who administers the portal, at once and again.</summary>
    public static EscalationPolicy LastResort(DateTimeOffset at) => Enter(
        new PolicyDraft("Last resort", LastResortSlug, [new StepDraft("0s", [new TargetDraft(Role: "administrator")])], 3), at);

    /// <summary>Changes what the draft names; what is null stays.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted; a policy without steps is one.</exception>
    public void Change(PolicyDraft draft)
    {
        var check = new FieldCheck();
        if (draft.Slug is not null && draft.Slug != Slug)
        {
            check.Refuse("slug", "The slug stands in addresses that others have kept, so it cannot change.");
        }

        Apply(draft, check);
        check.ThrowIfRefused();
    }

    /// <summary>Refuses to be removed while something leans on it.</summary>
    /// <param name="followers">Integrations that link it.</param>
    /// <exception cref="RuleBroken">It is the last resort, or still linked.</exception>
    public void MakeSureItMayGo(IReadOnlyList<string> followers)
    {
        if (IsLastResort)
        {
            throw new RuleBroken("The last resort catches every alert that nobody else takes, so it cannot be removed. Edit its steps instead.");
        }

        if (followers.Count > 0)
        {
            throw new RuleBroken($"{Name} is followed by {string.Join(", ", followers.Take(5))}{(followers.Count > 5 ? $" and {followers.Count - 5} more" : "")}. Link another policy there first.");
        }
    }

    private void Apply(PolicyDraft draft, FieldCheck check)
    {
        Name = draft.Name is null ? Name : check.Needed("name", draft.Name, "what people call this policy", 120);
        if (draft.Repeat is < 0 or > 9)
        {
            check.Refuse("repeat", "Repeat the steps 0 to 9 times.");
        }

        Repeat = draft.Repeat ?? Repeat;
        if (draft.Steps is not { } steps)
        {
            return;
        }

        if (steps.Count is 0 or > 20)
        {
            check.Refuse("steps", steps.Count == 0
                ? IsLastResort ? "The last resort must call somebody. Keep at least one step." : "Add a step that calls somebody."
                : "Keep at most 20 steps; nobody waits longer.");
        }

        Steps = [.. steps.Take(20).Select((s, i) => EscalationStep.Check(check, $"steps[{i}]", s))];
    }

    private static string Spoken(string slug) => char.ToUpperInvariant(slug[0]) + slug[1..].Replace('-', ' ');
}

/// <summary>What a person or program wants a policy to be; what is null is left as it is (or at its default).</summary>
/// <param name="Name">1 to 120 characters; derived from the slug when absent.</param>
/// <param name="Slug">Derived from the name when absent; cannot change later.</param>
/// <param name="Steps">1 to 20.</param>
/// <param name="Repeat">0 to 9.</param>
public sealed record PolicyDraft(string? Name = null, string? Slug = null, IReadOnlyList<StepDraft>? Steps = null, int? Repeat = null);
