using System.Text;
using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>A piece of Markdown as plain text, with the links and badges that stood in it.</summary>
/// <param name="Text">Without marks, tags and pictures.</param>
/// <param name="Links">Web addresses, in their order.</param>
/// <param name="Badges">What the pictures say for those who cannot see them.</param>
internal sealed partial record MarkdownText(string Text, IReadOnlyList<string> Links, IReadOnlyList<string> Badges)
{
    public static MarkdownText Of(LeafBlock? block) => Of(block?.Inline);

    public static MarkdownText Of(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        List<string> links = [];
        List<string> badges = [];
        Write(inlines, text, links, badges);
        return new(Plain(text.ToString()), links, badges);
    }

    /// <summary>One line, without emoji codes and left-over spaces.</summary>
    public static string Plain(string text)
    {
        text = Spaces().Replace(Shortcode().Replace(text, " "), " ");
        return SpaceBefore().Replace(text, "$1").Trim();
    }

    private static void Write(ContainerInline? inlines, StringBuilder text, List<string> links, List<string> badges)
    {
        foreach (var inline in inlines ?? Enumerable.Empty<Inline>())
        {
            switch (inline)
            {
                case LinkInline { IsImage: true } picture:
                    badges.Add(Of(picture).Text);
                    text.Append(' ');
                    break;
                case LinkInline link:
                    Write(link, text, links, badges);
                    AddLink(link.Url, links);
                    break;
                case AutolinkInline address:
                    text.Append(address.Url);
                    AddLink(address.Url, links);
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded);
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
                case LiteralInline literal:
                    text.Append(literal.Content);
                    break;
                case HtmlInline { Tag: "<br>" or "<br/>" or "<br />" }:
                    text.Append(' ');
                    break;
                case ContainerInline container:
                    Write(container, text, links, badges);
                    break;
            }
        }
    }

    private static void AddLink(string? url, List<string> links)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !links.Contains(url!))
        {
            links.Add(url!);
        }
    }

    [GeneratedRegex(@"(?<![\w:])(?!:white_check_mark:|:heavy_check_mark:|:x:):[a-z][a-z0-9_+-]+:(?![\w:])")]
    private static partial Regex Shortcode();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@" ([.,;!?)])(?=\s|$)")]
    private static partial Regex SpaceBefore();
}
