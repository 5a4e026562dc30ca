using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>A part of a posted body that knows where it stands, so that a refusal can name what is missing.</summary>
/// <param name="Element">The part.</param>
/// <param name="Path">Where it stands, such as alerts[0].</param>
internal readonly record struct PostedJson(JsonElement Element, string Path)
{
    private const int MostLabels = 64;

    /// <summary>A member; undefined when it is not there.</summary>
    public PostedJson this[string name] => new(
        Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var member) ? member : default, Path.Length == 0 ? name : $"{Path}.{name}");

    /// <summary>A text; null when absent, empty, or something else.</summary>
    public string? Text => Element.ValueKind switch
    {
        JsonValueKind.String => Clean(Element.GetString, Path) is { Length: > 0 } text ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Element.GetRawText(),
        _ => null,
    };

    /// <summary>A figure; null when absent or no number.</summary>
    public double? Number => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A moment; null when absent, unreadable, or the year 1, by which Go says that there is none.</summary>
    public DateTimeOffset? Moment => DateTimeOffset.TryParse(Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year > 1970 ? at.ToUniversalTime() : null;

    /// <summary>A web address; null when absent or something else.</summary>
    public string? Address => Uri.TryCreate(Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.OriginalString.Length <= 2000 ? uri.OriginalString : null;

    /// <summary>Members as names and texts: labels. Long ones are cut, at most 64 are kept.</summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get
        {
            var labels = new Dictionary<string, string>();
            var path = Path;
            foreach (var member in Element.ValueKind == JsonValueKind.Object ? Element.EnumerateObject().Take(MostLabels) : [])
            {
                if (new PostedJson(member.Value, path).Text is { } value)
                {
                    labels[Cut(Clean(() => member.Name, path), 200)] = Cut(value, 1000);
                }
            }

            return labels;
        }
    }

    /// <summary>The members of a list.</summary>
    /// <exception cref="FieldsRefused">It is no list.</exception>
    public IReadOnlyList<PostedJson> Items
    {
        get
        {
            if (Element.ValueKind != JsonValueKind.Array)
            {
                throw Missing("a list");
            }

            var path = Path;
            return [.. Element.EnumerateArray().Select((item, n) => new PostedJson(item, $"{path}[{n}]"))];
        }
    }

    /// <summary>A text that must be there.</summary>
    /// <exception cref="FieldsRefused">It is not.</exception>
    public string Needed => Text ?? throw Missing("a text");

    /// <summary>A key of at most 255 characters; a longer one by its hash.</summary>
    public static string Key(string text) => text.Length <= 255 ? text : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A text that is cut where it is too long, never within a character.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";

    // JSON can write what is no text: half a character, or a null that PostgreSQL does not keep.
    private static string Clean(Func<string?> read, string path)
    {
        try
        {
            return read()?.Replace("\0", "", StringComparison.Ordinal) ?? "";
        }
        catch (InvalidOperationException)
        {
            throw new FieldsRefused("body", $"“{path}” holds half a character (an escaped surrogate without its partner).");
        }
    }

    private FieldsRefused Missing(string what) => new("body", $"“{Path}” is missing or is not {what}.");
}
