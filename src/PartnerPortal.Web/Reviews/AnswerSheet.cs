using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClosedXML.Excel;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A review as a workbook that somebody fills in: one row an item, its state as a drop-down; key, version and a mark of what was said stand in hidden columns.</summary>
public static class AnswerSheet
{
    internal const string Review = "Review", Key = "Key", Version = "Version", Mark = "Mark";
    internal const string State = "State", Value = "Answer", Comment = "Comment", Evidence = "Evidence";
    private const int HeadRow = 4;
    private static readonly string[] Columns = [Review, Key, Version, Mark, "Section", "Question", "Why it matters", "A good answer", "Who answers", "Severity", State, Value, "Unit", Comment, Evidence];
    private static readonly double[] Widths = [4, 4, 4, 4, 22, 44, 36, 36, 12, 10, 15, 24, 9, 44, 36];

    /// <summary>The states that a person may choose.</summary>
    public static IReadOnlyList<string> States { get; } = [.. new[] { AnswerState.NotAnswered, AnswerState.Passed, AnswerState.Failed, AnswerState.Warning, AnswerState.NotApplicable }.Select(Words.Of)];

    /// <summary>Writes the workbook.</summary>
    /// <param name="sheet">The review.</param>
    /// <param name="partnerOnly">Only what the partner answers, without our severities.</param>
    public static byte[] Write(ReviewSheet sheet, bool partnerOnly)
    {
        using var book = new XLWorkbook();
        var page = book.AddWorksheet("Answers");
        Put(page.Cell(1, 5), $"{sheet.Review.Title}: {sheet.PartnerName}").Style.Font.SetBold().Font.SetFontSize(14);
        Put(page.Cell(2, 5), "Fill in state, answer, comment and evidence (web addresses, one a line). A pass that stops everything and “not applicable” need a comment or evidence. Then send the file back.");
        for (var column = 1; column <= Columns.Length; column++)
        {
            page.Column(column).Width = Widths[column - 1];
            Put(page.Cell(HeadRow, column), Columns[column - 1]).Style.Font.SetBold().Fill.SetBackgroundColor(XLColor.FromHtml("#EEECFB")).Border.SetBottomBorder(XLBorderStyleValues.Thin);
        }

        var row = HeadRow;
        foreach (var section in sheet.Checklist.Sections)
        {
            foreach (var item in section.Items.Where(i => sheet.Standings[i.Key].Asked && (!partnerOnly || i.Who != Answerer.Us)))
            {
                Write(page, ++row, sheet.Review.Id, section.Title, item, sheet.AnswerTo(item.Key), partnerOnly);
            }
        }

        Finish(page, row, partnerOnly);
        using var stream = new MemoryStream();
        book.SaveAs(stream);
        return stream.ToArray();
    }

    /// <summary>A mark of what is said, to tell rows that were filled in from rows that stand as they were exported.</summary>
    internal static string MarkOf(string state, string value, string comment, string evidence) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', new[] { state, value, comment, evidence }.Select(Flat)))))[..16];

    /// <summary>The line breaks of spreadsheets differ; texts do not.</summary>
    internal static string Flat(string text) => text.ReplaceLineEndings("\n").Replace("_x000D_", "", StringComparison.Ordinal).Trim();

    private static void Write(IXLWorksheet page, int row, Guid review, string section, ChecklistItem item, Answer? answer, bool partnerOnly)
    {
        var state = Words.Of(answer?.State is AnswerState.InError or AnswerState.Stale ? AnswerState.NotAnswered : answer?.State ?? AnswerState.NotAnswered);
        var (value, comment, evidence) = (answer?.Value ?? "", answer?.Comment ?? "", string.Join('\n', answer?.Evidence ?? []));
        string[] cells =
        [
            review.ToString(), item.Key, (answer?.Version ?? Answer.Untouched).ToString(CultureInfo.InvariantCulture), MarkOf(state, value, comment, evidence),
            section, item.Question, item.Why, item.Good, item.Who switch { Answerer.Us => "us", Answerer.Partner => "the partner", _ => "both sides" }, partnerOnly ? "" : Words.Of(item.Severity),
            state, value, item.Unit, comment, evidence,
        ];
        for (var column = 0; column < cells.Length; column++)
        {
            Put(page.Cell(row, column + 1), cells[column]);
        }

        page.Range(row, 11, row, 11).SetDataValidation().List($"\"{string.Join(',', States)}\"", true);
        var options = string.Join(',', item.Options);
        if (item.Kind == ItemKind.SingleChoice && options.Length < 250 && item.Options.All(o => !o.Contains(',', StringComparison.Ordinal) && !o.Contains('"', StringComparison.Ordinal)))
        {
            page.Range(row, 12, row, 12).SetDataValidation().List($"\"{options}\"", true);
        }
    }

    // Every cell is text: what begins like a formula is shown, never computed.
    private static IXLCell Put(IXLCell cell, string text)
    {
        cell.Style.NumberFormat.Format = "@";
        cell.SetValue(text);
        cell.DataType = XLDataType.Text;
        cell.Style.IncludeQuotePrefix = text is ['=' or '+' or '-' or '@' or '\t', ..];
        return cell;
    }

    private static void Finish(IXLWorksheet page, int last, bool partnerOnly)
    {
        var table = page.Range(HeadRow, 1, Math.Max(last, HeadRow + 1), Columns.Length);
        table.Style.Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Top).Border.SetInsideBorder(XLBorderStyleValues.Hair).Border.SetInsideBorderColor(XLColor.LightGray);
        foreach (var column in (int[])[11, 12, 14, 15])
        {
            page.Range(HeadRow + 1, column, Math.Max(last, HeadRow + 1), column).Style.Fill.SetBackgroundColor(XLColor.FromHtml("#FFFBE8"));
        }

        page.Columns(1, 4).Hide();
        if (partnerOnly)
        {
            page.Column(10).Hide();
        }

        page.SheetView.Freeze(HeadRow, 6);
        page.PageSetup.PageOrientation = XLPageOrientation.Landscape;
        page.PageSetup.FitToPages(1, 0);
        page.PageSetup.SetRowsToRepeatAtTop(HeadRow, HeadRow);
    }
}
