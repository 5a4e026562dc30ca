using System.Text.Json.Serialization;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Domain.Escalation;

/// <summary>One step of a policy: wait, then call everybody named.</summary>
/// <param name="Delay">How long to wait after the step before (the first: after the alert).</param>
/// <param name="Targets">Whom to call, in this order; one at least.</param>
/// <param name="When">For which incidents and hours it is meant; null for all.</param>
/// <param name="Hold">Whether it waits, when nobody is on call, until somebody is; otherwise it is skipped at once.</param>
public sealed record EscalationStep(
    [property: JsonConverter(typeof(DurationJsonConverter))] TimeSpan Delay, IReadOnlyList<Target> Targets,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StepCondition? When = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Hold = false)
{
    /// <summary>Longest wait before a step.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromDays(7);

    internal static EscalationStep Check(FieldCheck check, string field, StepDraft draft)
    {
        var delay = TimeSpan.Zero;
        if (!string.IsNullOrWhiteSpace(draft.Delay) && (!Durations.TryParse(draft.Delay, out delay) || delay > LongestDelay))
        {
            check.Refuse($"{field}.delay", $"“{Shorten(draft.Delay)}” is not a wait between 0s and 7d. Write it like 0s, 15m or 2h.");
        }

        var targets = draft.Targets ?? [];
        if (targets.Count is 0 or > 20)
        {
            check.Refuse($"{field}.targets", targets.Count == 0 ? "Name somebody to call in this step, or remove it." : "Call at most 20 in one step; make a team of them.");
        }

        return new(delay, [.. targets.Take(20).Select((t, i) => CheckTarget(check, $"{field}.targets[{i}]", t)).OfType<Target>().Distinct()], StepCondition.Check(check, $"{field}.when", draft.When), draft.Hold);
    }

    private static Target? CheckTarget(FieldCheck check, string field, TargetDraft draft)
    {
        (TargetKind Kind, string? Key)[] named =
        [
            .. new (TargetKind Kind, string? Key)[]
            {
                (TargetKind.Person, draft.Person), (TargetKind.Team, draft.Team), (TargetKind.Contact, draft.Contact), (TargetKind.Role, draft.Role), (TargetKind.Schedule, draft.Schedule), (TargetKind.Service, draft.Service),
            }.Where(t => !string.IsNullOrWhiteSpace(t.Key)),
        ];
        if (named is not [var (kind, typed)])
        {
            check.Refuse(field, "Name exactly one of person, team, schedule, contact, service or role.");
            return null;
        }

        var key = typed!.Trim();
        switch (kind)
        {
            case TargetKind.Person when check.Mail(field, key) is { } mail:
                return new(TargetKind.Person, mail.ToLowerInvariant());
            case TargetKind.Team or TargetKind.Schedule or TargetKind.Service when Slug.Fits(key):
                return new(kind, key);
            case TargetKind.Contact when key.Split('/') is [var partner, var contact] && Slug.Fits(partner) && Slug.Fits(contact):
                return new(TargetKind.Contact, key);
            case TargetKind.Role when Words.TryParse<Role>(key, out var role) && role != Access.Role.Guest:
                return new(TargetKind.Role, Words.Of(role));
            default:
                check.Refuse(field, kind switch
                {
                    TargetKind.Contact => $"“{Shorten(key)}” is no contact. Write partner and contact, for example tunes/asa.",
                    TargetKind.Role => $"“{Shorten(key)}” is no role of our people. Choose one of: viewer, engineer, operator, manager, administrator.",
                    TargetKind.Team => $"There is no team called “{Shorten(key)}”.",
                    TargetKind.Service => $"There is no service called “{Shorten(key)}”.",
                    TargetKind.Schedule => $"There is no schedule called “{Shorten(key)}”.",
                    _ => $"“{Shorten(key)}” is not a mail address of one of our people.",
                });
                return null;
        }
    }

    private static string Shorten(string? text) => text is { Length: > 60 } ? text[..60] + "…" : text ?? "";
}

/// <summary>A step as it was typed.</summary>
/// <param name="Delay">"0s", "15m", "2h"; absent means at once.</param>
/// <param name="Targets">Whom to call.</param>
/// <param name="When">For which incidents and hours; absent for all.</param>
/// <param name="Hold">Whether it waits until somebody is on call.</param>
public sealed record StepDraft(string? Delay, IReadOnlyList<TargetDraft>? Targets, ConditionDraft? When = null, bool Hold = false);
