using System.Globalization;
using System.IO.Compression;
using ClosedXML.Excel;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Opens workbooks that strangers send: bounded in memory, formulas never computed.</summary>
public static class Workbook
{
    private const int MostUnpacked = 60_000_000;
    private const int MostRows = 5000;
    private const int MostColumns = 60;

    /// <summary>Opens a workbook.</summary>
    /// <exception cref="FieldsRefused">It is none, is damaged or protected, or unpacks to far more than it should.</exception>
    public static XLWorkbook Open(byte[] bytes)
    {
        if (FileKind.Of(bytes) is { Extension: not ".xlsx" } other)
        {
            throw new FieldsRefused("file", $"This is {other.Name}, not an Excel workbook.");
        }

        RefuseBombs(bytes);
        try
        {
            return new XLWorkbook(new MemoryStream(bytes), XLEventTracking.Disabled);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library throws whatever its parts throw; all of it means the same to whoever sent the file.
            throw new FieldsRefused("file", "This Excel workbook is damaged or protected and cannot be opened. Save it again without a password.");
        }
    }

    /// <summary>The cells of a sheet as text: what was stored of a formula's result, never the formula.</summary>
    internal static Grid Rows(IXLWorksheet sheet)
    {
        var used = sheet.RangeUsed();
        if (used is null)
        {
            return new([]);
        }

        var (last, columns) = (Math.Min(used.LastRow().RowNumber(), MostRows), Math.Min(used.LastColumn().ColumnNumber(), MostColumns));
        return new([.. Enumerable.Range(1, last).Select(r => new GridRow(
            string.Create(CultureInfo.InvariantCulture, $"{sheet.Name}, row {r}"),
            [.. Enumerable.Range(1, columns).Select(c => Text(sheet.Cell(r, c)))]))]);
    }

    /// <summary>A cell as text.</summary>
    public static string Text(IXLCell cell)
    {
        if (cell.HasFormula)
        {
            return cell.CachedValue?.ToString() ?? "";
        }

        return cell.DataType == XLDataType.DateTime
            ? cell.GetDateTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : cell.DataType == XLDataType.Number ? cell.GetDouble().ToString("0.############", CultureInfo.InvariantCulture) : cell.GetString();
    }

    private static void RefuseBombs(byte[] bytes)
    {
        var refused = new FieldsRefused("file", "This workbook unpacks to more than a checklist needs. Leave out pictures and other sheets.");
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            var piece = new byte[64 * 1024];
            var total = 0L;
            foreach (var entry in zip.Entries)
            {
                using var content = entry.Open();
                for (int read; (read = content.Read(piece)) > 0;)
                {
                    if ((total += read) > MostUnpacked)
                    {
                        throw refused;
                    }
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new FieldsRefused("file", "This Excel workbook is damaged and cannot be opened. Save it again.");
        }
    }
}
