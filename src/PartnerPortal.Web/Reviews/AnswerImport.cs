using System.Globalization;
using ClosedXML.Excel;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Domain.Reviews.Importing;

namespace PartnerPortal.Web.Reviews;

/// <summary>What becomes of a row of a filled-in workbook.</summary>
public enum AnswerFate
{
    /// <summary>It changes the answer.</summary>
    Changes,

    /// <summary>It was changed.</summary>
    Changed,

    /// <summary>Somebody answered otherwise since the workbook was made; the answer here stays.</summary>
    Conflict,

    /// <summary>It cannot be accepted.</summary>
    Refused,
}

/// <summary>A row that says something else than the portal.</summary>
/// <param name="Place">Where it stands: "row 7".</param>
/// <param name="Key">The item.</param>
/// <param name="Question">Its question.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Reason">Why it does not change the answer; null when it does.</param>
/// <param name="Before">What stands here.</param>
/// <param name="After">What the row says.</param>
/// <param name="Version">The version that the row was made from.</param>
public sealed record AnswerRow(string Place, string Key, string Question, AnswerFate Fate, string? Reason, AnswerDraft Before, AnswerDraft After, int Version);

/// <summary>Answers out of a workbook that somebody filled in: shown first, then saved one by one in the name of who brings it.</summary>
public sealed class AnswerImport(ReviewStore reviews)
{
    /// <summary>Rows that say something else than the review does now. Rows that stand as they were exported say nothing.</summary>
    /// <exception cref="FieldsRefused">It is no such workbook, or one of another review.</exception>
    public async Task<IReadOnlyList<AnswerRow>> PreviewAsync(Guid review, byte[] workbook, Actor by, CancellationToken cancel)
    {
        var sheet = await reviews.GetAsync(review, by, cancel);
        return [.. AnswerRows.Read(workbook, review).Select(r => Compare(r, sheet, by)).OfType<AnswerRow>()];
    }

    /// <summary>Saves every row that changes something; each row tells what became of it.</summary>
    public async Task<IReadOnlyList<AnswerRow>> ImportAsync(Guid review, byte[] workbook, Actor by, CancellationToken cancel)
    {
        List<AnswerRow> done = [];
        foreach (var row in await PreviewAsync(review, workbook, by, cancel))
        {
            done.Add(row.Fate == AnswerFate.Changes ? await SaveAsync(review, row, by, cancel) : row);
        }

        return done;
    }

    private async Task<AnswerRow> SaveAsync(Guid review, AnswerRow row, Actor by, CancellationToken cancel)
    {
        try
        {
            await reviews.AnswerAsync(review, row.Key, row.After, row.Version, by, cancel);
            return row with { Fate = AnswerFate.Changed };
        }
        catch (ChangedMeanwhile)
        {
            return row with { Fate = AnswerFate.Conflict, Reason = Moved };
        }
        catch (Exception e) when (e is FieldsRefused or RuleBroken or NotThere)
        {
            return row with { Fate = AnswerFate.Refused, Reason = e.Message };
        }
    }

    private const string Moved = "Somebody answered this since the workbook was made. What stands here stays; open the item to bring both together.";

    private static AnswerRow? Compare(FilledRow row, ReviewSheet sheet, Actor by)
    {
        var item = sheet.Checklist.Find(row.Key);
        if (item is null || (item.Who == Answerer.Us && !by.May(Right.AnswerReviews)))
        {
            return new(row.Place, row.Key, row.Key, AnswerFate.Refused, "There is no such item in this review.", new(null), row.Draft, row.Version);
        }

        if (row.Untouched)
        {
            return null;
        }

        var answer = sheet.AnswerTo(row.Key);
        var before = new AnswerDraft(Words.Of(answer?.State ?? AnswerState.NotAnswered), answer?.Value, answer?.Comment ?? "", answer?.Evidence ?? []);
        if (Same(before, row.Draft))
        {
            return null;
        }

        var (fate, reason) = !Words.TryParse<AnswerState>(row.Draft.State, out _) ? (AnswerFate.Refused, $"“{row.Draft.State}” is not a state. Choose one of: {string.Join(", ", AnswerSheet.States)}.")
            : row.Version != (answer?.Version ?? Answer.Untouched) ? (AnswerFate.Conflict, Moved)
            : sheet.Review.Decision is not null ? (AnswerFate.Refused, "This review is concluded and can no longer be changed.")
            : (AnswerFate.Changes, (string?)null);
        return new(row.Place, row.Key, item.Question, fate, reason, before, row.Draft, row.Version);
    }

