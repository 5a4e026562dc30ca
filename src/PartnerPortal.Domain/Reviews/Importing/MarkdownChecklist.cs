using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Task lists and tables in Markdown. Headings become sections, "- [ ]" becomes an item, what stands below it says what a good answer looks like.</summary>
internal sealed class MarkdownChecklist
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().UseTaskLists().UseEmphasisExtras().UseAutoLinks().UsePreciseSourceLocation().Build();

    private readonly ChecklistBuilder _list = new();
    private readonly SortedDictionary<int, string> _headings = [];
    private bool _afterItem;
    private int _ticked;

    public static ImportedChecklist Read(string text, string? name)
    {
        var reader = new MarkdownChecklist();
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // The parser gives up on texts that nest deeper than anything a person writes.
            throw ChecklistFile.Refused("The Markdown nests too deep to be read. Flatten its lists.");
        }

        foreach (var block in document)
        {
            reader.Take(block);
        }

        if (reader._ticked > 0)
        {
            reader._list.Note("", $"{reader._ticked} items were ticked. A checklist holds questions, so the ticks were left out.");
        }

        return reader._list.Whole(ChecklistFormat.Markdown, name, "This Markdown holds no item: neither a task list (“- [ ] Is there a sandbox?”) nor a table with a column for the question.");
    }

    private static string Line(MarkdownObject block) => $"line {block.Line + 1}";

    private void Take(Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Head(heading);
                break;
            case ListBlock list:
                TakeList(list, "");
                break;
            case Table table:
                if (TableChecklist.Take(_list, MarkdownGrid.Of(table)))
                {
                    _afterItem = false;
                }
                else
                {
                    _list.Note(Line(table), "A table without a column for the question was left out.");
                }

                break;
            case ParagraphBlock paragraph:
                Say(paragraph);
                break;
            case QuoteBlock quote when !_afterItem:
                _list.Note(Line(quote), "A quotation was left out.");
                break;
            case CodeBlock and not YamlFrontMatterBlock:
                _list.Note(Line(block), "A code block was left out.");
                break;
        }
    }

    private void Head(HeadingBlock heading)
    {
        var text = MarkdownText.Of(heading).Text;
        foreach (var deeper in _headings.Keys.Where(k => k >= heading.Level).ToList())
        {
            _headings.Remove(deeper);
        }

        _afterItem = false;
        if (_list.Title is null && heading.Level <= 2 && _list.Count == 0)
        {
            _list.Title = text;
            return;
        }

        _headings[heading.Level] = text;
        _list.Section(string.Join(": ", _headings.Values.Where(t => t.Length > 0)));
    }

    private void Say(ParagraphBlock paragraph)
    {
        var said = MarkdownText.Of(paragraph).Text;
        if (said.Length == 0)
        {
            return;
        }

        if (_headings.Count == 0 && _list.Count == 0 && _list.Title is not null && _list.Purpose is null)
        {
            _list.Purpose = said;
        }
        else if (!_afterItem && _headings.Count > 0)
        {
            _list.About(said);
        }
        else
        {
            _list.Note(Line(paragraph), $"A paragraph was left out: “{ChecklistBuilder.Fit(said, 60)}”");
        }
    }

    private void TakeList(ListBlock list, string under)
    {
        var stray = 0;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var words = item.FirstOrDefault() as ParagraphBlock;
            if (words?.Inline?.Descendants<TaskList>().FirstOrDefault() is { } box)
            {
                AddItem(item, words, box, under);
            }
            else if (item.Descendants<TaskList>().Any())
            {
                TakeNested(item, MarkdownText.Of(words).Text);
            }
            else if (_afterItem)
            {
                Detail(item);
            }
            else
            {
                stray++;
            }
        }

        if (stray > 0)
        {
            _list.Note(Line(list), $"A list of {stray} entries without boxes was left out.");
        }
    }

    private void AddItem(ListItemBlock item, ParagraphBlock words, TaskList box, string under)
    {
        var text = MarkdownText.Of(words);
        if (text.Text.Length == 0)
        {
            _list.Note(Line(item), "A box without words was left out.");
            return;
        }

        _ticked += box.Checked ? 1 : 0;
        var good = text.Links.Aggregate("", (said, link) => ChecklistBuilder.Append(said, "See " + link));
        _list.Add(
            new ItemDraft
            {
                Key = _list.KeyFor(null, text.Text),
                Question = text.Text,
                Severity = text.Badges.Select(TableColumns.Severity).FirstOrDefault(s => s is not null),
                Why = under.Length > 0 ? $"Part of: {under}" : "",
                Good = good,
            },
            Line(item));
        _afterItem = true;
        TakeNested(item, text.Text);
    }

    private void TakeNested(ListItemBlock item, string under)
    {
        foreach (var nested in item.Skip(1))
        {
            switch (nested)
            {
                case ListBlock list:
                    TakeList(list, ChecklistBuilder.Fit(under, 300));
                    break;
                case ParagraphBlock paragraph when _afterItem && MarkdownText.Of(paragraph) is { Text.Length: > 0 } said:
                    _list.Amend(last => last with { Good = ChecklistBuilder.Append(last.Good, said.Text) });
                    break;
                default:
                    Take(nested);
                    break;
            }
        }
    }

    // An entry without a box below an item: a source to read, an example.
    private void Detail(ListItemBlock item)
    {
        foreach (var text in item.OfType<ParagraphBlock>().Select(p => MarkdownText.Of(p)).Where(t => t.Text.Length > 0))
        {
            var line = text.Links.Count == 0 || text.Links.All(l => text.Text.Contains(l, StringComparison.Ordinal)) ? text.Text : $"{text.Text} ({string.Join(", ", text.Links)})";
            _list.Amend(last => last with { Good = ChecklistBuilder.Append(last.Good, line) });
        }

        foreach (var nested in item.OfType<ListBlock>().SelectMany(l => l.OfType<ListItemBlock>()))
        {
            Detail(nested);
        }
    }
}
