using System.Text;
using CsvHelper;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Web.Partners;

/// <summary>What an import did, or would do.</summary>
public sealed record ImportAnswer(int New, int Changed, int Same, int Refused, IReadOnlyList<ImportRow> Rows)
{
    /// <summary>Counts the fates.</summary>
    public static ImportAnswer Of(IReadOnlyList<ImportRow> rows) =>
        new(Count(rows, ImportFate.New), Count(rows, ImportFate.Changed), Count(rows, ImportFate.Same), Count(rows, ImportFate.Refused), rows);

    private static int Count(IReadOnlyList<ImportRow> rows, ImportFate fate) => rows.Count(r => r.Fate == fate);
}

/// <summary>Partners as CSV (RFC 4180, UTF-8): what the list exports, the import takes back.</summary>
public static class PartnerCsv
{
    /// <summary>The columns; only name is needed.</summary>
    public static readonly string[] Columns = ["slug", "name", "summary", "owner", "tier", "stage", "criticality", "tags"];

    // A cell that a spreadsheet would run as a formula is written as text.
    private static readonly CsvWriterOptions Writing = new() { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <summary>Writes every partner that the filter finds.</summary>
    public static async Task WriteAsync(PartnerListStore store, PartnerFilter filter, Stream body, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(body, Writing, leaveOpen: true);
        csv.WriteRecord(Columns);
        PartnerRow? last = null;
        do
        {
            var rows = await store.AfterAsync(filter, PartnerSort.Name, last is null ? null : PartnerListStore.PlaceOf(last), 200, cancel);
            foreach (var row in rows)
            {
                csv.WriteRecord([row.Slug, row.Name, row.Summary, row.Owner, Words.Of(row.Tier), Words.Of(row.Stage), Words.Of(row.Criticality), string.Join(';', row.Tags)]);
            }

            await csv.FlushAsync(cancel);
            last = rows.Count == 200 ? rows[^1] : null;
        }
        while (last is not null);
    }

    /// <summary>Reads a file; columns may come in any order, unknown ones are left aside.</summary>
    /// <exception cref="FieldsRefused">The file is no CSV, or it has no column called name.</exception>
    public static async Task<IReadOnlyList<PartnerImportLine>> ReadAsync(Stream body, CancellationToken cancel)
    {
        using var reader = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            var text = await reader.ReadToEndAsync(cancel);
            var first = text.Split('\n', 2)[0];
            var separator = first.Contains(';', StringComparison.Ordinal) && !first.Contains(',', StringComparison.Ordinal) ? ';' : ',';
            using var csv = CsvReader.Create(new StringReader(text), new CsvReaderOptions { Separator = separator, TrackLineNumbers = true });
            csv.ReadHeader();
            var columns = csv.Headers.Select((name, index) => (Name: Plain(name), index)).Where(c => c.Name.Length > 0).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.index);
            if (!columns.ContainsKey("name"))
            {
                throw new FieldsRefused("file", $"The first line must name the columns, and one of them must be “name”. Known are: {string.Join(", ", Columns)}.");
            }

            List<PartnerImportLine> lines = [];
            while (csv.Read())
            {
                cancel.ThrowIfCancellationRequested();
                string? Cell(string column) => columns.TryGetValue(column, out var at) && at < csv.FieldCount ? Unescape(csv.GetString(at)) : null;
                lines.Add(new((int)csv.LineNumber, Draft(Cell, separator), Cell("stage"), Cell("criticality")));
            }

            return lines;
        }
        catch (CsvFormatException e)
        {
            throw new FieldsRefused("file", $"The file cannot be read as CSV: {e.Message} Check its quotation marks.");
        }
        catch (DecoderFallbackException)
        {
            throw new FieldsRefused("file", "The file is not UTF-8 text. Save it as “CSV UTF-8”.");
        }
    }

    private static string Plain(string header) => new([.. header.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static PartnerDraft Draft(Func<string, string?> cell, char separator) => new(
        cell("name") ?? "", cell("slug"), cell("summary"), cell("owner"), cell("deputy"), cell("tier"),
        cell("tags")?.Split(separator == ';' ? [',', '|'] : [';', ',', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        MailAddress: cell("mailaddress"));

    // A cell that was escaped for spreadsheets comes back as it was.
    private static string? Unescape(string text) => string.IsNullOrWhiteSpace(text) ? null
        : text.Trim() is ['\'', '=' or '+' or '-' or '@', ..] escaped ? escaped[1..]
        : text.Trim();
}
