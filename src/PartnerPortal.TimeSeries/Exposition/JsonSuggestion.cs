using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>Proposes a mapping for a JSON answer: every number becomes a gauge, members of lists one series per item with its short texts as labels. A person goes on from there.</summary>
public static class JsonSuggestion
{
    private const int Deepest = 8;
    private const int MostLabels = 5;
    private const int LongestLabel = 60;

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A mapping as text, or null when the answer is not JSON or has no numbers.</summary>
    public static string? For(ReadOnlyMemory<byte> page)
    {
        try
        {
            using var document = JsonDocument.Parse(page);
            var metrics = new List<JsonNode>();
            Walk(document.RootElement, "$", "@", "", metrics, 0);
            return metrics.Count == 0 ? null : new JsonObject { ["metrics"] = new JsonArray([.. metrics]) }.ToJsonString(_json);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Walks below one item; <paramref name="items"/> leads from the document to the items, <paramref name="at"/> from an item to here.</summary>
    private static void Walk(JsonElement here, string items, string at, string name, List<JsonNode> metrics, int depth)
    {
        if (depth > Deepest || metrics.Count >= JsonMapping.MostMetrics)
            return;
        switch (here.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in here.EnumerateObject())
                    Walk(member.Value, items, at + Member(member.Name), Joined(name, member.Name), metrics, depth + 1);
                break;
            case JsonValueKind.Array when here.GetArrayLength() > 0 && here[0].ValueKind is JsonValueKind.Object or JsonValueKind.Array:
                // What is inside of an item is described by the first one.
                var below = items + at[1..] + "[*]";
                var first = here[0];
                var from = metrics.Count;
                Walk(first, below, "@", name, metrics, depth + 1);
                foreach (var metric in metrics.Skip(from).Where(m => (string?)m["items"] == below && Labels(first) is { Count: > 0 }))
                    metric["labels"] = Labels(first);
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                metrics.Add(new JsonObject { ["name"] = name.Length == 0 ? "value" : name, ["type"] = "gauge", ["items"] = items, ["value"] = at });
                break;
            default:
                break;
        }
    }

    private static JsonObject Labels(JsonElement item) => item.ValueKind != JsonValueKind.Object ? [] : new(
        item.EnumerateObject()
            .Where(m => m.Value.ValueKind == JsonValueKind.String && m.Value.GetString()!.Length is > 0 and <= LongestLabel)
            .Take(MostLabels)
            .DistinctBy(m => Clean(m.Name))
            .Select(m => KeyValuePair.Create(Clean(m.Name), (JsonNode?)("@" + Member(m.Name)))));

    private static string Member(string name) => Label.IsLabelName(name) ? "." + name : $"['{name}']";

    private static string Joined(string before, string name) => before.Length == 0 ? Clean(name) : $"{before}_{Clean(name)}";

    private static string Clean(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }
}
