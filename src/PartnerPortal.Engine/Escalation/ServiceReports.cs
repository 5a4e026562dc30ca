using System.Text.Json;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Engine.Escalation.Senders;

namespace PartnerPortal.Engine.Escalation;

/// <summary>
/// What PagerDuty (webhooks v3) and Opsgenie (webhook integration) report about incidents that we handed to them: somebody took it there, or ended it.
/// So a company can move step by step, and whoever acts in the old tool acts here, too.
/// </summary>
public sealed class ServiceReports(IncidentListStore lists, IncidentStore incidents)
{
    /// <summary>Takes a report. One about something else is accepted and changes nothing, as both tools send everything.</summary>
    /// <returns>What came of it, in a word: acknowledged, resolved or ignored.</returns>
    /// <exception cref="FieldsRefused">The body is no report of this service.</exception>
    public async Task<string> TakeAsync(Channel service, byte[] body, CancellationToken cancel)
    {
        var said = Read(service.Kind, body);
        if (said is not { Incident: { } id, Verb: { } verb } || await FindAsync(id, cancel) is not { } incident)
        {
            return "ignored";
        }

        var by = new Actor(null, $"{said.Who} ({service.Name})", Role.Operator, "service");
        switch (verb)
        {
            case "acknowledged" when incident.State == IncidentState.Open:
                await incidents.AcknowledgeAsync(id, by, cancel);
                return verb;
            case "resolved" when incident.State != IncidentState.Resolved:
                await incidents.ResolveAsync(id, null, by, cancel);
                return verb;
            default:
                return "ignored";
        }
    }

    private async Task<Incident?> FindAsync(Guid id, CancellationToken cancel)
    {
        try
        {
            return (await lists.GetAsync(id, Actor.Portal("service"), cancel)).Row.Incident;
        }
        catch (NotThere)
        {
            return null;
        }
    }

    private static (Guid? Incident, string? Verb, string Who) Read(ChannelKind kind, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (kind == ChannelKind.Pagerduty)
            {
                var (type, key) = (Text(root, "event", "event_type"), Text(root, "event", "data", "incident_key"));
                return (ServiceKey.Incident(key), type switch { "incident.acknowledged" => "acknowledged", "incident.resolved" => "resolved", _ => null }, Text(root, "event", "agent", "summary") ?? "Somebody");
            }

            return (ServiceKey.Incident(Text(root, "alert", "alias")), Text(root, "action") switch { "Acknowledge" => "acknowledged", "Close" => "resolved", _ => null }, Text(root, "alert", "username") ?? "Somebody");
        }
        catch (JsonException e)
        {
            throw new FieldsRefused("body", $"The body is not JSON: {e.Message}");
        }
    }

    private static string? Text(JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text[..Math.Min(text.Length, 200)] : null;
    }
}
