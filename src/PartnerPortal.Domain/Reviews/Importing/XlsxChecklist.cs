using ClosedXML.Excel;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>A workbook: every sheet in which a row names the columns.</summary>
internal static class XlsxChecklist
{
    public static ImportedChecklist Read(byte[] bytes, string? name)
    {
        using var workbook = Workbook.Open(bytes);
        var list = new ChecklistBuilder();
        var sheets = workbook.Worksheets.Where(s => s.Visibility == XLWorksheetVisibility.Visible).ToList();
        foreach (var sheet in sheets)
        {
            if (sheets.Count > 1)
            {
                list.Section(sheet.Name);
            }

            if (!TableChecklist.Take(list, Workbook.Rows(sheet)))
            {
                list.Note(sheet.Name, "In this sheet no row names a column for the question, so it was left out.");
            }
        }

        return list.Whole(ChecklistFormat.Xlsx, name, "No sheet holds an item. In one row there must be the names of the columns, one of them “question”, and below it the items.");
    }
}
