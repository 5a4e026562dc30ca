using System.Globalization;
using System.Text.Json;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Azure review checklists (github.com/Azure/review-checklists): items with guid, category, severity, pillar and links.</summary>
internal static class AzureChecklist
{
    public static ImportedChecklist Read(string text, string? name)
    {
        using var json = JsonText.Parse(text);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
        {
            throw ChecklistFile.Refused("This JSON is no Azure review checklist: it has no list called “items”.");
        }

        var list = new ChecklistBuilder { Title = root.TryGetProperty("metadata", out var about) ? about.Said("name") : "" };
        // A category's items need not stand together; a section's do.
        var all = items.EnumerateArray().Select((item, index) => (Item: item, Place: string.Create(CultureInfo.InvariantCulture, $"items[{index}]"))).ToList();
        var queries = 0;
        foreach (var category in all.Where(i => i.Item.ValueKind == JsonValueKind.Object).GroupBy(i => i.Item.Said("category")))
        {
            list.Section(category.Key);
            foreach (var (item, place) in category)
            {
                queries += item.Said("graph").Length > 0 ? 1 : 0;
                Add(list, item, place);
            }
        }

        foreach (var (_, place) in all.Where(i => i.Item.ValueKind != JsonValueKind.Object))
        {
            list.Note(place, "This is no item and was left out.");
        }

        if (queries > 0)
        {
            list.Note("", $"{queries} items carry a query to Azure Resource Graph; it was left out.");
        }

        return list.Whole(ChecklistFormat.Azure, name, "This Azure review checklist holds no item with a text.");
    }

    private static void Add(ChecklistBuilder list, JsonElement item, string place)
    {
        var question = item.Said("text");
        if (question.Length == 0)
        {
            list.Note(place, "An item without a text was left out.");
            return;
        }

        var why = string.Join(" · ", new[] { item.Said("waf"), item.Said("subcategory"), item.Said("service") }.Where(t => t.Length > 0).Distinct());
        var good = item.Said("description");
        good = item.Said("link") is { Length: > 0 } link ? ChecklistBuilder.Append(good, "See " + link) : good;
        good = item.Said("training") is { Length: > 0 } training ? ChecklistBuilder.Append(good, "Training: " + training) : good;
        list.Add(
            new ItemDraft
            {
                Key = list.KeyFor(item.Said("guid") is { Length: > 0 } guid ? guid : item.Said("id"), question),
                Question = question,
                Severity = TableColumns.Severity(item.Said("severity")),
                Why = why,
                Good = good,
            },
            place);
    }
}

/// <summary>JSON as people write it: with comments and a comma too many.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Forgiving = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 64 };

    public static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Forgiving);
        }
        catch (JsonException e)
        {
            throw ChecklistFile.Refused($"Line {(e.LineNumber ?? 0) + 1} cannot be read as JSON: {e.Message.Split(" LineNumber:", 2)[0]}");
        }
    }

    /// <summary>A property as text, trimmed; empty when absent or something else.</summary>
    public static string Said(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString()!.Trim(), JsonValueKind.Number => value.GetRawText(), _ => "" }
            : "";
}
