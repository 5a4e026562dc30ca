using System.Globalization;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Web.Escalation;

/// <summary>A policy as the API shows it.</summary>
/// <param name="Slug">The name in addresses.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Steps">Delays and targets, spelled as they are sent.</param>
/// <param name="Repeat">How often the steps are gone through again.</param>
/// <param name="LastResort">Whether it is the company's last resort.</param>
/// <param name="Version">For If-Match.</param>
public sealed record PolicyAnswer(Guid Id, string Slug, string Name, IReadOnlyList<EscalationStep> Steps, int Repeat, bool LastResort, DateTimeOffset CreatedAt, string Version)
{
    /// <summary>The answer for a policy.</summary>
    public static PolicyAnswer Of(EscalationPolicy p) =>
        new(p.Id, p.Slug, p.Name, p.Steps, p.Repeat, p.IsLastResort, p.CreatedAt, p.Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A team as the API shows it.</summary>
public sealed record TeamAnswer(Guid Id, string Slug, string Name, IReadOnlyList<string> Members, DateTimeOffset CreatedAt, string Version)
{
    /// <summary>The answer for a team.</summary>
    public static TeamAnswer Of(Team t) => new(t.Id, t.Slug, t.Name, t.Members, t.CreatedAt, t.Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Somebody who would be called.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="After">How long after the alert.</param>
/// <param name="At">When.</param>
/// <param name="Key">Mail address, or partner/contact.</param>
/// <param name="LocalTime">Their wall clock then; null while their zone is unknown.</param>
/// <param name="Reasons">What speaks for and against it.</param>
public sealed record CalledAnswer(
    int Step, string After, DateTimeOffset At, string Key, string Name, Side Side, string? Phone, string? Email, string? TimeZone, DateTimeOffset? LocalTime,
    string Language, string Notes, Target Target, IReadOnlyList<string> Reasons);

/// <summary>Who would be called if an alert came at a moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Policy">Slug of the policy that is followed.</param>
/// <param name="Why">Why this one.</param>
/// <param name="People">In order.</param>
/// <param name="RepeatsAt">When the steps begin again if nobody took it.</param>
/// <param name="Gaps">Targets that reach nobody.</param>
public sealed record WhoAnswer(
    DateTimeOffset At, string Policy, string PolicyName, string Why, IReadOnlyList<CalledAnswer> People, IReadOnlyList<DateTimeOffset> RepeatsAt, IReadOnlyList<string> Gaps)
{
    /// <summary>The answer for a plan.</summary>
    public static WhoAnswer Of(CallPlan plan) => new(
        plan.At, plan.Policy, plan.PolicyName, plan.Why,
        [.. plan.Steps.SelectMany(s => s.Calls.Select(c => new CalledAnswer(
            s.Number, Durations.Of(s.After), c.At, c.Who.Key, c.Who.Name, c.Who.Side, c.Who.Phone, c.Who.Email, c.Who.TimeZone, c.Who.Moment(c.At).LocalTime,
            c.Who.Language, c.Who.Notes, c.Target, c.Reasons)))],
        plan.RepeatsAt, plan.Gaps);
}

/// <summary>Something that a step can call.</summary>
public sealed record TargetAnswer(Target Target, string Label, string Detail)
{
    /// <summary>The answer for a row.</summary>
    public static TargetAnswer Of(TargetRow r) => new(r.Target, r.Label, r.Detail);
}

/// <summary>A fire drill as the API shows it.</summary>
/// <param name="Id">The incident that it was.</param>
/// <param name="Label">What people call it.</param>
/// <param name="StartedAt">When.</param>
/// <param name="StartedBy">Who started it.</param>
/// <param name="TakenBy">Who took it; null when nobody did.</param>
/// <param name="TakenAfter">How long that took.</param>
/// <param name="Steps">How many steps paged somebody.</param>
/// <param name="Gaps">What reached nobody.</param>
/// <param name="Failed">Messages that could not be delivered.</param>
public sealed record DrillAnswer(Guid Id, string Label, DateTimeOffset StartedAt, string StartedBy, string? TakenBy, string? TakenAfter, int Steps, IReadOnlyList<string> Gaps, int Failed)
{
    /// <summary>The answer for a drill.</summary>
    public static DrillAnswer Of(DrillRow d) => new(
        d.Incident.Id, d.Incident.Label, d.Incident.OpenedAt, d.Incident.OpenedBy, d.TakenAfter is null ? null : d.Incident.AcknowledgedBy, d.TakenAfter is { } after ? Durations.Of(TimeSpan.FromSeconds(Math.Round(after.TotalSeconds))) : null,
        d.Steps, d.Gaps, d.Failed);
}
