using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Escalation;

/// <summary>What an incident's messages need to know about where it happens.</summary>
internal sealed record IncidentPlace(string PartnerSlug, string PartnerName, string IntegrationName, string IntegrationSlug, string? Policy, string Owner, Domain.Integrations.Stage Stage, string WhatUsersSee);

/// <summary>Turns the calls of a step into messages of the outbox.</summary>
internal static class Pages
{
    /// <summary>One message per person and way. The keys make a second one impossible, whoever tries.</summary>
    public static IEnumerable<Notification> Of(Incident incident, IncidentPlace? place, RunStep step, RouteBook routes, IncidentLinks links, DateTimeOffset at) =>
        step.Calls.SelectMany(call => routes.Of(call.Key, call.Email).Select((route, rank) => Notification.Write(
            new(
                $"{step.RunId:N}.{step.Turn}.{call.Key}.{rank}", NotificationKind.Page, incident.Urgency == Urgency.Page, call.Key, call.Name, route.Channel, route.Address,
                Text(incident, place, call.Side == Side.Ours ? links.UrlFor(incident.Id, call.Key, at) : null, at), incident.Id, step.Id, rank, at + route.After, route.ChannelId),
            at)));

    /// <summary>What a page says.</summary>
    public static NotificationText Text(Incident incident, IncidentPlace? place, string? url, DateTimeOffset at)
    {
        List<string> lines =
        [
            incident.Title,
            .. place is null ? ["On us: no single partner."] : new[] { place.IntegrationSlug == Domain.Integrations.Integration.MainSlug ? place.PartnerName : $"{place.PartnerName}, {place.IntegrationName}" },
            .. incident.WhatUsersSee.Length == 0 ? [] : new[] { $"Users: {incident.WhatUsersSee}" },
            $"Started {incident.Onset.Said} UTC",
            .. incident.Bridge is { } bridge ? new[] { $"Bridge: {bridge}" } : [],
        ];
        return new($"{incident.Label} {Words.Of(incident.Severity).ToUpperInvariant()}: {Shorten(incident.Title)}", string.Join('\n', lines), url, incident.Label, incident.Severity);
    }

    private static string Shorten(string text) => text.Length > 150 ? text[..149] + "…" : text;
}
