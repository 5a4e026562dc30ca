using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Web.Escalation;

/// <summary>What somebody types about a policy, before rules look at it.</summary>
public sealed class PolicyForm
{
    public string? Name { get; set; }
    public string? Slug { get; set; }
    public string Repeat { get; set; } = "1";
    public List<StepLine> Steps { get; } = [];

    /// <summary>The form filled with what is stored.</summary>
    public static PolicyForm Of(EscalationPolicy policy, Func<Target, Reached> reach)
    {
        var form = new PolicyForm { Name = policy.Name, Slug = policy.Slug, Repeat = $"{policy.Repeat}" };
        form.Steps.AddRange(policy.Steps.Select(s =>
        {
            var line = new StepLine
            {
                Delay = Durations.Of(s.Delay),
                Severity = s.When?.Severity is { } severity ? Words.Of(severity) : "",
                Hours = s.When?.Hours,
                Outside = s.When?.Outside ?? false,
                Hold = s.Hold,
            };
            line.Targets.AddRange(s.Targets.Select(t => new TargetLine(t, reach(t).Label)));
            return line;
        }));
        return form;
    }

    /// <summary>What the rules take. An emptied field is meant to be empty.</summary>
    public PolicyDraft Draft(bool isNew) => new(
        Name ?? "", isNew && !string.IsNullOrWhiteSpace(Slug) ? Slug : null,
        [.. Steps.Select(s => new StepDraft(s.Delay, [.. s.Targets.Select(t => Typed(t.Target))], new(s.Severity, s.Hours, s.Outside), s.Hold))],
        int.TryParse(Repeat, out var times) ? times : -1);

    /// <summary>Moves a step by one place.</summary>
    public void Move(StepLine step, int by)
    {
        var place = Steps.IndexOf(step) + by;
        if (place >= 0 && place < Steps.Count)
        {
            Steps.Remove(step);
            Steps.Insert(place, step);
        }
    }

    private static TargetDraft Typed(Target target) => target.Kind switch
    {
        TargetKind.Person => new(Person: target.Key),
        TargetKind.Team => new(Team: target.Key),
        TargetKind.Schedule => new(Schedule: target.Key),
        TargetKind.Contact => new(Contact: target.Key),
        TargetKind.Service => new(Service: target.Key),
        _ => new(Role: target.Key),
    };
}

/// <summary>One step as it is typed.</summary>
public sealed class StepLine
{
    public string? Delay { get; set; } = "0s";
    public List<TargetLine> Targets { get; } = [];
    public string? Severity { get; set; } = "";
    public string? Hours { get; set; }
    public bool Outside { get; set; }
    public bool Hold { get; set; }
}

/// <summary>A chosen target with what people call it.</summary>
public sealed record TargetLine(Target Target, string Label);
