using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PartnerPortal.Domain.Audit;

/// <summary>One field of a change as people read it.</summary>
/// <param name="Field">The field in words: "Mail address", "Links 1 · kind".</param>
/// <param name="Before">Its value before; null when there was none.</param>
/// <param name="After">Its value after; null when there is none.</param>
public sealed record FieldChange(string Field, string? Before, string? After)
{
    /// <summary>The differences between two JSON objects, in the order of the newer one. Equal and empty fields are left out.</summary>
    /// <param name="before">The changed fields before; null when added.</param>
    /// <param name="after">The changed fields after; null when removed.</param>
    public static IReadOnlyList<FieldChange> Between(string? before, string? after)
    {
        var (old, young) = (Leaves(before), Leaves(after));
        return
        [
            .. young.Keys.Concat(old.Keys.Where(f => !young.ContainsKey(f)))
                .Select(field => new FieldChange(field, old.GetValueOrDefault(field), young.GetValueOrDefault(field)))
                .Where(change => change.Before != change.After),
        ];
    }

    private static Dictionary<string, string?> Leaves(string? json)
    {
        Dictionary<string, string?> leaves = [];
        if (json is not null)
        {
            using var document = JsonDocument.Parse(json);
            Collect(leaves, "", document.RootElement);
        }

        return leaves;
    }

    private static void Collect(Dictionary<string, string?> leaves, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Collect(leaves, path.Length == 0 ? Label(property.Name) : $"{path} · {Spaced(property.Name)}", property.Value);
                }

                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(e => e.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                foreach (var (element, index) in value.EnumerateArray().Select((e, i) => (e, i)))
                {
                    Collect(leaves, string.Create(CultureInfo.InvariantCulture, $"{path} {index + 1}"), element);
                }

                break;
            default:
                leaves[path] = Text(value);
                break;
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.String => Told(value.GetString()!),
        JsonValueKind.Array => Told(string.Join(", ", value.EnumerateArray().Select(Text))),
        _ => value.GetRawText(),
    };

    // Instants lose what nobody reads; an empty text is no value.
    private static string? Told(string text) => text.Length == 0 ? null
        : text.Length >= 20 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : text;

    private static string Label(string name)
    {
        var words = Spaced(name);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Spaced(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name.Length == 0 ? "?" : name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
