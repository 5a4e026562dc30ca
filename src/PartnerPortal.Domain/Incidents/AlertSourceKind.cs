namespace PartnerPortal.Domain.Incidents;

/// <summary>Whose format an alert source speaks.</summary>
public enum AlertSourceKind
{
    /// <summary>The webhook of Prometheus's Alertmanager, version 4.</summary>
    Alertmanager,

    /// <summary>Grafana's webhook contact point: unified alerting, or the legacy one.</summary>
    Grafana,

    /// <summary>PagerDuty's Events API v2, where senders change only the host; and its webhook v3, posted to the address of the source.</summary>
    Pagerduty,

    /// <summary>Opsgenie's Alert API, create and close; and its webhook.</summary>
    Opsgenie,

    /// <summary>Datadog's webhook.</summary>
    Datadog,

    /// <summary>Atlassian Statuspage's webhook: what the partner says about itself.</summary>
    Statuspage,

    /// <summary>What tools post to an incoming webhook of Slack.</summary>
    Slack,

    /// <summary>Amazon SNS, which signs what it delivers: alarms of CloudWatch, and whatever else is published to a topic.</summary>
    Sns,

    /// <summary>Mails of monitoring tools, or of the partner, which a mail server hands over: one mail, one alert.</summary>
    Mail,

    /// <summary>Any JSON; a mapping says where alerts stand in it.</summary>
    Generic,

    /// <summary>A sign of life, such as of a nightly job: its silence is the alert.</summary>
    Heartbeat,
}
