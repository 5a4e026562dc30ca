using System.Text;
using System.Text.Json;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>What is published to a topic of Amazon SNS: alarms of CloudWatch, other JSON by a mapping, or a text, which is an alert that nobody but people can end.</summary>
internal static class SnsFormat
{
    public static IReadOnlyList<AlertSignal> Read(PostedJson root, AlertMapping? mapping)
    {
        var envelopes = SnsEnvelope.In(root);
        if (envelopes.Count == 0)
        {
            return OfJson(root, null, mapping);
        }

        return [.. envelopes.SelectMany(e => OfEnvelope(e, mapping))];
    }

    private static IReadOnlyList<AlertSignal> OfEnvelope(PostedJson envelope, AlertMapping? mapping)
    {
        if (envelope["Type"].Needed != SnsEnvelope.Notification)
        {
            throw new FieldsRefused("body", $"“{envelope["Type"].Text}” holds no alert; the portal answers it by itself when Amazon posts it.");
        }

        var message = envelope["Message"].Text ?? "";
        using var document = Parse(message);
        return document is null ? [OfText(envelope, message)] : OfJson(new(document.RootElement, "Message"), envelope, mapping);
    }

    private static IReadOnlyList<AlertSignal> OfJson(PostedJson json, PostedJson? envelope, AlertMapping? mapping)
    {
        if (json["AlarmName"].Text is not null && json["NewStateValue"].Text is not null)
        {
            return ShippedMappings.Cloudwatch.Read(json);
        }

        try
        {
            return (mapping ?? ShippedMappings.Guess).Read(json);
        }
        catch (FieldsRefused) when (mapping is null && envelope is { } around && around["Subject"].Text is not null)
        {
            return [OfText(around, json.Element.GetRawText())];
        }
    }

    private static AlertSignal OfText(PostedJson envelope, string message)
    {
        var title = (envelope["Subject"].Text ?? message).Trim().Split('\n')[0].Trim();
        if (title.Length == 0)
        {
            throw new FieldsRefused("body", "“Subject” and “Message” are both empty.");
        }

        var topic = envelope["TopicArn"].Text ?? "";
        return new(SignalKind.Firing, PostedJson.Key(title), PostedJson.Cut(title, 200), PostedJson.Cut(message.Trim() is { Length: > 0 } said ? said : title, 2000), Severity.Critical,
            envelope["Timestamp"].Moment, null, topic.Length == 0 ? new Dictionary<string, string>() : new() { ["topic"] = topic[(topic.LastIndexOf(':') + 1)..] });
    }

    // Null when it is no object: then it is a text.
    private static JsonDocument? Parse(string message)
    {
        try
        {
            var document = message.TrimStart().StartsWith('{') ? JsonDocument.Parse(Encoding.UTF8.GetBytes(message), new() { MaxDepth = 32 }) : null;
            return document;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
