namespace PartnerPortal.Domain.Incidents;

/// <summary>Whose format an alert source speaks.</summary>
public enum AlertSourceKind
{
    /// <summary>The webhook of Prometheus's Alertmanager, version 4.</summary>
    Alertmanager,

    /// <summary>Grafana's webhook contact point: unified alerting, or the legacy one.</summary>
    Grafana,

    /// <summary>PagerDuty's Events API v2: senders change only the host.</summary>
    Pagerduty,

    /// <summary>Opsgenie's Alert API: create and close.</summary>
    Opsgenie,
}
