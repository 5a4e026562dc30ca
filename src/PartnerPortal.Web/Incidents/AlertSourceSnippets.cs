using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Web.Incidents;

/// <summary>What must be pasted into the sender's configuration, ready to use.</summary>
public static class AlertSourceSnippets
{
    /// <summary>The sender's name as it spells itself.</summary>
    public static string NameOf(AlertSourceKind kind) => kind switch { AlertSourceKind.Pagerduty => "PagerDuty", AlertSourceKind.Sns => "Amazon SNS", _ => Words.Label(kind) };

    /// <summary>Lines that post one signed delivery; only the address is missing.</summary>
    public static string OfSigned(string signingSecret) =>
        $$"""
         body='{"title": "Queue is full", "key": "queue"}'; id="msg_$(date +%s%N)"; at="$(date +%s)"
         key="$(printf %s '{{signingSecret["whsec_".Length..]}}' | base64 -d | od -An -v -tx1 | tr -d ' \n')"
         sign="$(printf '%s.%s.%s' "$id" "$at" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 -w0)"
         curl -fsS -H 'Content-Type: application/json' -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$sign" --data "$body" ADDRESS
         """;

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
        AlertSourceKind.Sns =>
            $"""
             aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:alarms \
               --protocol {(made.Url.StartsWith("https:", StringComparison.Ordinal) ? "https" : "http")} --notification-endpoint {made.Url}
             The portal confirms the subscription by itself. Leave raw message delivery off.
             """,
        AlertSourceKind.Mail =>
            $$"""
             A program that your mail server hands mails to, such as /usr/local/bin/mail-to-portal:
               #!/bin/sh
               case "$(curl -s -m 30 -o /dev/null -w '%{http_code}' -H 'Content-Type: message/rfc822' --data-binary @- {{made.Url}})" in
                 2*|422) exit 0 ;; # taken, or refused and kept on the page of this source
                 *) exit 75 ;;     # the mail server tries again
               esac
             In Postfix's /etc/aliases, then newaliases:
               {{made.Partner}}-alerts: "|/usr/local/bin/mail-to-portal"
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
