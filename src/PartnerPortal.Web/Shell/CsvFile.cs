using System.Globalization;
using CsvHelper;

namespace PartnerPortal.Web.Shell;

/// <summary>A list as a CSV file (RFC 4180) with a byte order mark, so that spreadsheets read it as UTF-8.</summary>
public static class CsvFile
{
    /// <summary>The answer of an export endpoint.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="columns">The header.</param>
    /// <param name="rows">One row a line; times as <see cref="Time"/> writes them.</param>
    public static IResult Answer(string name, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        // What begins like a formula is marked as text, so that opening the file never runs anything.
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, new CsvWriterOptions { Injection = CsvInjection.Escape, WriteByteOrderMark = true }, leaveOpen: true))
        {
            csv.WriteRecord([.. columns]);
            foreach (var row in rows)
            {
                csv.WriteRecord([.. row]);
            }
        }

        return Results.File(bytes.ToArray(), "text/csv; charset=utf-8", name);
    }

    /// <summary>An instant in UTC; empty when there is none.</summary>
    public static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
