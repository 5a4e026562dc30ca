using System.Text.Json;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>What a sender posted.</summary>
/// <param name="Body">The body, JSON in UTF-8; of a mail what was read of it, as JSON.</param>
/// <param name="Path">What follows the source's own address: Opsgenie's verbs stand there. Empty for the rest.</param>
public sealed record AlertPost(ReadOnlyMemory<byte> Body, string Path = "");

/// <summary>Reads what alert sources post, whatever their format.</summary>
public static class AlertFormats
{
    /// <summary>Most problems in one delivery.</summary>
    public const int MostSignals = 1000;

    /// <summary>The problems of a delivery.</summary>
    /// <param name="kind">Whose format.</param>
    /// <param name="post">What was posted.</param>
    /// <param name="groupBy">Labels that make problems one incident; empty: every problem has its own.</param>
    /// <param name="mapping">Where alerts stand, for a generic source or in what SNS carries; null: guessed.</param>
    /// <exception cref="FieldsRefused">It is no such format; the field is body, the sentence says what is missing.</exception>
    public static IReadOnlyList<AlertSignal> Read(AlertSourceKind kind, AlertPost post, IReadOnlyList<string> groupBy, AlertMapping? mapping = null)
    {
        if (kind == AlertSourceKind.Heartbeat)
        {
            return [];
        }

        if (kind == AlertSourceKind.Mail && !post.Body.Span.StartsWith("{"u8))
        {
            throw new FieldsRefused("body", "No mail could be read in this.");
        }

        // Closing needs no body.
        using var document = Parse(kind == AlertSourceKind.Opsgenie && post.Body.Length == 0 ? "{}"u8.ToArray() : post.Body);
        var root = new PostedJson(document.RootElement, "");
        var signals = kind switch
        {
            AlertSourceKind.Alertmanager => AlertmanagerFormat.Read(root),
            AlertSourceKind.Grafana => GrafanaFormat.Read(root),
            // What both companies send when they are the ones who page: the same source takes it, so that a company can move either way.
            AlertSourceKind.Pagerduty => root["event"].Element.ValueKind == JsonValueKind.Object ? ShippedMappings.PagerdutyWebhook.Read(root) : [PagerdutyFormat.Read(root)],
            AlertSourceKind.Opsgenie => post.Path.Length == 0 && root["action"].Text is not null ? ShippedMappings.OpsgenieWebhook.Read(root) : [OpsgenieFormat.Read(root, post.Path)],
            AlertSourceKind.Datadog => ShippedMappings.Datadog.Read(root),
            AlertSourceKind.Statuspage => ShippedMappings.Statuspage.Read(root),
            AlertSourceKind.Slack => ShippedMappings.Slack.Read(root),
            AlertSourceKind.Sns => SnsFormat.Read(root, mapping),
            AlertSourceKind.Mail => MailFormat.Read(root),
            _ => (mapping ?? ShippedMappings.Guess).Read(root),
        };
        if (signals.Count > MostSignals)
        {
            throw new FieldsRefused("body", $"This delivery holds {signals.Count} alerts; {MostSignals} are the most. Send smaller groups.");
        }

        return groupBy.Count == 0 ? signals : [.. signals.Select(s => s with { Group = string.Join(", ", groupBy.Select(l => $"{l}={s.Labels.GetValueOrDefault(l, "")}")) })];
    }

    /// <summary>The problems of a delivery, read as a source says.</summary>
    /// <exception cref="FieldsRefused">It does not fit.</exception>
    public static IReadOnlyList<AlertSignal> Read(AlertSource source, AlertPost post) => Read(source.Kind, post, source.GroupBy, source.Mapping);

    /// <summary>How bad a sender's word says it is. Who says nothing means it: better one call too many.</summary>
    public static Severity SeverityOf(string? word) => (word ?? "").Trim().ToLowerInvariant() switch
    {
        "warning" or "warn" or "medium" or "moderate" or "minor" or "average" or "p3" or "sev3" or "ticket" => Severity.Warning,
        "info" or "information" or "informational" or "low" or "none" or "notice" or "debug" or "p4" or "p5" or "sev4" or "sev5" => Severity.Info,
        _ => Severity.Critical,
    };

    internal static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body, new() { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new FieldsRefused("body", "The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new FieldsRefused("body", $"The body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }
}
