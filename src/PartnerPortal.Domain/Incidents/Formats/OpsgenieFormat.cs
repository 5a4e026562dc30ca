namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>Opsgenie's Alert API (docs.opsgenie.com/docs/alert-api): create at /v2/alerts, close at /v2/alerts/{alias}/close?identifierType=alias.</summary>
internal static class OpsgenieFormat
{
    public static AlertSignal Read(PostedJson root, string path)
    {
        var parts = path.Trim('/').Split('/');
        if (parts is ["v2", "alerts", var alias, "close"])
        {
            return new(SignalKind.Resolved, PostedJson.Key(Uri.UnescapeDataString(alias)), "", PostedJson.Cut(root["note"].Text ?? "", 2000), Severity.Warning, null, null, new Dictionary<string, string>());
        }

        if (parts is ["v2", "alerts", var taken, "acknowledge"])
        {
            return new(SignalKind.Acknowledged, PostedJson.Key(Uri.UnescapeDataString(taken)), "", "", Severity.Warning, null, null, new Dictionary<string, string>());
        }

        if (parts is not ["v2", "alerts"])
        {
            throw new FieldsRefused("body", "Only creating, acknowledging and closing alerts are known here: /v2/alerts and /v2/alerts/{alias}/close.");
        }

        var (message, labels) = (root["message"].Needed, root["details"].Labels);
        return new(
            SignalKind.Firing, PostedJson.Key(root["alias"].Text ?? message), PostedJson.Cut(message, 200), PostedJson.Cut(root["description"].Text ?? message, 2000),
            AlertFormats.SeverityOf(root["priority"].Text is { } priority ? Word(priority) : labels.GetValueOrDefault("severity") ?? "p3"), null, null, labels, root["source"].Address);
    }

    private static string Word(string priority) => priority.Trim().ToUpperInvariant() switch { "P1" or "P2" => "critical", "P3" => "warning", _ => "info" };
}
