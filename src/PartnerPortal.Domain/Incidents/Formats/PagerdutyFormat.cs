using System.Security.Cryptography;
using System.Text;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>PagerDuty's Events API v2 (developer.pagerduty.com, "Send an alert event"): trigger, acknowledge, resolve by a key.</summary>
internal static class PagerdutyFormat
{
    public static AlertSignal Read(PostedJson root)
    {
        var kind = root["event_action"].Needed switch
        {
            "trigger" => SignalKind.Firing,
            "acknowledge" => SignalKind.Acknowledged,
            "resolve" => SignalKind.Resolved,
            var other => throw new FieldsRefused("body", $"“event_action” is “{PostedJson.Cut(other, 40)}”; trigger, acknowledge and resolve are known."),
        };
        var payload = root["payload"];
        if (kind != SignalKind.Firing)
        {
            return new(kind, PostedJson.Key(root["dedup_key"].Needed), PostedJson.Cut(payload["summary"].Text ?? "", 200), "", Severity.Critical, null, payload["timestamp"].Moment, Labels(payload));
        }

        var (summary, source) = (payload["summary"].Needed, payload["source"].Needed);
        if (payload["severity"].Needed is not ("critical" or "error" or "warning" or "info"))
        {
            throw new FieldsRefused("body", "“payload.severity” is none of critical, error, warning and info.");
        }

        return new(
            kind, PostedJson.Key(root["dedup_key"].Text ?? Made(summary, source)), PostedJson.Cut(summary, 200), PostedJson.Cut(summary, 1024),
            AlertFormats.SeverityOf(payload["severity"].Text), payload["timestamp"].Moment, null, Labels(payload), root["client_url"].Address);
    }

    // The sender gave no key: the same event again is the same problem.
    private static string Made(string summary, string source) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{summary}")))[..32];

    private static Dictionary<string, string> Labels(PostedJson payload)
    {
        var labels = payload["custom_details"].Labels.ToDictionary();
        foreach (var name in new[] { "source", "component", "group", "class" })
        {
            if (payload[name].Text is { } text)
            {
                labels[name] = PostedJson.Cut(text, 1000);
            }
        }

        return labels;
    }
}
