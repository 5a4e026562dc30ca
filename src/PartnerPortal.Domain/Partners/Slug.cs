using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Partners;

/// <summary>The short name in addresses: 1 to 60 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.</summary>
public static partial class Slug
{
    /// <summary>Longest slug, in characters.</summary>
    public const int Longest = 60;

    private static readonly HashSet<string> Reserved = ["new", "import", "export"];

    /// <summary>Makes a slug of a name: accents dropped, other characters turned into hyphens; "partner" when nothing is left.</summary>
    public static string From(string name, string otherwise = "partner")
    {
        var text = new StringBuilder();
        foreach (var c in name.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            text.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        }

        var slug = Runs().Replace(text.ToString(), "-").Trim('-');
        slug = slug.Length > Longest ? slug[..Longest].Trim('-') : slug;
        return slug.Length == 0 || Reserved.Contains(slug) ? otherwise : slug;
    }

    /// <summary>Whether the text can be a slug as it is.</summary>
    public static bool Fits(string text) => Shape().IsMatch(text) && !Reserved.Contains(text);

    /// <summary>Checks a given slug, or derives one from the name where none was given.</summary>
    public static string Check(FieldCheck check, string? slug, string name, string otherwise = "partner")
    {
        if (string.IsNullOrWhiteSpace(slug))
        {
            return From(name, otherwise);
        }

        if (!Fits(slug))
        {
            check.Refuse("slug", $"“{(slug.Length > 60 ? slug[..60] + "…" : slug)}” cannot stand in an address. Use 1 to {Longest} lower-case letters, digits and hyphens.");
        }

        return slug;
    }

    [GeneratedRegex("-{2,}")]
    private static partial Regex Runs();

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")]
    private static partial Regex Shape();
}
