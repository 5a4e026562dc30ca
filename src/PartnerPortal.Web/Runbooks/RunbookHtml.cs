using System.Text;
using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PartnerPortal.Web.Runbooks;

/// <summary>A heading that the table of contents leads to.</summary>
/// <param name="Id">Id of the heading in the page.</param>
/// <param name="Text">What it says.</param>
/// <param name="Level">From 1, the text's own level.</param>
public sealed record ContentsLine(string Id, string Text, int Level);

/// <summary>A runbook as HTML that cannot do harm.</summary>
/// <param name="Html">Safe to put into a page.</param>
/// <param name="Contents">Its headings.</param>
/// <param name="Steps">How many checkable steps it shows.</param>
public sealed record RenderedRunbook(string Html, IReadOnlyList<ContentsLine> Contents, int Steps);

/// <summary>Turns Markdown into HTML. Raw HTML is shown as text, links lead to the web, mail, phones and runbooks only, pictures are links; then everything passes an allow-list.</summary>
public static class RunbookHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseYamlFrontMatter()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseDefinitionLists()
        .Build();

    private static readonly string[] Tags =
    [
        "a", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "input",
        "li", "ol", "p", "pre", "s", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];

    private static readonly string[] Attributes = ["href", "title", "rel", "target", "id", "class", "type", "checked", "disabled", "start", "style", "aria-label", "data-step"];

    /// <summary>Renders a runbook's text.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="page">Address of the page that shows it, for links within it; null when it stands alone.</param>
    /// <param name="sibling">Address of another runbook by its slug; null when there is none.</param>
    /// <param name="title">The title that the page shows already: a heading on top that says the same is left out.</param>
    /// <param name="apart">Whether every link opens beside the page, which must not be lost.</param>
    public static RenderedRunbook Render(string text, string? page = null, Func<string, string?>? sibling = null, string? title = null, bool apart = false)
    {
        try
        {
            var document = Markdown.Parse(text, Pipeline);
            if (document.FirstOrDefault(b => b is not Markdig.Extensions.Yaml.YamlFrontMatterBlock) is HeadingBlock { Level: 1 } top && RunbookLinks.TextOf(top.Inline) == title)
            {
                document.Remove(top);
            }

            var contents = NameHeadings(document);
            RunbookLinks.Tame(document, page, sibling, apart);
            var steps = new StepRenderer();
            var html = Write(document, steps);
            return new(Reachable(Allowed().Sanitize(html)), contents, steps.Count);
        }
        catch (ArgumentException) // Markdig refuses what is nested deeper than anybody writes
        {
            return new($"<pre>{System.Net.WebUtility.HtmlEncode(text)}</pre>", [], 0);
        }
    }

    // What scrolls sideways can be scrolled by keyboard; in text these tags are escaped, so only real ones are met.
    private static string Reachable(string html) => html
        .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal)
        .Replace("<table>", "<table tabindex=\"0\">", StringComparison.Ordinal);

    private static string Write(MarkdownDocument document, StepRenderer steps)
    {
        using var writer = new StringWriter(new StringBuilder(4096));
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTaskListRenderer>(steps);
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlBlockRenderer>(new RawBlockRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<Markdig.Renderers.Html.Inlines.HtmlInlineRenderer>(new RawInlineRenderer());
        renderer.Render(document);
        return writer.ToString();
    }

    // The page's own title is the only h1 and the highest headings follow it as h2; ids get a prefix so that they never meet those of the page.
    private static List<ContentsLine> NameHeadings(MarkdownDocument document)
    {
        List<ContentsLine> contents = [];
        var headings = document.Descendants<HeadingBlock>().ToList();
        var lower = 2 - headings.Select(h => h.Level).DefaultIfEmpty(1).Min();
        foreach (var heading in headings)
        {
            var attributes = heading.GetAttributes();
            attributes.Id = RunbookLinks.Prefix + attributes.Id;
            contents.Add(new(attributes.Id, RunbookLinks.TextOf(heading.Inline), heading.Level));
            heading.Level = Math.Min(6, heading.Level + lower);
        }

        return contents;
    }

    private static HtmlSanitizer Allowed()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto", "tel"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(["text-align"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.AllowedClasses.UnionWith(["task-list-item", "contains-task-list", "step", "raw"]);
        sanitizer.PostProcessNode += (_, e) =>
        {
            if (e.Node is IElement { LocalName: "input" } input && (input.GetAttribute("type") != "checkbox" || !input.HasAttribute("data-step")))
            {
                input.Remove();
            }
        };
        return sanitizer;
    }

    // Steps are numbered in the order of the text; js/runbook.js makes them tickable.
    private sealed class StepRenderer : HtmlObjectRenderer<TaskList>
    {
        public int Count { get; private set; }

        protected override void Write(HtmlRenderer renderer, TaskList obj)
        {
            Count++;
            var said = obj.Parent is { } line ? RunbookLinks.TextOf(line) : "";
            renderer.Write($"<input type=\"checkbox\" class=\"step\" disabled data-step=\"{Count}\" aria-label=\"Step {Count}: ").WriteEscape(said).Write(obj.Checked ? "\" checked>" : "\">");
        }
    }

    private sealed class RawBlockRenderer : HtmlObjectRenderer<HtmlBlock>
    {
        protected override void Write(HtmlRenderer renderer, HtmlBlock obj)
        {
            var raw = RawHtml.Tamed(obj.Lines.ToString());
            renderer.Write(raw.Trim().Length == 0 || raw.Contains("<details>", StringComparison.Ordinal) || raw.Contains("</details>", StringComparison.Ordinal) ? raw : $"<div class=\"raw\">{raw}</div>").WriteLine();
        }
    }

    private sealed class RawInlineRenderer : HtmlObjectRenderer<HtmlInline>
    {
        protected override void Write(HtmlRenderer renderer, HtmlInline obj) => renderer.Write(RawHtml.Tamed(obj.Tag));
    }
}
