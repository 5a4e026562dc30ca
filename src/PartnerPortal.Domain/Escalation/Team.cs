using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Escalation;

/// <summary>People of ours who are called together, in order.</summary>
public sealed class Team : IAudited
{
    private Team()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The name in addresses; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>What people call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Mail addresses in lower case, whom to call first on top; one at least.</summary>
    public IReadOnlyList<string> Members { get; private set; } = [];

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("team", Id, Name, null);

    /// <summary>Enters a team.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Team Enter(TeamDraft draft, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var name = check.Needed("name", draft.Name ?? draft.Slug, "what people call this team", 120);
        var team = new Team { Id = Guid.CreateVersion7(at), Slug = Partners.Slug.Check(check, draft.Slug, name, "team"), CreatedAt = at };
        team.Apply(draft with { Name = name, Members = draft.Members ?? [] }, check);
        check.ThrowIfRefused();
        return team;
    }

    /// <summary>Changes what the draft names; what is null stays.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(TeamDraft draft)
    {
        var check = new FieldCheck();
        Apply(draft, check);
        check.ThrowIfRefused();
    }

    /// <summary>Refuses to be removed while a policy calls it.</summary>
    /// <param name="policies">Names of the policies that call it.</param>
    /// <exception cref="RuleBroken">A policy calls it.</exception>
    public void MakeSureItMayGo(IReadOnlyList<string> policies)
    {
        if (policies.Count > 0)
        {
            throw new RuleBroken($"{Name} is called by {string.Join(", ", policies.Take(5))}. Take it out there first.");
        }
    }

    private void Apply(TeamDraft draft, FieldCheck check)
    {
        Name = draft.Name is null ? Name : check.Needed("name", draft.Name, "what people call this team", 120);
        if (draft.Members is not { } members)
        {
            return;
        }

        Members = [.. members.Take(100).Select((m, i) => check.Mail($"members[{i}]", m)?.ToLowerInvariant()).OfType<string>().Distinct()];
        if (members.Count > 100)
        {
            check.Refuse("members", "Keep at most 100 people in a team.");
        }

        if (Members.Count == 0)
        {
            check.Refuse("members", "A team needs at least one person; write the mail address.");
        }
    }
}

/// <summary>What a person or program wants a team to be; what is null is left as it is.</summary>
/// <param name="Name">1 to 120 characters.</param>
/// <param name="Slug">Derived from the name when absent.</param>
/// <param name="Members">1 to 100 mail addresses, whom to call first on top.</param>
public sealed record TeamDraft(string? Name = null, string? Slug = null, IReadOnlyList<string>? Members = null);
