namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>The mappings of well-known senders. They are ordinary mappings: a generic source can begin with a copy of one.</summary>
public static class ShippedMappings
{
    private static readonly IReadOnlyDictionary<string, string> _pagesOfUrgency = Means(("high", "critical"), ("low", "warning"));

    /// <summary>Amazon CloudWatch's alarm, as it stands in a message of SNS.</summary>
    public static AlertMapping Cloudwatch { get; } = new(
        "{$.AlarmName}", "{$.AlarmArn | $.AlarmName}", "{$.AlarmDescription} {$.NewStateReason}", "{$.NewStateValue}", ["ALARM"], ["OK"], StartedAt: "{$.StateChangeTime}",
        Labels: Means(("region", "{$.Region}"), ("namespace", "{$.Trigger.Namespace}"), ("metric", "{$.Trigger.MetricName}")));

    /// <summary>Datadog's webhook with its default payload, or with $ALERT_ID, $ALERT_TRANSITION, $AGGREG_KEY, $LINK as alert_id, alert_transition, aggreg_key, link.</summary>
    public static AlertMapping Datadog { get; } = new(
        "{$.title}", "{$.aggreg_key | $.alert_id | $.monitor_id}", "{$.text_only_msg | $.body}", "{$.alert_transition | $.title}", null, ["Recovered", "[Recovered*"], null,
        "{$.priority | $.alert_type}", Means(("normal", "critical")), "{$.last_updated | $.date}", "{$.link | $.url}",
        Labels: Means(("tags", "{$.tags}"), ("host", "{$.hostname | $.host}")), WithoutBrackets: true);

    /// <summary>Atlassian Statuspage's webhook: incidents, planned maintenance, components.</summary>
    public static AlertMapping Statuspage { get; } = new(
        "{$.incident.name | $.component.name}", "{$.incident.id | $.component.id}", "{$.incident.incident_updates[0].body | $.component_update.new_status}", "{$.incident.status | $.component.status}",
        null, ["resolved", "completed", "postmortem", "operational"], null, "{$.incident.impact | $.component.status}",
        Means(("none", "info"), ("maintenance", "info"), ("under_maintenance", "info"), ("minor", "warning"), ("degraded_performance", "warning")),
        "{$.incident.scheduled_for | $.incident.created_at | $.component_update.created_at}", "{$.incident.shortlink}");

    /// <summary>What tools post to Slack's incoming webhook: an alert an attachment, or a plain text.</summary>
    public static AlertMapping Slack { get; } = new(
        "{@.title | @.fallback | @.text | $.text}", null, "{@.text | @.fallback | $.text}", "{@.title | @.fallback | @.text | $.text} {@.color}", null, ["[RESOLVED*", "[OK*", "* good"], null,
        "{@.color}", Means(("danger", "critical"), ("good", "info")), "{@.ts}", "{@.title_link}", "$.attachments[*]", WithoutBrackets: true);

    /// <summary>PagerDuty's webhook, version 3: what happens to incidents there.</summary>
    public static AlertMapping PagerdutyWebhook { get; } = new(
        "{$.event.data.title}", "{$.event.data.id}", "{$.event.data.title}", "{$.event.event_type}", ["incident.triggered", "incident.reopened", "incident.unacknowledged", "incident.escalated"],
        ["incident.resolved"], ["incident.acknowledged"], "{$.event.data.urgency}", _pagesOfUrgency, "{$.event.data.created_at | $.event.occurred_at}", "{$.event.data.html_url}",
        Labels: Means(("service", "{$.event.data.service.summary}")));

    /// <summary>Opsgenie's webhook: what happens to alerts there.</summary>
    public static AlertMapping OpsgenieWebhook { get; } = new(
        "{$.alert.message}", "{$.alert.alias | $.alert.alertId}", "{$.alert.description | $.alert.message}", "{$.action}", ["Create"], ["Close", "Delete"], ["Acknowledge"], "{$.alert.priority}",
        Means(("1", "critical"), ("2", "critical"), ("3", "warning"), ("4", "info"), ("5", "info"), ("P1", "critical"), ("P2", "critical"), ("P3", "warning")),
        "{$.alert.createdAt}", Labels: Means(("entity", "{$.alert.entity}"), ("tags", "{$.alert.tags[*]}")));

    /// <summary>A guess for a sender that nobody described yet.</summary>
    public static AlertMapping Guess { get; } = new(
        "{$.title | $.summary | $.message | $.name | $.text}", "{$.key | $.dedup_key | $.alias | $.id | $.name}", "{$.description | $.summary | $.message | $.text}", "{$.state | $.status | $.action}", null,
        ["resolved", "ok", "up", "closed", "close", "recovered", "resolve", "normal"], ["acknowledged", "acknowledge"], "{$.severity | $.priority | $.level}", null,
        "{$.startedAt | $.started_at | $.startsAt | $.timestamp}", "{$.link | $.url}");

    /// <summary>All by name, to begin with.</summary>
    public static IReadOnlyDictionary<string, AlertMapping> All { get; } = new Dictionary<string, AlertMapping>
    {
        ["generic"] = Guess,
        ["cloudwatch"] = Cloudwatch,
        ["datadog"] = Datadog,
        ["opsgenie webhook"] = OpsgenieWebhook,
        ["pagerduty webhook"] = PagerdutyWebhook,
        ["slack"] = Slack,
        ["statuspage"] = Statuspage,
    };

    private static Dictionary<string, string> Means(params (string Name, string Text)[] entries) => entries.ToDictionary(e => e.Name, e => e.Text);
}
