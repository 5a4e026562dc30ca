using System.Text;
using System.Text.Json;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>A text with places of a JSON document in braces, such as <c>{$.component.name}: {$.status}</c>; of several places, <c>{@.title | $.text}</c>, the first that holds something.</summary>
internal sealed class MappedText
{
    private readonly List<(string Literal, IReadOnlyList<JsonPath> Paths)> _parts = [];

    private MappedText()
    {
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">With a sentence that says what is wrong.</exception>
    public static MappedText Parse(string? typed)
    {
        var (parsed, text) = (new MappedText(), typed ?? "");
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var literal = open < 0 ? text[at..] : text[at..open];
            if (open < 0)
            {
                parsed._parts.Add((literal, []));
                break;
            }

            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                throw new FormatException("A brace is opened and not closed.");
            }

            parsed._parts.Add((literal, [.. text[(open + 1)..close].Split('|', StringSplitOptions.TrimEntries).Select(JsonPath.Read)]));
            at = close + 1;
        }

        return parsed;
    }

    /// <summary>The text for an item of a document; without places that hold nothing, and without spaces around it.</summary>
    public string Read(JsonElement document, JsonElement item)
    {
        var text = new StringBuilder();
        foreach (var (literal, paths) in _parts)
        {
            text.Append(literal).Append(paths.Select(p => Found(p, p.OfItem ? item : document)).FirstOrDefault(f => f.Length > 0) ?? "");
        }

        return text.ToString().Trim();
    }

    private static string Found(JsonPath path, JsonElement from) =>
        string.Join(", ", path.Find(new JsonPlace(from, "")).Take(20).Select(p => path.IsName ? p.Name : new PostedJson(p.Value, path.ToString()).Text).OfType<string>());
}
