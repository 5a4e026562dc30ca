using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Web.Incidents;

/// <summary>What must be pasted into the sender's configuration, ready to use.</summary>
public static class AlertSourceSnippets
{
    /// <summary>The sender's name as it spells itself.</summary>
    public static string NameOf(AlertSourceKind kind) => kind == AlertSourceKind.Pagerduty ? "PagerDuty" : Words.Label(kind);

    /// <summary>The lines for a source that was just made.</summary>
    public static string Of(AlertSourceSecretAnswer made) => made.Kind switch
    {
        AlertSourceKind.Alertmanager =>
            $"""
             receivers:
               - name: partnerportal
                 webhook_configs:
                   - url: {made.Url}
                     send_resolved: true
             """,
        AlertSourceKind.Grafana =>
            $"""
             Contact point of the type Webhook
               URL          {made.Url}
               HTTP method  POST
             """,
        AlertSourceKind.Pagerduty =>
            $"""
             Events API v2
               URL               {made.Url}
               Integration key   {made.RoutingKey}
             In Alertmanager:
               pagerduty_configs:
                 - url: {made.Url}
                   routing_key: {made.RoutingKey}
             """,
        AlertSourceKind.Opsgenie =>
            $"""
             opsgenie_configs:
               - api_url: {made.Url}/
                 api_key: {made.Token}
             """,
        AlertSourceKind.Heartbeat =>
            $"""
             At the end of a job:
               nightly-export && curl -fsS --retry 3 {made.Url}
             """,
        AlertSourceKind.Datadog =>
            $$"""
             Integrations, Webhooks
               URL      {{made.Url}}
               Payload  {"title": "$EVENT_TITLE", "body": "$TEXT_ONLY_MSG", "alert_id": "$ALERT_ID", "alert_transition": "$ALERT_TRANSITION",
                         "priority": "$ALERT_PRIORITY", "link": "$LINK", "date": "$DATE", "hostname": "$HOSTNAME", "tags": "$TAGS"}
             """,
        AlertSourceKind.Slack =>
            $"""
             Incoming webhook
               URL  {made.Url}
             """,
        AlertSourceKind.Statuspage =>
            $"""
             On the partner's status page: Subscribe to updates, Webhook
               {made.Url}
             """,
        _ =>
            $$"""
             curl -fsS -H 'Content-Type: application/json' {{made.Url}} \
               --data '{"title": "Queue is full", "key": "queue", "state": "firing", "severity": "warning"}'
             """,
    };
}
