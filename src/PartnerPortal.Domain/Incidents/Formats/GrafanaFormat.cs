namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>Grafana's webhook: unified alerting writes Alertmanager's shape, the legacy one a single rule with its state.</summary>
internal static class GrafanaFormat
{
    public static IReadOnlyList<AlertSignal> Read(PostedJson root) => root["alerts"].Element.ValueKind == System.Text.Json.JsonValueKind.Array
        ? [.. root["alerts"].Items.Select(ReadUnified)]
        : [ReadLegacy(root)];

    private static AlertSignal ReadUnified(PostedJson alert)
    {
        var signal = AlertmanagerFormat.ReadAlert(alert);
        return signal with
        {
            Link = alert["panelURL"].Address ?? alert["dashboardURL"].Address ?? signal.Link,
            Value = alert["values"].Element is { ValueKind: System.Text.Json.JsonValueKind.Object } values && values.EnumerateObject().ToList() is [var only] ? new PostedJson(only.Value, "").Number : null,
        };
    }

    private static AlertSignal ReadLegacy(PostedJson root)
    {
        var kind = root["state"].Needed switch
        {
            "ok" => SignalKind.Resolved,
            "alerting" or "no_data" or "pending" or "paused" => SignalKind.Firing,
            var other => throw new FieldsRefused("body", $"“state” is “{PostedJson.Cut(other, 40)}”; alerting, no_data and ok are known."),
        };
        var (name, labels) = (root["ruleName"].Text ?? root["title"].Needed, root["tags"].Labels);
        var matches = root["evalMatches"].Element.ValueKind == System.Text.Json.JsonValueKind.Array ? root["evalMatches"].Items : [];
        return new(
            kind, PostedJson.Key($"rule {root["ruleId"].Text ?? name}"), PostedJson.Cut(name, 200), PostedJson.Cut(root["message"].Text ?? "", 2000),
            AlertFormats.SeverityOf(labels.GetValueOrDefault("severity")), null, null, labels, root["ruleUrl"].Address, Value: matches is [var match, ..] ? match["value"].Number : null);
    }
}
