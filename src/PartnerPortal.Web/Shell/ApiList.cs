using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using PartnerPortal.Domain;

namespace PartnerPortal.Web.Shell;

/// <summary>One page of a list: the items, and the cursor that leads to the next page.</summary>
/// <param name="Items">At most <c>limit</c> items.</param>
/// <param name="Next">Send it back as <c>cursor</c>; null at the end.</param>
public sealed record ApiList<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How lists are paged: <c>limit</c> (default 50, at most 200) and an opaque <c>cursor</c>.</summary>
public static class ApiPaging
{
    /// <summary>The limit to use; refuses what is out of range.</summary>
    public static int Limit(int? limit) => limit switch
    {
        null => 50,
        < 1 or > 200 => throw new FieldsRefused("limit", "A page holds 1 to 200 items."),
        { } given => given,
    };

    /// <summary>Writes the place after the last item.</summary>
    public static string Cursor(params string?[] place) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place));

    /// <summary>Reads a place back; null when there is no cursor.</summary>
    public static string?[]? Place(string? cursor, int parts)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor)) is { } place && place.Length == parts)
            {
                return place;
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or DecoderFallbackException)
        {
            // Refused below, like any other cursor that is not ours.
        }

        throw Strange();
    }

    /// <summary>The refusal of a cursor that no list here gave.</summary>
    public static FieldsRefused Strange() => new("cursor", "This cursor is not one that a list here gave. Start without one.");

    /// <summary>Cuts a page that was read one item too far and gives it its cursor.</summary>
    public static ApiList<TOut> Page<T, TOut>(IReadOnlyList<T> rows, int limit, Func<T, TOut> show, Func<T, string?[]> place) => new(
        [.. rows.Take(limit).Select(show)],
        rows.Count > limit ? Cursor(place(rows[limit - 1])) : null);
}
