using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>Who is on call when: layers of people who take turns, days on which it is different, and overrides.</summary>
public sealed class Schedule : IAudited
{
    private Schedule()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The name in addresses; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>What people call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The IANA zone on whose wall clock shifts change.</summary>
    public string TimeZone { get; private set; } = "Etc/UTC";

    /// <summary>The layers, the first one first; one at least.</summary>
    public IReadOnlyList<ScheduleLayer> Layers { get; private set; } = [];

    /// <summary>Days on which nobody of the layers is on call, unless the day names people.</summary>
    public IReadOnlyList<Holiday> Holidays { get; private set; } = [];

    /// <summary>Overrides that are not long over, by their beginning.</summary>
    public IReadOnlyList<ScheduleOverride> Overrides { get; private set; } = [];

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("schedule", Id, Name, null);

    /// <summary>Enters a schedule.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Schedule Enter(ScheduleDraft draft, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var name = check.Needed("name", draft.Name ?? draft.Slug, "what people call this schedule", 120);
        var schedule = new Schedule { Id = Guid.CreateVersion7(at), Slug = Partners.Slug.Check(check, draft.Slug, name, "schedule"), CreatedAt = at };
        schedule.Apply(draft with { Name = name, Layers = draft.Layers ?? [] }, check);
        check.ThrowIfRefused();
        return schedule;
    }

    /// <summary>Changes what the draft names; what is null stays.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(ScheduleDraft draft)
    {
        var check = new FieldCheck();
        Apply(draft, check);
        check.ThrowIfRefused();
    }

    /// <summary>Changes who is on call between two moments.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">Another override speaks about the same person at the same time.</exception>
    public ScheduleOverride Override(OverrideDraft draft, string by, DateTimeOffset at)
    {
        var added = ScheduleOverride.Check(draft, by, at);
        if (Overrides.FirstOrDefault(o => o.Clashes(added)) is { } other)
        {
            throw new RuleBroken(FormattableString.Invariant(
                $"An override of {other.By} speaks about {string.Join(" and ", other.Users.Intersect(added.Users).DefaultIfEmpty("these days"))} from {other.From.UtcDateTime:d MMM HH:mm} to {other.To.UtcDateTime:d MMM HH:mm} UTC. Remove it first, or choose another time."));
        }

        if (added.Out is { } absent && !new OnCallTimes(this).Between(added.From, added.To).Any(s => s.People.Contains(absent)))
        {
            throw new FieldsRefused("out", $"{absent} is not on call in this time, so there is nothing to change.");
        }

        Overrides = [.. Overrides.Where(o => o.To > at - TimeSpan.FromDays(366)).Append(added).OrderBy(o => o.From)];
        return added;
    }

    /// <summary>Takes an override back.</summary>
    /// <exception cref="NotThere">There is no such override.</exception>
    public ScheduleOverride Withdraw(Guid id)
    {
        var found = Overrides.FirstOrDefault(o => o.Id == id) ?? throw new NotThere("such override");
        Overrides = [.. Overrides.Where(o => o.Id != id)];
        return found;
    }

    /// <summary>Refuses to be removed while a policy calls it.</summary>
    /// <exception cref="RuleBroken">A policy calls it.</exception>
    public void MakeSureItMayGo(IReadOnlyList<string> policies)
    {
        if (policies.Count > 0)
        {
            throw new RuleBroken($"{Name} is called by {string.Join(", ", policies.Take(5))}. Take it out there first.");
        }
    }

    private void Apply(ScheduleDraft draft, FieldCheck check)
    {
        Name = draft.Name is null ? Name : check.Needed("name", draft.Name, "what people call this schedule", 120);
        TimeZone = draft.TimeZone is null ? TimeZone : Zone.Check(check, "timeZone", draft.TimeZone) ?? TimeZone;
        if (draft.Layers is { } layers)
        {
            if (layers.Count is 0 or > 10)
            {
                check.Refuse("layers", layers.Count == 0 ? "Add a layer: people who take turns." : "Keep at most 10 layers.");
            }

            Layers = [.. layers.Take(10).Select((l, n) => ScheduleLayer.Check(check, $"layers[{n}]", l))];
        }

        if (draft.Holidays is { } days)
        {
            Holidays = [.. days.Take(400).Select((d, n) => Holiday.Check(check, $"holidays[{n}]", d)).OfType<Holiday>().DistinctBy(d => d.Day).OrderBy(d => d.Day)];
        }
    }
}

/// <summary>A day on which a schedule is different, on its own wall clock.</summary>
/// <param name="Day">The day.</param>
/// <param name="Name">What people call it.</param>
/// <param name="People">Who is on call instead; empty: nobody.</param>
public sealed record Holiday(DateOnly Day, string Name, IReadOnlyList<string> People)
{
    internal static Holiday? Check(FieldCheck check, string field, HolidayDraft draft)
    {
        if (draft.Day is not { } day)
        {
            check.Refuse($"{field}.day", "Name the day, like 2026-12-25.");
            return null;
        }

        return new(day, check.Text($"{field}.name", draft.Name, 120), [.. (draft.People ?? []).Take(20).Select((p, n) => check.Mail($"{field}.people[{n}]", p)?.ToLowerInvariant()).OfType<string>().Distinct()]);
    }
}

/// <summary>A holiday as it was typed.</summary>
public sealed record HolidayDraft(DateOnly? Day = null, string? Name = null, IReadOnlyList<string>? People = null);

/// <summary>What a person or program wants a schedule to be; what is null is left as it is.</summary>
/// <param name="Name">1 to 120 characters; the slug when absent.</param>
/// <param name="Slug">Derived from the name when absent; cannot change later.</param>
/// <param name="TimeZone">IANA name, as Europe/Berlin.</param>
/// <param name="Layers">1 to 10.</param>
/// <param name="Holidays">Days on which it is different.</param>
public sealed record ScheduleDraft(
    string? Name = null, string? Slug = null, string? TimeZone = null, IReadOnlyList<LayerDraft>? Layers = null, IReadOnlyList<HolidayDraft>? Holidays = null);
