using System.Security.Cryptography;
using System.Text;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>Alertmanager's webhook, version 4 (prometheus.io/docs/alerting/latest/configuration, webhook_config). An alert is its label set; annotations are not part of it.</summary>
internal static class AlertmanagerFormat
{
    public static IReadOnlyList<AlertSignal> Read(PostedJson root)
    {
        if (root["version"].Text is { } version && version != "4")
        {
            throw new FieldsRefused("body", $"This is version {PostedJson.Cut(version, 20)} of Alertmanager's webhook; version 4 is read here.");
        }

        return [.. root["alerts"].Items.Select(ReadAlert)];
    }

    /// <summary>One alert, as Alertmanager and Grafana's unified alerting write it.</summary>
    public static AlertSignal ReadAlert(PostedJson alert)
    {
        var (labels, notes) = (alert["labels"].Labels, alert["annotations"]);
        var name = labels.GetValueOrDefault("alertname") ?? throw new FieldsRefused("body", $"“{alert.Path}.labels.alertname” is missing.");
        var kind = alert["status"].Needed switch
        {
            "firing" => SignalKind.Firing,
            "resolved" => SignalKind.Resolved,
            var other => throw new FieldsRefused("body", $"“{alert.Path}.status” is “{PostedJson.Cut(other, 40)}”; firing and resolved are known."),
        };
        var summary = notes["summary"].Text ?? notes["message"].Text ?? notes["description"].Text ?? "";
        return new(
            kind, alert["fingerprint"].Text is { } print ? PostedJson.Key(print) : HashOf(labels), PostedJson.Cut(name, 200),
            PostedJson.Cut(notes["summary"].Text is not null && notes["description"].Text is { } more ? $"{summary}. {more}" : summary, 2000),
            AlertFormats.SeverityOf(labels.GetValueOrDefault("severity") ?? labels.GetValueOrDefault("priority")), alert["startsAt"].Moment, alert["endsAt"].Moment, WithRequests(labels, notes.Labels),
            alert["generatorURL"].Address, notes["runbook_url"].Text ?? notes["runbook"].Text);
    }

    // Ids of requests stand in annotations, since they differ from time to time; people look for them beside the labels.
    private static Dictionary<string, string> WithRequests(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> notes) =>
        labels.Concat(notes.Where(n => RequestIds.IsName(n.Key) && !labels.ContainsKey(n.Key))).ToDictionary(l => l.Key, l => l.Value);

    // Without a fingerprint, the labels by name: the same set in another order is the same alert.
    private static string HashOf(IReadOnlyDictionary<string, string> labels) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}\u001e{l.Value}")))))[..32];
}
