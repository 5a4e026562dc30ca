using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.TaskLists;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>One step of a runbook.</summary>
/// <param name="Key">Its number, from 1: its name in addresses.</param>
/// <param name="Title">What to do, plain text.</param>
/// <param name="Body">How, in Markdown; may be empty.</param>
/// <param name="Section">The heading under which it stands; null when none.</param>
public sealed record RunbookStep(string Key, string Title, string Body, string? Section = null);

/// <summary>
/// Derives steps from a runbook's Markdown: items of task lists and numbered lists at top level; without a task list headings like
/// "Step 2" come first; without any of them every heading is a step, and a text without headings is one. Text between steps goes to the next
/// one, text after the last to the last: nothing is lost.
/// </summary>
public static partial class RunbookSteps
{
    /// <summary>Most steps; what follows stays in the last one's body.</summary>
    public const int Most = 200;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().UseTaskLists().UseAutoLinks().UseDefinitionLists().UsePreciseSourceLocation().Build();

    // A place where a step begins: where its title ends is where its body begins.
    private sealed record Mark(Block Block, string Title, int From, int To, bool IsItem);

    /// <summary>The steps of a text; always at least one.</summary>
    /// <param name="text">Markdown, front matter included.</param>
    /// <param name="title">The step's title where the text has no structure at all.</param>
    public static IReadOnlyList<RunbookStep> Of(string text, string title)
    {
        try
        {
            return Cut(text, Markdown.Parse(text, Pipeline), title);
        }
        catch (ArgumentException) // Markdig refuses what is nested deeper than anybody writes
        {
            return [new("1", title, text)];
        }
    }

    private static List<RunbookStep> Cut(string text, MarkdownDocument document, string title)
    {
        var start = document.OfType<YamlFrontMatterBlock>().FirstOrDefault() is { } front ? Math.Min(front.Span.End + 1, text.Length) : 0;
        var marks = Marks(text, document, title).Take(Most).ToList();
        if (marks.Count == 0)
        {
            return [new("1", title, text[start..].Trim())];
        }

        List<RunbookStep> steps = [];
        var (section, at) = ((string?)null, start);
        for (var n = 0; n < marks.Count; n++)
        {
            var (mark, last) = (marks[n], n + 1 == marks.Count);
            (var lead, section) = mark.IsItem ? Between(text, document, at, mark.From, section, title) : (text[at..mark.From], null);
            at = mark.IsItem ? Math.Min(mark.Block.Span.End + 1, text.Length) : last ? text.Length : marks[n + 1].From;
            var own = mark.IsItem ? Dedent(text, mark, at) : text[mark.To..at];
            var body = string.Join("\n\n", new[] { lead, own, last ? text[at..] : "" }.Select(t => t.Trim('\n').TrimEnd()).Where(t => t.Length > 0));
            steps.Add(new((n + 1).ToString(CultureInfo.InvariantCulture), Short(mark.Title, title), body + Targets(document, text, last ? "" : body), section));
        }

        return steps;
    }

    // Links by name lead on when their targets stand elsewhere in the text.
    private static string Targets(MarkdownDocument document, string text, string body)
    {
        var named = document.Descendants<LinkReferenceDefinition>().Where(d => d.Label is { Length: > 0 } label && d.Span.Length > 0 && d.Span.End < text.Length
            && body.Contains($"[{label}]", StringComparison.OrdinalIgnoreCase) && !body.Contains($"[{label}]:", StringComparison.OrdinalIgnoreCase)).Take(50);
        var targets = string.Join('\n', named.Select(d => text.Substring(d.Span.Start, d.Span.Length)));
        return targets.Length == 0 ? "" : $"\n\n{targets}";
    }

    // The text between two steps. Its last heading is the section, the text's own title says nothing new; other headings stay in the text.
    private static (string Text, string? Section) Between(string text, MarkdownDocument document, int from, int to, string? section, string title)
    {
        var headings = document.OfType<HeadingBlock>().Where(h => h.Span.Start >= from && h.Span.End < to).ToList();
        var left = new StringBuilder();
        foreach (var heading in headings)
        {
            var said = Said(heading.Inline);
            if (heading == headings[^1] || said == title)
            {
                left.Append(text, from, heading.Span.Start - from);
                from = heading.Span.End + 1;
                section = said.Length > 0 && said != title ? said : section;
            }
        }

        return (from < to ? left.Append(text, from, to - from).ToString() : left.ToString(), section);
    }

    private static IEnumerable<Mark> Marks(string text, MarkdownDocument document, string title)
    {
        var lists = document.OfType<ListBlock>().ToList();
        var headings = document.OfType<HeadingBlock>().Where(h => h.Inline is not null).ToList();
        var tasks = lists.Any(l => l.OfType<ListItemBlock>().Any(IsTask));
        var named = headings.Where(h => StepName().IsMatch(Said(h.Inline))).ToList();
        if (tasks || named.Count == 0)
        {
            var items = lists.SelectMany(l => l.OfType<ListItemBlock>().Where(i => l.IsOrdered || IsTask(i))).Where(i => i.Count > 0).Select(i => ItemMark(text, i)).ToList();
            if (items.Count > 0)
            {
                return items;
            }
        }

        var chosen = named.Count > 0 ? named : [.. headings.Where(h => headings.Count == 1 || Said(h.Inline) != title)];
        return chosen.Select(h => new Mark(h, Said(h.Inline), h.Span.Start, Math.Min(h.Span.End + 1, text.Length), false));
    }

    private static bool IsTask(ListItemBlock item) => item.FirstOrDefault() is ParagraphBlock { Inline.FirstChild: TaskList };

    private static Mark ItemMark(string text, ListItemBlock item)
    {
        // What is more than words stays in the body: links to open, commands to copy.
        var first = item[0] as ParagraphBlock;
        var said = Said(first?.Inline);
        var plain = first is not null && said.Length is > 0 and <= 200 && !first.Inline!.Descendants().Any(i => i is LinkInline or AutolinkInline or CodeInline);
        return new(item, said, item.Span.Start, plain ? Math.Min(first!.Span.End + 1, text.Length) : item[0].Span.Start, true);
    }

    private static string Dedent(string text, Mark mark, int end)
    {
        if (mark.To >= end)
        {
            return "";
        }

        var first = ((ListItemBlock)mark.Block)[0];
        var indent = first.Column;
        var lines = text[mark.To..end].Split('\n').Select((line, n) => n == 0 ? Unticked().Replace(line, "") : line[Math.Min(indent, line.Length - line.TrimStart(' ').Length)..]);
        return string.Join('\n', lines);
    }

    private static string Said(ContainerInline? line)
    {
        var text = new StringBuilder();
        foreach (var inline in line?.Descendants() ?? [])
        {
            _ = inline switch
            {
                LiteralInline literal => text.Append(literal.Content.AsSpan()),
                CodeInline code => text.Append(code.Content),
                AutolinkInline auto => text.Append(auto.Url),
                HtmlEntityInline entity => text.Append(entity.Transcoded.AsSpan()),
                LineBreakInline => text.Append(' '),
                _ => text,
            };
        }

        return text.ToString().Trim();
    }

    private static string Short(string said, string otherwise) => said.Length == 0 ? otherwise : said.Length <= 200 ? said : said[..199] + "…";

    [GeneratedRegex(@"^step\s+\d+\b", RegexOptions.IgnoreCase)]
    private static partial Regex StepName();

    [GeneratedRegex(@"^\[[ xX]\]\s+")]
    private static partial Regex Unticked();
}
