namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Rows whose columns are named: one item a row.</summary>
internal sealed class TableChecklist
{
    // A title, a logo and an empty row may stand above the row that names the columns.
    private const int MostRowsAbove = 20;
    private readonly ChecklistBuilder _list;
    private readonly GridRow _head;
    private readonly Dictionary<string, int> _columns;
    private readonly List<int> _marks;
    private string? _section;

    private TableChecklist(ChecklistBuilder list, GridRow head, Dictionary<string, int> columns, IReadOnlyList<GridRow> rows)
    {
        (_list, _head, _columns) = (list, head, columns);
        _marks = [.. Enumerable.Range(0, head.Cells.Count).Where(c => !columns.ContainsValue(c) && head[c].Length > 0 && rows.All(r => TableColumns.IsMark(r[c])) && rows.Any(r => TableColumns.IsYes(r[c])))];
    }

    /// <summary>Adds what a table holds; false when no row names a column for the question.</summary>
    public static bool Take(ChecklistBuilder list, Grid grid)
    {
        var at = grid.Rows.Take(MostRowsAbove).ToList().FindIndex(r => TableColumns.Of(r.Cells).ContainsKey("question"));
        if (at < 0)
        {
            return false;
        }

        var rows = grid.Rows.Skip(at + 1).ToList();
        var head = grid.Rows[at];
        var table = new TableChecklist(list, head, TableColumns.Of(head.Cells), rows);
        table.TakeRows(rows);
        return true;
    }

    private void TakeRows(IReadOnlyList<GridRow> rows)
    {
        var aside = Enumerable.Range(0, _head.Cells.Count).Where(c => !_columns.ContainsValue(c) && !_marks.Contains(c) && _head[c].Length > 0 && rows.Any(r => r[c].Length > 0)).Select(c => $"“{_head[c]}”").ToList();
        if (aside.Count > 0)
        {
            _list.Note(_head.Place, $"{(aside.Count == 1 ? "The column" : "The columns")} {string.Join(", ", aside)} {(aside.Count == 1 ? "was" : "were")} left out.");
        }

        foreach (var row in rows)
        {
            TakeRow(row);
        }
    }

    private void TakeRow(GridRow row)
    {
        if (row.Cells.All(string.IsNullOrWhiteSpace))
        {
            return;
        }

        var (name, question) = (Cell(row, "name"), Cell(row, "question"));
        if (question.Length == 0 && name.Length == 0)
        {
            // A row with one cell is a heading in many spreadsheets.
            if (row.Cells.Where(c => !string.IsNullOrWhiteSpace(c)).ToList() is [var heading] && !_columns.ContainsKey("section"))
            {
                _list.Section(heading.Trim());
            }
            else
            {
                _list.Note(row.Place, "A row without a question was left out.");
            }

            return;
        }

        OpenSection(row);
        var text = question.Length == 0 ? name : name.Length == 0 || question.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? question : $"{name}: {question}";
        var marked = _marks.Where(c => TableColumns.IsYes(row[c])).Select(c => _head[c]).ToList();
        var good = Cell(row, "good");
        good = Links(row).Aggregate(good, (said, link) => ChecklistBuilder.Append(said, "See " + link));
        good = marked.Count == 0 ? good : ChecklistBuilder.Append(good, $"Asked for: {string.Join(", ", marked)}");
        var kind = Word(row, "kind", ItemKindWord);
        var options = Options(Cell(row, "options"));
        if (kind is "single choice" or "several choices" && options.Count < 2)
        {
            _list.Note(row.Place, "A choice without at least two options became a text.");
            kind = "text";
        }

        _list.Add(
            new ItemDraft
            {
                Key = _list.KeyFor(Cell(row, "key") is { Length: > 0 } key ? KeyText(key) : name, text),
                Question = text,
                Who = Word(row, "who", Known<Answerer>),
                Severity = Word(row, "severity", TableColumns.Severity),
                Kind = kind,
                Phase = Word(row, "phase", Known<Phase>),
                Unit = Cell(row, "unit"),
                Options = options.Count > 1 ? options : null,
                Why = Cell(row, "why"),
                Good = good,
                EvidenceRequired = TableColumns.IsYes(Cell(row, "evidence")) ? true : null,
                FreshForDays = int.TryParse(Cell(row, "fresh"), out var days) && days is >= 1 and <= 3650 ? days : null,
            },
            row.Place);
    }

    private void OpenSection(GridRow row)
    {
        var section = string.Join(": ", new[] { Cell(row, "section"), Cell(row, "subsection") }.Where(t => t.Length > 0).Distinct());
        if (section.Length > 0 && section != _section)
        {
            _list.Section(section);
            _section = section;
        }
    }

    private string Cell(GridRow row, string role) => _columns.TryGetValue(role, out var column) ? row[column] : "";

    private IEnumerable<string> Links(GridRow row) =>
        row.Links.SelectMany(l => l).Concat(Cell(row, "link").Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Where(l => Uri.TryCreate(l, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")).Distinct();

    private string? Word(GridRow row, string role, Func<string, string?> read)
    {
        var cell = Cell(row, role);
        if (cell.Length == 0)
        {
            return null;
        }

        var word = read(cell);
        if (word is null)
        {
            _list.Note(row.Place, $"“{ChecklistBuilder.Fit(cell, 40)}” is not known as “{_head[_columns[role]]}” and was left out.");
        }

        return word;
    }

    private static string? ItemKindWord(string cell) => ItemKindWords.TryParse(cell, out var kind) && kind != ItemKind.Target ? kind.Word() : null;

    private static string? Known<T>(string cell)
        where T : struct, Enum => Words.TryParse<T>(cell, out var word) ? Words.Of(word) : null;

    private static string KeyText(string key) => key.All(char.IsAsciiDigit) ? "item-" + key : key;

    private static List<string> Options(string cell) =>
        [.. cell.Split(cell.Contains('\n', StringComparison.Ordinal) ? '\n' : cell.Contains(';', StringComparison.Ordinal) ? ';' : '|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(o => ChecklistBuilder.Fit(o, 200)).Distinct(StringComparer.OrdinalIgnoreCase).Take(50)];
}
