using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>One item in two reviews; the item or the answer of a side is null where that side has none.</summary>
public sealed record ComparedItem(string Key, string Question, ComparedSide? A, ComparedSide? B)
{
    /// <summary>Whether the sides differ in state, value, comment or evidence, or only one has the item.</summary>
    public bool Differs => A is null || B is null || A.State != B.State || A.Value != B.Value || A.Comment != B.Comment || !A.Evidence.SequenceEqual(B.Evidence);
}

/// <summary>What one review says about an item.</summary>
public sealed record ComparedSide(AnswerState State, string? Value, string Comment, IReadOnlyList<string> Evidence, string Unit);

/// <summary>Items of one section of the first review; those that only the second has stand in sections behind them.</summary>
public sealed record ComparedSection(string Title, IReadOnlyList<ComparedItem> Items);

/// <summary>Two reviews side by side, their items matched by key.</summary>
public static class ReviewComparison
{
    /// <summary>Lays two reviews side by side, in the order of the first.</summary>
    public static IReadOnlyList<ComparedSection> Of(ReviewSheet a, ReviewSheet b)
    {
        var known = a.Checklist.Items.Select(i => i.Key).ToHashSet();
        return
        [
            .. a.Checklist.Sections.Select(s => new ComparedSection(s.Title, [.. s.Items.Select(i => Item(i, a, b))])),
            .. b.Checklist.Sections
                .Select(s => new ComparedSection(s.Title, [.. s.Items.Where(i => !known.Contains(i.Key)).Select(i => Item(i, a, b))]))
                .Where(s => s.Items.Count > 0),
        ];
    }

    private static ComparedItem Item(ChecklistItem item, ReviewSheet a, ReviewSheet b) => new(item.Key, item.Question, Side(a, item.Key), Side(b, item.Key));

    private static ComparedSide? Side(ReviewSheet sheet, string key) => sheet.Checklist.Find(key) is not { } item ? null
        : sheet.AnswerTo(key) is { } answer ? new(sheet.StateOf(key), answer.Value, answer.Comment, answer.Evidence, item.Unit)
        : new(sheet.StateOf(key), null, "", [], item.Unit);
}
