namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Kinds of files that become a checklist.</summary>
public enum ChecklistFormat
{
    /// <summary>Task lists (<c>- [ ] …</c>) and tables in Markdown (CommonMark with the extensions of GitHub).</summary>
    Markdown,

    /// <summary>RFC 4180; the first line names the columns.</summary>
    Csv,

    /// <summary>A workbook; in each sheet one row names the columns.</summary>
    Xlsx,

    /// <summary>A questionnaire of Google's Vendor Security Assessment Questionnaire: JSON, with comments.</summary>
    Vsaq,

    /// <summary>A checklist of Azure's review checklists: JSON.</summary>
    Azure,

    /// <summary>OWASP Application Security Verification Standard as CSV.</summary>
    AsvsCsv,
}

/// <summary>Spells formats as the API does: "markdown", "asvs-csv".</summary>
public static class ChecklistFormatWords
{
    /// <summary>Every word, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<ChecklistFormat>().Select(Word)];

    /// <summary>The word for a format.</summary>
    public static string Word(this ChecklistFormat format) => Words.Of(format).Replace(' ', '-');

    /// <summary>What a person calls it.</summary>
    public static string Label(this ChecklistFormat format) => format switch
    {
        ChecklistFormat.Markdown => "Markdown task lists or tables",
        ChecklistFormat.Csv => "CSV",
        ChecklistFormat.Xlsx => "Excel workbook (XLSX)",
        ChecklistFormat.Vsaq => "VSAQ questionnaire",
        ChecklistFormat.Azure => "Azure review checklist",
        _ => "OWASP ASVS as CSV",
    };

    /// <summary>Reads a word; null when none was given.</summary>
    /// <exception cref="FieldsRefused">It is no format.</exception>
    public static ChecklistFormat? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return Words.TryParse<ChecklistFormat>(text, out var format)
            ? format
            : throw new FieldsRefused("format", $"“{(text.Length > 40 ? text[..40] + "…" : text)}” is not known here. Choose one of: {string.Join(", ", All)}.");
    }
}
