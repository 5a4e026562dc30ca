using System.Text;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Runbooks;

/// <summary>Where links in a runbook may lead: the web, mail, phones, a heading, another runbook of the partner, a page of the portal. Others become text.</summary>
internal static class RunbookLinks
{
    /// <summary>Stands before the id of every heading.</summary>
    public const string Prefix = "h-";

    /// <summary>Rewrites or removes every link and turns pictures into links.</summary>
    public static void Tame(MarkdownDocument document, string? page, Func<string, string?>? sibling, bool apart)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            var target = Target(link.GetDynamicUrl?.Invoke() ?? link.Url, page, sibling);
            if (link.IsImage)
            {
                var named = TextOf(link);
                link.ReplaceBy(new LiteralInline($"[picture: {(named.Length > 0 ? named : link.Url)}]"), copyChildren: false);
            }
            else if (target is null)
            {
                Unlink(link);
            }
            else
            {
                link.GetDynamicUrl = null;
                link.Url = target;
                Guard(link, target, apart);
            }
        }

        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if (!link.IsEmail && Target(link.Url, page, sibling) is null)
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
            else
            {
                Guard(link, link.IsEmail ? "mailto:" : link.Url, apart);
            }
        }
    }

    /// <summary>The plain text of a line.</summary>
    public static string TextOf(ContainerInline? line)
    {
        var text = new StringBuilder();
        foreach (var inline in line?.Descendants() ?? [])
        {
            _ = inline switch
            {
                LiteralInline literal => text.Append(literal.Content.AsSpan()),
                CodeInline code => text.Append(code.Content),
                AutolinkInline auto => text.Append(auto.Url),
                LineBreakInline => text.Append(' '),
                _ => text,
            };
        }

        return text.ToString().Trim();
    }

    private static string? Target(string? url, string? page, Func<string, string?>? sibling)
    {
        var clean = new string([.. (url ?? "").Where(c => !char.IsControl(c))]).Trim();
        if (clean.StartsWith('#'))
        {
            return $"{page}#{Prefix}{clean[1..].ToLowerInvariant()}";
        }

        if (Uri.TryCreate(clean, UriKind.Absolute, out var uri) && !clean.StartsWith('/'))
        {
            return uri.Scheme is "http" or "https" or "mailto" or "tel" ? clean : null;
        }

        if (clean.StartsWith("/partners/", StringComparison.Ordinal))
        {
            return clean.Contains("..", StringComparison.Ordinal) ? null : clean;
        }

        var path = clean.Split('#', '?')[0];
        return path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) && !path.StartsWith("//", StringComparison.Ordinal)
            ? sibling?.Invoke(RunbookFile.SlugOf(path))
            : null;
    }

    // The words stay, the link goes.
    private static void Unlink(LinkInline link)
    {
        while (link.FirstChild is { } child)
        {
            child.Remove();
            link.InsertBefore(child);
        }

        link.Remove();
    }

    private static void Guard(IMarkdownObject link, string target, bool apart)
    {
        if (target.StartsWith("http", StringComparison.OrdinalIgnoreCase) || (apart && target.StartsWith('/')))
        {
            link.GetAttributes().AddPropertyIfNotExist("rel", "noopener noreferrer nofollow");
            link.GetAttributes().AddPropertyIfNotExist("target", "_blank");
        }
    }
}