    private static bool Same(AnswerDraft a, AnswerDraft b) =>
        string.Equals(a.State, b.State, StringComparison.OrdinalIgnoreCase) && AnswerSheet.Flat(a.Value ?? "") == AnswerSheet.Flat(b.Value ?? "")
        && AnswerSheet.Flat(a.Comment ?? "") == AnswerSheet.Flat(b.Comment ?? "") && (a.Evidence ?? []).SequenceEqual(b.Evidence ?? []);
}

/// <summary>A row as it was filled in.</summary>
internal sealed record FilledRow(string Place, string Key, int Version, AnswerDraft Draft, bool Untouched);

/// <summary>Reads the rows of a workbook by the names of its columns, so that these may be moved.</summary>
internal static class AnswerRows
{
    private const int MostRows = 2000;

    public static IReadOnlyList<FilledRow> Read(byte[] bytes, Guid review)
    {
        using var book = Workbook.Open(bytes);
        foreach (var page in book.Worksheets)
        {
            var last = Math.Min(page.LastRowUsed()?.RowNumber() ?? 0, MostRows);
            for (var head = 1; head <= Math.Min(last, 20); head++)
            {
                var columns = page.Row(head).CellsUsed().GroupBy(c => Workbook.Text(c).Trim()).ToDictionary(g => g.Key, g => g.First().Address.ColumnNumber);
                if (columns.ContainsKey(AnswerSheet.Key) && columns.ContainsKey(AnswerSheet.State) && columns.ContainsKey(AnswerSheet.Version))
                {
                    return [.. Enumerable.Range(head + 1, Math.Max(last - head, 0)).Select(row => Row(page, row, columns, review)).OfType<FilledRow>()];
                }
            }
        }

        throw new FieldsRefused("file", "This workbook is not one that was exported from a review: the hidden columns with the keys of the items are missing. Export the review as XLSX and fill that in.");
    }

    private static FilledRow? Row(IXLWorksheet page, int row, Dictionary<string, int> columns, Guid review)
    {
        string Cell(string name) => columns.TryGetValue(name, out var column) ? AnswerSheet.Flat(Workbook.Text(page.Cell(row, column))) : "";
        var key = Cell(AnswerSheet.Key);
        if (key.Length == 0)
        {
            return null;
        }

        var place = string.Create(CultureInfo.InvariantCulture, $"row {row}");
        if (Cell(AnswerSheet.Review) != review.ToString())
        {
            throw new FieldsRefused("file", $"This workbook belongs to another review ({place}). Open that review and import it there.");
        }

        var (state, value, comment, evidence) = (Cell(AnswerSheet.State), Cell(AnswerSheet.Value), Cell(AnswerSheet.Comment), Cell(AnswerSheet.Evidence));
        state = state.Length == 0 ? Words.Of(AnswerState.NotAnswered) : state.ToLowerInvariant();
        var links = evidence.Split(['\n', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(
            place, key, int.TryParse(Cell(AnswerSheet.Version), CultureInfo.InvariantCulture, out var version) ? version : 0,
            new(state, value.Length == 0 ? null : value, comment, links), Cell(AnswerSheet.Mark) == AnswerSheet.MarkOf(state, value, comment, evidence));
    }
}
