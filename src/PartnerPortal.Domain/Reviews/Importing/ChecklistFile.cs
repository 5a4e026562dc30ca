using System.Text;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Makes a checklist of a file that somebody brings. What cannot be read is refused with the place and the reason; nothing is kept.</summary>
public static class ChecklistFile
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MostBytes = 5_000_000;

    /// <summary>As what a file can be read; null when its content says nothing that is known here.</summary>
    public static ChecklistFormat? Guess(ReadOnlySpan<byte> bytes, string? name = null)
    {
        var kind = FileKind.Of(bytes);
        if (kind.Extension == ".xlsx")
        {
            return ChecklistFormat.Xlsx;
        }

        if (!kind.IsText || kind.Harmful is not null)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').TrimStart();
        if (text[0] is '{' || text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("/*", StringComparison.Ordinal))
        {
            return text.Contains("\"questionnaire\"", StringComparison.Ordinal) ? ChecklistFormat.Vsaq
                : text.Contains("\"items\"", StringComparison.Ordinal) && text.Contains("\"guid\"", StringComparison.Ordinal) ? ChecklistFormat.Azure : null;
        }

        var first = text.Split('\n', 2)[0].ToLowerInvariant();
        var tabular = first.Split([',', ';', '\t']).Length > 1 && !first.TrimStart().StartsWith('#') && !first.TrimStart().StartsWith('|');
        return first.Contains("req_id", StringComparison.Ordinal) && first.Contains("req_description", StringComparison.Ordinal) ? ChecklistFormat.AsvsCsv
            : tabular && (name?.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) == true || TableColumns.LooksLikeHeader(first)) ? ChecklistFormat.Csv
            : ChecklistFormat.Markdown;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="format">As what to read it; null: as what it looks like.</param>
    /// <param name="name">Its name, for a title where the content has none.</param>
    /// <exception cref="FieldsRefused">It cannot be read as a checklist; the sentence says what it is, or where and why.</exception>
    public static ImportedChecklist Read(ReadOnlySpan<byte> bytes, ChecklistFormat? format, string? name)
    {
        if (bytes.Length > MostBytes)
        {
            throw Refused($"The file is larger than {MostBytes / 1_000_000} MB. A checklist of {ChecklistDraft.MostItems} items is far smaller; leave out pictures and attachments.");
        }

        var kind = FileKind.Of(bytes);
        var guessed = Guess(bytes, name);
        var chosen = format ?? guessed ?? throw Refused($"This is {kind.Name}, not a checklist. Choose a Markdown, CSV, Excel, VSAQ or Azure checklist file.");
        RefuseOtherKind(kind, chosen, guessed);
        if (chosen == ChecklistFormat.Xlsx)
        {
            return XlsxChecklist.Read(bytes.ToArray(), name);
        }

        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        return chosen switch
        {
            ChecklistFormat.Markdown => MarkdownChecklist.Read(text, name),
            ChecklistFormat.Csv => CsvChecklist.Read(text, name, asvs: false),
            ChecklistFormat.AsvsCsv => CsvChecklist.Read(text, name, asvs: true),
            ChecklistFormat.Vsaq => VsaqChecklist.Read(text, name),
            _ => AzureChecklist.Read(text, name),
        };
    }

    internal static FieldsRefused Refused(string sentence) => new("file", sentence);

    private static void RefuseOtherKind(FileKind kind, ChecklistFormat chosen, ChecklistFormat? guessed)
    {
        if (kind == FileKind.Empty)
        {
            throw Refused("The file is empty. Choose the file that holds the checklist.");
        }

        if (kind.Name.StartsWith("a text in", StringComparison.Ordinal))
        {
            throw Refused($"This is {kind.Name}. Save it as UTF-8 and import it again.");
        }

        // A JSON file with a comment before it, and a list that only looks like a page, are told by their format's own reader.
        var fits = chosen == ChecklistFormat.Xlsx ? kind.Extension == ".xlsx" : kind.IsText && kind.Name is "a text" or "a JSON file";
        fits &= chosen is not (ChecklistFormat.Markdown or ChecklistFormat.Csv or ChecklistFormat.AsvsCsv) || kind.Name != "a JSON file";
        if (!fits && !(chosen == ChecklistFormat.Markdown && kind.Name == "an HTML page" && guessed == ChecklistFormat.Markdown))
        {
            var instead = guessed is { } better && better != chosen ? $" It looks like {better.Label()}: choose that format." : "";
            throw Refused($"This is {kind.Name}, not {Said(chosen)}.{instead}");
        }
    }

    private static string Said(ChecklistFormat format) => format switch
    {
        ChecklistFormat.Markdown => "a Markdown checklist",
        ChecklistFormat.Csv => "a CSV checklist",
        ChecklistFormat.Xlsx => "an Excel workbook",
        ChecklistFormat.Vsaq => "a VSAQ questionnaire",
        ChecklistFormat.Azure => "an Azure review checklist",
        _ => "the ASVS as CSV",
    };
}
