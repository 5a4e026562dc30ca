using System.Globalization;
using CsvHelper;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>CSV with a first line that names the columns; the ASVS is such a file with columns of its own.</summary>
internal static class CsvChecklist
{
    public static ImportedChecklist Read(string text, string? name, bool asvs)
    {
        var grid = ReadGrid(text);
        var list = new ChecklistBuilder();
        if (asvs)
        {
            AsvsChecklist.Take(list, grid);
            return list.Whole(ChecklistFormat.AsvsCsv, name, "There is no requirement in it: only the line with the names of the columns.");
        }

        if (!TableChecklist.Take(list, grid))
        {
            throw ChecklistFile.Refused("Line 1 does not name the columns. One of them must be “question”; section, key, severity, who, kind, why and good are read too.");
        }

        return list.Whole(ChecklistFormat.Csv, name, "There is no item in it: only the line with the names of the columns.");
    }

    private static Grid ReadGrid(string text)
    {
        List<GridRow> rows = [];
        try
        {
            using var csv = CsvReader.Create(new StringReader(text), new CsvReaderOptions { Separator = Separator(text), HasHeader = false, TrackLineNumbers = true });
            while (csv.Read())
            {
                rows.Add(new(string.Create(CultureInfo.InvariantCulture, $"line {csv.LineNumber}"), [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i) ?? "")]));
            }
        }
        catch (CsvFormatException e)
        {
            throw ChecklistFile.Refused($"Line {e.LineNumber} cannot be read as CSV: {e.Message} Check its quotation marks.");
        }

        // The reader takes a quotation that never closes for one long cell.
        return text.Count(c => c == '"') % 2 == 0 ? new(rows)
            : throw ChecklistFile.Refused($"{Capital(rows[^1].Place)} cannot be read as CSV: a quotation mark opens there and never closes.");
    }

    private static string Capital(string place) => char.ToUpperInvariant(place[0]) + place[1..];

    private static char Separator(string text)
    {
        var first = text.Split('\n', 2)[0];
        return ",;\t".MaxBy(s => first.Count(c => c == s));
    }
}

/// <summary>The columns of OWASP ASVS: chapter, section, requirement, level.</summary>
internal static class AsvsChecklist
{
    public static void Take(ChecklistBuilder list, Grid grid)
    {
        var head = grid.Rows.Count > 0 ? grid.Rows[0].Cells.Select(c => c.Trim().ToLowerInvariant()).ToList() : [];
        var (id, description, chapter, chapterId, section, level) =
            (head.IndexOf("req_id"), head.IndexOf("req_description"), head.IndexOf("chapter_name"), head.IndexOf("chapter_id"), head.IndexOf("section_name"), head.FindIndex(h => h is "l" or "level"));
        if (id < 0 || description < 0)
        {
            throw ChecklistFile.Refused("Line 1 does not name the columns of the ASVS: chapter_id, chapter_name, section_id, section_name, req_id, req_description, L.");
        }

        list.Title = "OWASP Application Security Verification Standard";
        list.Purpose = "Requirements for the security of an application. Level 1 is for everybody, level 2 for most applications, level 3 where the most is at stake.";
        var open = "";
        foreach (var row in grid.Rows.Skip(1).Where(r => r.Cells.Any(c => c.Trim().Length > 0)))
        {
            if (row[id].Length == 0 || row[description].Length == 0)
            {
                list.Note(row.Place, "A requirement without its number or its text was left out.");
                continue;
            }

            var heading = chapter < 0 ? "" : chapterId < 0 ? row[chapter] : $"{row[chapterId]} {row[chapter]}";
            if (heading != open)
            {
                list.Section(open = heading);
            }

            var about = section < 0 ? "" : row[section];
            list.Add(
                new ItemDraft
                {
                    Key = list.KeyFor(row[id].Replace('.', '-'), row[description]),
                    Question = row[description],
                    Severity = level < 0 ? null : row[level] switch { "1" => "major", "2" => "minor", "3" => "info", _ => null },
                    Why = $"{row[id]}{(about.Length > 0 ? $", {about}" : "")}{(level >= 0 && row[level].Length > 0 ? $", level {row[level]}" : "")}",
                },
                row.Place);
        }
    }
}
