using System.Text;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace PartnerPortal.Engine.Incidents;

/// <summary>The words of an HTML page, for mails that come without a text: a line a block, no markup, no scripts and styles.</summary>
internal static partial class HtmlText
{
    private static readonly HashSet<HtmlTagId> _blocks =
    [
        HtmlTagId.Br, HtmlTagId.P, HtmlTagId.Div, HtmlTagId.TR, HtmlTagId.Table, HtmlTagId.LI, HtmlTagId.UL, HtmlTagId.OL, HtmlTagId.H1, HtmlTagId.H2, HtmlTagId.H3, HtmlTagId.H4,
        HtmlTagId.HR, HtmlTagId.Pre, HtmlTagId.BlockQuote, HtmlTagId.DL, HtmlTagId.DT, HtmlTagId.DD,
    ];

    private static readonly HashSet<HtmlTagId> _unseen = [HtmlTagId.Script, HtmlTagId.Style, HtmlTagId.Title];

    /// <summary>Reads a page.</summary>
    public static string Read(string html)
    {
        var (text, unseen) = (new StringBuilder(), (HtmlTagId?)null);
        var tokens = new HtmlTokenizer(new StringReader(html));
        while (tokens.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken tag when unseen is { } waiting:
                    unseen = tag.IsEndTag && tag.Id == waiting ? null : unseen;
                    break;
                case HtmlTagToken { IsEndTag: false, IsEmptyElement: false } tag when _unseen.Contains(tag.Id):
                    unseen = tag.Id;
                    break;
                case HtmlTagToken tag:
                    text.Append(_blocks.Contains(tag.Id) ? '\n' : tag.Id is HtmlTagId.TD or HtmlTagId.TH ? ' ' : null);
                    break;
                case HtmlScriptDataToken:
                    break;
                case HtmlDataToken data when unseen is null:
                    text.Append(Spaces().Replace(data.Data, " "));
                    break;
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
