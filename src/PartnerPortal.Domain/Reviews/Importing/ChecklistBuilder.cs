using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Collects sections and items while a file is read: makes keys unique, keeps texts within their bounds, and writes down what had to give way.</summary>
internal sealed class ChecklistBuilder
{
    private const int LongestQuestion = 400;
    private const int LongestText = 2000;
    private const int MostNotes = 300;
    private readonly HashSet<string> _keys = [];
    private readonly HashSet<string> _sectionKeys = [];
    private readonly List<SectionDraft> _sections = [];
    private readonly List<ImportNote> _notes = [];
    private int _unsaid;

    public string? Title { get; set; }

    public string? Purpose { get; set; }

    public int Count { get; private set; }

    /// <summary>Begins a section; one without any item is left out in the end.</summary>
    public void Section(string title, string about = "")
    {
        title = Fit(title.Length == 0 ? "All" : title, 200);
        if (_sections.Count > 0 && _sections[^1].Items.Count == 0)
        {
            _sections.RemoveAt(_sections.Count - 1);
        }

        _sections.Add(new SectionDraft { Title = title, About = Fit(about, 1000) });
    }

    /// <summary>The section that is open.</summary>
    public string? OpenSection => _sections.Count > 0 ? _sections[^1].Title : null;

    /// <summary>Says something below the heading of the open section.</summary>
    public void About(string text)
    {
        if (_sections.Count > 0 && _sections[^1].Items.Count == 0)
        {
            var known = _sections[^1].About ?? "";
            _sections[^1] = _sections[^1] with { About = Fit(known.Length == 0 ? text : known + " " + text, 1000) };
        }
    }

    /// <summary>A key that no other item has.</summary>
    public string KeyFor(string? wanted, string question)
    {
        var key = wanted is { Length: > 0 } && Slug.From(wanted, "") is { Length: > 0 } own ? own : Slug.From(question, "item");
        return Unique(key, _keys);
    }

    /// <summary>Adds an item to the open section.</summary>
    /// <param name="item">Its key comes from <see cref="KeyFor"/>.</param>
    /// <param name="place">Where it stands in the file.</param>
    public void Add(ItemDraft item, string place)
    {
        if (_sections.Count == 0)
        {
            Section("");
        }

        if (item.Question!.Length > LongestQuestion)
        {
            // The whole text stays; only the question that heads the item is its beginning.
            var good = string.Join('\n', new[] { item.Question, item.Good }.Where(t => !string.IsNullOrEmpty(t)));
            item = item with { Question = Fit(item.Question, LongestQuestion), Good = good };
            Note(place, $"The text is longer than {LongestQuestion} characters: its beginning is the question, all of it stands under “A good answer”.");
        }

        if (item.Why?.Length > LongestText || item.Good?.Length > LongestText)
        {
            Note(place, $"A text is longer than {LongestText} characters and was cut.");
        }

        _sections[^1].Items.Add(item with { Why = Fit(item.Why ?? "", LongestText), Good = Fit(item.Good ?? "", LongestText) });
        Count++;
    }

    /// <summary>Changes the item that was added last.</summary>
    public void Amend(Func<ItemDraft, ItemDraft> change) => _sections[^1].Items[^1] = change(_sections[^1].Items[^1]);

    /// <summary>Changes an item by its key.</summary>
    public void Amend(string key, Func<ItemDraft, ItemDraft> change)
    {
        foreach (var section in _sections)
        {
            var at = section.Items.FindIndex(i => i.Key == key);
            if (at >= 0)
            {
                section.Items[at] = change(section.Items[at]);
            }
        }
    }

    /// <summary>Adds a line to what a good answer looks like, as long as it fits.</summary>
    public static string Append(string? text, string line) =>
        string.IsNullOrEmpty(text) ? Fit(line, LongestText) : text.Length + line.Length + 1 > LongestText ? text : text + "\n" + line;

    public void Note(string place, string sentence)
    {
        if (_notes.Count < MostNotes)
        {
            _notes.Add(new(place, sentence));
        }
        else
        {
            _unsaid++;
        }
    }

    /// <summary>The checklist; refused when there is nothing in it or too much.</summary>
    public ImportedChecklist Whole(ChecklistFormat format, string? name, string nothing)
    {
        if (Count == 0)
        {
            throw new FieldsRefused("file", nothing);
        }

        if (Count > ChecklistDraft.MostItems)
        {
            throw new FieldsRefused("file", $"There are {Count} items in it; a checklist has at most {ChecklistDraft.MostItems}. Split the file.");
        }

        if (_unsaid > 0)
        {
            _notes.Add(new("", $"{_unsaid} more things were left out."));
        }

        var draft = new ChecklistDraft
        {
            Title = Fit(Title is { Length: > 0 } title ? title : FromName(name), 200),
            Purpose = Fit(Purpose ?? "", LongestText),
            Sections = [.. _sections.Where(s => s.Items.Count > 0).Select(s => s with { Key = Unique(Slug.From(s.Title!, "section"), _sectionKeys) })],
        };
        draft.Checked();
        return new(format, draft, _notes);
    }

    /// <summary>The text without line breaks at its end, cut at a word where it is too long.</summary>
    public static string Fit(string text, int most)
    {
        text = new string([.. text.Where(c => !char.IsControl(c) || c is '\n' or '\t')]).Trim();
        if (text.Length <= most)
        {
            return text;
        }

        var cut = text[..(most - 1)];
        var space = cut.LastIndexOf(' ');
        cut = space > most / 2 ? cut[..space] : char.IsHighSurrogate(cut[^1]) ? cut[..^1] : cut;
        return cut.TrimEnd() + "…";
    }

    private static string FromName(string? name)
    {
        var words = Path.GetFileNameWithoutExtension(name ?? "").Replace('_', ' ').Replace('-', ' ').Trim();
        return words.Length == 0 ? "Imported checklist" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Unique(string key, HashSet<string> taken)
    {
        var unique = key;
        for (var number = 2; !taken.Add(unique); number++)
        {
            var end = $"-{number}";
            unique = (key.Length + end.Length > Slug.Longest ? key[..(Slug.Longest - end.Length)].TrimEnd('-') : key) + end;
        }

        return unique;
    }
}
