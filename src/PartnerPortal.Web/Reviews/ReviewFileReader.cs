using System.Globalization;
using System.Text.Json;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>Reads the JSON export of a review. Names that are not known are left aside, so that older and newer portals understand each other.</summary>
internal static class ReviewFileReader
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Converters = { new WordsJsonConverter() } };

    /// <summary>The review in the file; its partner and integration there; what could not be brought over.</summary>
    public static (ReviewFile File, string? Partner, string? Integration, IReadOnlyList<string> Warnings) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array || !root.TryGetProperty("checklist", out var list))
        {
            throw new FieldsRefused("file", "This is not the JSON export of a review: “items” and “checklist” are missing. Export it as JSON from the other portal, version by version the same file.");
        }

        var checklist = (list.Deserialize<ChecklistDraft>(Web) ?? new()).Checked();
        List<string> warnings = [];
        List<AnswerInFile> answers = [];
        foreach (var item in items.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object))
        {
            if (Answer(item, warnings) is { } answer)
            {
                answers.Add(answer);
            }
        }

        var decision = Text(root, "decision") is { Length: > 0 } verdict
            ? new DecisionDraft(verdict, Text(root, "signer"), root.TryGetProperty("conditions", out var conditions) ? conditions.Deserialize<List<ConditionDraft>>(Web) : null, Text(root, "reason"), DateOnly.TryParse(Text(root, "revisitOn"), CultureInfo.InvariantCulture, out var revisit) ? revisit : null)
            : null;
        return (new(Text(root, "template") ?? "", checklist, Words.TryParse<Tier>(Text(root, "tier"), out var tier) ? tier : null, Time(root, "startedAt"), Text(root, "startedBy"), answers, decision, Time(root, "concludedAt")), Text(root, "partner"), Text(root, "integration"), warnings);
    }

    private static AnswerInFile? Answer(JsonElement item, List<string> warnings)
    {
        // What was said, not what became of it: the day on which it was said tells that again here.
        var (key, state, comment) = (Text(item, "key") ?? "", Text(item, "said") ?? Text(item, "state") ?? "", Text(item, "comment"));
        var value = item.TryGetProperty("value", out var given) && given.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? given.ToString() : null;
        List<string> evidence = item.TryGetProperty("evidence", out var links) && links.ValueKind == JsonValueKind.Array ? [.. links.EnumerateArray().Select(l => l.ToString())] : [];
        if (state is "" or "not answered" && string.IsNullOrEmpty(comment) && value is null && evidence.Count == 0)
        {
            return null;
        }

        foreach (var file in evidence.Where(e => e.StartsWith('/')).ToList())
        {
            evidence.Remove(file);
            warnings.Add($"{key}: a file that proves this stayed in the other portal.");
        }

        return new(key, new(state, value, comment, evidence), Text(item, "answeredBy"), Time(item, "answeredAt"));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) ? at : null;
}
