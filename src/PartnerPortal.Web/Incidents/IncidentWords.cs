using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Web.Shared;

namespace PartnerPortal.Web.Incidents;

/// <summary>How an incident's standing is said.</summary>
public static class IncidentWords
{
    /// <summary>Who has it and what comes next: "Nobody has it · next step in 2 min".</summary>
    public static string Standing(Incident incident, DateTimeOffset? nextStep, DateTimeOffset now) => incident.State switch
    {
        IncidentState.Resolved => $"Resolved by {incident.ResolvedBy} after {Spoken.Length(incident.ResolvedAt!.Value - incident.Onset.FirstBad)}",
        IncidentState.Snoozed => $"{incident.AcknowledgedBy} snoozed it until {Clock(incident.SnoozedUntil!.Value)}",
        IncidentState.Acknowledged => $"{incident.AcknowledgedBy} has it{(incident.AcknowledgedUntil is { } until ? $", pages again {Clock(until)} unless they act" : "")}",
        _ when incident.Urgency != Urgency.Page => "Nobody has it · waits for working hours",
        _ => $"Nobody has it · next step {(nextStep is { } at && at > now ? Spoken.Ago(at, now) : "now")}",
    };

    /// <summary>"03:18 UTC".</summary>
    public static string Clock(DateTimeOffset at) => FormattableString.Invariant($"{at.UtcDateTime:HH:mm} UTC");

    /// <summary>How far a message is, in a few words.</summary>
    public static string Of(Notification message) => message.State switch
    {
        NotificationState.Sent when message.PossiblyTwice => "possibly sent twice",
        NotificationState.Sent => "sent",
        NotificationState.Failed => "not delivered",
        NotificationState.Dropped => "not needed",
        NotificationState.Sending => "being sent",
        _ => message.Attempts > 0 ? "is tried again" : "waits",
    };

    /// <summary>Which colour a state has.</summary>
    public static string Tone(IncidentState state) => state switch
    {
        IncidentState.Resolved => "ok",
        IncidentState.Acknowledged => "degraded",
        IncidentState.Snoozed => "nodata",
        _ => "outage",
    };

    /// <summary>The state's word for people.</summary>
    public static string Label(IncidentState state) => Words.Label(state);
}
