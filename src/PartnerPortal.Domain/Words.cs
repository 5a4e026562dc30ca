using System.Collections.Concurrent;
using System.Text;

namespace PartnerPortal.Domain;

/// <summary>Spells enumerations as the trade says them: <c>InReview</c> is "in review"; reads them back with spaces, hyphens or camelCase, in any case.</summary>
public static class Words
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, object>> Known = new();

    /// <summary>The word for a value: lower case, words apart.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Of((Enum)value);

    /// <summary>The word for a value whose type is only known at run time.</summary>
    public static string Of(Enum value)
    {
        var name = value.ToString();
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>Every word of an enumeration, in the order of its declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    /// <summary>The word with a capital first letter, for labels.</summary>
    public static string Label<T>(T value)
        where T : struct, Enum
    {
        var word = Of(value);
        return char.ToUpperInvariant(word[0]) + word[1..];
    }

    /// <summary>Reads a word; numbers are not words.</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        if (TryParse(typeof(T), text, out var found))
        {
            value = (T)found!;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Reads a word of an enumeration whose type is only known at run time.</summary>
    public static bool TryParse(Type type, string? text, out object? value)
    {
        var names = Known.GetOrAdd(type, t => Enum.GetValues(t).Cast<object>().ToDictionary(v => v.ToString()!.ToUpperInvariant()));
        var key = new string([.. (text ?? "").Where(c => c is not (' ' or '-' or '_')).Select(char.ToUpperInvariant)]);
        return names.TryGetValue(key, out value);
    }
}
