namespace PartnerPortal.Domain.Escalation;

/// <summary>How an override changes a schedule.</summary>
public enum OverrideKind
{
    /// <summary>Somebody is on call, too.</summary>
    Add,

    /// <summary>Somebody is not on call.</summary>
    Remove,

    /// <summary>Somebody stands in for another one, wherever that one is on call.</summary>
    Replace,

    /// <summary>Only these people are on call, whatever layers and other overrides say: a temporary schedule.</summary>
    Only,
}

/// <summary>A change of a schedule between two moments.</summary>
/// <param name="Id">Id.</param>
/// <param name="Kind">How it changes.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; no longer part of it.</param>
/// <param name="Out">Who is not on call; for remove and replace.</param>
/// <param name="In">Who is on call; for add and replace.</param>
/// <param name="People">Who alone is on call; for only.</param>
/// <param name="By">Who entered it.</param>
public sealed record ScheduleOverride(Guid Id, OverrideKind Kind, DateTimeOffset From, DateTimeOffset To, string? Out, string? In, IReadOnlyList<string> People, string By)
{
    /// <summary>Everybody whom it is about.</summary>
    public IEnumerable<string> Users => new[] { Out, In }.OfType<string>().Concat(People);

    /// <summary>Whether it holds at a moment.</summary>
    public bool Holds(DateTimeOffset at) => From <= at && at < To;

    /// <summary>Whether both would speak about the same person at the same time.</summary>
    public bool Clashes(ScheduleOverride other) => From < other.To && other.From < To
        && (Kind == OverrideKind.Only == (other.Kind == OverrideKind.Only)) && (Kind == OverrideKind.Only || Users.Intersect(other.Users).Any());

    internal static ScheduleOverride Check(OverrideDraft draft, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var kind = check.Word("kind", draft.Kind, OverrideKind.Replace);
        if (draft.From is not { } from || draft.To is not { } to || from >= to || to - from > TimeSpan.FromDays(366))
        {
            check.Refuse("to", "Name two moments, from and to, at most a year apart.");
            (from, to) = (at, at);
        }

        if (to <= at && draft.To is not null)
        {
            check.Refuse("to", "It would be over already; what was is not changed.");
        }

        var (gone, comes) = (Person("out", kind is OverrideKind.Remove or OverrideKind.Replace, draft.Out), Person("in", kind is OverrideKind.Add or OverrideKind.Replace, draft.In));
        List<string> people = kind == OverrideKind.Only ? [.. (draft.People ?? []).Select((p, n) => check.Mail($"people[{n}]", p)?.ToLowerInvariant()).OfType<string>().Distinct()] : [];
        if (gone is not null && gone == comes)
        {
            check.Refuse("in", "Somebody else must stand in.");
        }

        check.ThrowIfRefused();
        return new(Guid.CreateVersion7(at), kind, from.ToUniversalTime(), to.ToUniversalTime(), gone, comes, people, by);

        string? Person(string field, bool needed, string? typed) =>
            !needed ? null : check.Mail(field, check.Needed(field, typed, field == "in" ? "who is on call" : "who is not on call"))?.ToLowerInvariant();
    }
}

/// <summary>An override as it was typed.</summary>
/// <param name="Kind">add, remove, replace or only; absent means replace.</param>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends.</param>
/// <param name="Out">Mail address of who is not on call.</param>
/// <param name="In">Mail address of who is.</param>
/// <param name="People">Who alone is on call, for only; nobody when empty.</param>
public sealed record OverrideDraft(string? Kind = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Out = null, string? In = null, IReadOnlyList<string>? People = null);
