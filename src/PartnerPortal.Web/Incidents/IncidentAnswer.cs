using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Incidents;

/// <summary>An incident as lists show it.</summary>
/// <param name="Number">The number that people say.</param>
/// <param name="Label">INC-214.</param>
/// <param name="Partner">Slug; null when it is on us.</param>
/// <param name="Urgency">page, working hours or record.</param>
/// <param name="StartedAt">The first moment known to be bad.</param>
/// <param name="StartedBetween">Last good and first bad, with how that is known.</param>
/// <param name="AcknowledgedBy">Who has it.</param>
/// <param name="AcknowledgedUntil">When it is nobody's again unless somebody acts.</param>
/// <param name="NextStepAt">When the next people are paged.</param>
/// <param name="Alerts">How many alerts it holds.</param>
/// <param name="Url">Its page.</param>
/// <param name="PartOf">The incident on us that it is a part of.</param>
/// <param name="Drill">Whether it is a fire drill.</param>
public sealed record IncidentRowAnswer(
    Guid Id, int Number, string Label, string? Partner, string? Integration, IncidentState State, Severity Severity, Urgency Urgency, string Title, string WhatUsersSee,
    DateTimeOffset StartedAt, OnsetAnswer StartedBetween, DateTimeOffset OpenedAt, string OpenedBy, string? AcknowledgedBy, DateTimeOffset? AcknowledgedAt, DateTimeOffset? AcknowledgedUntil,
    DateTimeOffset? SnoozedUntil, DateTimeOffset? ResolvedAt, string? ResolvedBy, Guid? MergedInto, IReadOnlyList<string> Responders, string? Bridge, string? TheirTicket,
    DateTimeOffset? NextStepAt, int Alerts, string Url, Guid? PartOf, bool Drill)
{
    /// <summary>The answer for a row.</summary>
    public static IncidentRowAnswer Of(IncidentRow row)
    {
        var i = row.Incident;
        return new(
            i.Id, i.Number, i.Label, row.Partner, row.Integration, i.State, i.Severity, i.Urgency, i.Title, i.WhatUsersSee, i.Onset.FirstBad, OnsetAnswer.Of(i.Onset), i.OpenedAt, i.OpenedBy,
            i.AcknowledgedBy, i.AcknowledgedAt, i.AcknowledgedUntil, i.SnoozedUntil, i.ResolvedAt, i.ResolvedBy, i.MergedInto, i.Responders, i.Bridge, i.TheirTicket, row.NextStepAt, row.Alerts,
            $"/incidents/{i.Number}", i.PartOf, i.Drill);
    }
}

/// <summary>An incident's way through its policy.</summary>
/// <param name="Policy">Slug of the policy that is followed now.</param>
/// <param name="PolicyEdited">Whether a policy was edited since the run froze it.</param>
/// <param name="WaitsFor">step, acknowledgement, snooze or parent; null when it ended.</param>
/// <param name="DueAt">When it goes on.</param>
/// <param name="Steps">What was carried out, in order.</param>
public sealed record RunAnswer(string Policy, string PolicyName, bool PolicyEdited, DateTimeOffset StartedAt, RunTimer? WaitsFor, DateTimeOffset? DueAt, DateTimeOffset? EndedAt, IReadOnlyList<RunStepAnswer> Steps);

/// <summary>A step that was carried out.</summary>
public sealed record RunStepAnswer(int Turn, string Policy, int Round, int Step, DateTimeOffset DueAt, DateTimeOffset At, IReadOnlyList<SteppedCall> Calls, IReadOnlyList<string> Gaps, IReadOnlyList<string> Passed);

/// <summary>A message about an incident. Where it went is not shown: it may be a secret.</summary>
public sealed record NotificationAnswer(
    Guid Id, NotificationKind Kind, string Recipient, ChannelKind Channel, NotificationState State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, DateTimeOffset? SentAt, int Attempts, bool PossiblyTwice,
    string? Problem, string? ProviderId)
{
    /// <summary>The answer for a message.</summary>
    public static NotificationAnswer Of(Notification n) =>
        new(n.Id, n.Kind, n.Recipient, n.Channel, n.State, n.CreatedAt, n.DueAt, n.SentAt, n.Attempts, n.PossiblyTwice, n.Problem, n.ProviderId);
}

/// <summary>A line of the timeline.</summary>
public sealed record EntryAnswer(DateTimeOffset At, EntryKind Kind, string By, string What);

/// <summary>Everything about one incident.</summary>
/// <param name="RequestIds">Ids of single requests that its alerts and people's notes name, at most ten.</param>
public sealed record IncidentAnswer(
    Guid Id, int Number, string Label, string? Partner, string? Integration, IncidentState State, Severity Severity, Urgency Urgency, string Title, string WhatUsersSee,
    DateTimeOffset StartedAt, OnsetAnswer StartedBetween, DateTimeOffset OpenedAt, string OpenedBy, string? AcknowledgedBy, DateTimeOffset? AcknowledgedAt, DateTimeOffset? AcknowledgedUntil,
    DateTimeOffset? SnoozedUntil, DateTimeOffset? ResolvedAt, string? ResolvedBy, Guid? MergedInto, IReadOnlyList<string> Responders, string? Bridge, string? TheirTicket, DateTimeOffset? NextStepAt,
    string? Policy, RunAnswer? Run, IReadOnlyList<AlertAnswer> Alerts, IReadOnlyList<NotificationAnswer> Notifications, IReadOnlyList<EntryAnswer> Timeline, IReadOnlyList<FoundRunbook> Runbooks, IReadOnlyList<string> RequestIds, string Url)
{
    /// <summary>The answer for a sheet.</summary>
    public static IncidentAnswer Of(IncidentSheet sheet)
    {
        var (row, i) = (IncidentRowAnswer.Of(sheet.Row), sheet.Row.Incident);
        return new(
            i.Id, i.Number, i.Label, row.Partner, row.Integration, i.State, i.Severity, i.Urgency, i.Title, i.WhatUsersSee, row.StartedAt, row.StartedBetween, i.OpenedAt, i.OpenedBy,
            i.AcknowledgedBy, i.AcknowledgedAt, i.AcknowledgedUntil, i.SnoozedUntil, i.ResolvedAt, i.ResolvedBy, i.MergedInto, i.Responders, i.Bridge, i.TheirTicket, row.NextStepAt,
            sheet.Run?.Policy.Slug, RunOf(sheet), [.. sheet.Alerts.Select(a => AlertAnswer.Of(new(a, row.Partner ?? "", sheet.Row.PartnerName, row.Integration ?? "")))],
            [.. sheet.Notifications.Select(NotificationAnswer.Of)], [.. sheet.Timeline.Select(e => new EntryAnswer(e.At, e.Kind, e.By, e.What))], sheet.Runbooks, sheet.RequestIds, row.Url);
    }

    private static RunAnswer? RunOf(IncidentSheet sheet) => sheet.Run is not { } run ? null : new(
        run.Policy.Slug, run.Policy.Name, sheet.PolicyEdited, run.StartedAt, run.EndedAt is null ? run.Timer : null, run.DueAt, run.EndedAt,
        [.. sheet.Steps.Select(s => new RunStepAnswer(s.Turn, s.Policy, s.Round, s.Number, s.DueAt, s.At, s.Calls, s.Gaps, s.Passed))]);
}
