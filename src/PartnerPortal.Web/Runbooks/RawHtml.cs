using System.Net;
using System.Text.RegularExpressions;

namespace PartnerPortal.Web.Runbooks;

/// <summary>HTML inside Markdown: shown as the text that it is, except comments, which are left out, and a few bare tags that real runbooks need.</summary>
internal static partial class RawHtml
{
    private static readonly string[] Kept = ["details", "summary", "br"];

    /// <summary>The text, escaped; only tags without any attribute out of a short list remain tags.</summary>
    public static string Tamed(string raw)
    {
        var escaped = WebUtility.HtmlEncode(Comments().Replace(raw, ""));
        foreach (var tag in Kept)
        {
            escaped = escaped
                .Replace($"&lt;{tag}&gt;", $"<{tag}>", StringComparison.OrdinalIgnoreCase)
                .Replace($"&lt;/{tag}&gt;", tag == "br" ? "<br>" : $"</{tag}>", StringComparison.OrdinalIgnoreCase);
        }

        return escaped.Replace("&lt;br/&gt;", "<br>", StringComparison.OrdinalIgnoreCase).Replace("&lt;br /&gt;", "<br>", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("<!--.*?(?:-->|$)", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
