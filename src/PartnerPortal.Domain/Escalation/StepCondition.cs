using System.Text.Json.Serialization;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Domain.Escalation;

/// <summary>
/// When a step is meant: only for incidents this bad, only to whoever has these hours now, on the clock of each target's own zone. Two steps with opposite
/// conditions are a branch. Whom a condition leaves out is passed over at once; that is meant, and no gap.
/// </summary>
/// <param name="Severity">This severity or a worse one; null for any.</param>
/// <param name="Hours">Weekdays and times as contacts have them, such as <c>mon-fri 09:00-17:00</c>; null for any.</param>
/// <param name="Outside">Whether the step is meant outside of these hours instead.</param>
public sealed record StepCondition(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Severity? Severity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hours = null, bool Outside = false)
{
    /// <summary>The condition in words.</summary>
    [JsonIgnore]
    public string Said => string.Join(", ", new[]
    {
        Severity switch { null or Incidents.Severity.Info => null, Incidents.Severity.Critical => "only if critical", var s => $"only if {Words.Of(s.Value)} or worse" },
        Hours is null ? null : $"only {(Outside ? "outside of " : "")}{Hours} there",
    }.OfType<string>());

    /// <summary>Whether it is meant for an incident; always while nobody knows how bad it is.</summary>
    public bool IsFor(Severity? severity) => Severity is not { } least || severity is not { } bad || bad <= least;

    /// <summary>Whether it is meant for somebody at a moment; a zone that is not known is taken as UTC.</summary>
    public bool IsFor(Callee who, DateTimeOffset at) => Hours is null || WorkingHours.Parse(Hours).At(at, who.TimeZone ?? "Etc/UTC").AtWork != Outside;

    internal static StepCondition? Check(FieldCheck check, string field, ConditionDraft? draft)
    {
        if (draft is null || (string.IsNullOrWhiteSpace(draft.Severity) && string.IsNullOrWhiteSpace(draft.Hours)))
        {
            return null;
        }

        Severity? severity = string.IsNullOrWhiteSpace(draft.Severity) ? null : check.Word($"{field}.severity", draft.Severity, Incidents.Severity.Critical);
        var hours = string.IsNullOrWhiteSpace(draft.Hours) ? null : WorkingHours.Check(check, $"{field}.hours", draft.Hours);
        return new(severity, hours, draft.Outside && hours is not null);
    }
}

/// <summary>A condition as it was typed.</summary>
/// <param name="Severity">critical or warning: this bad or worse.</param>
/// <param name="Hours">Weekdays and times on the target's clock, such as <c>mon-fri 09:00-17:00</c>.</param>
/// <param name="Outside">Whether it is meant outside of these hours.</param>
public sealed record ConditionDraft(string? Severity = null, string? Hours = null, bool Outside = false);
