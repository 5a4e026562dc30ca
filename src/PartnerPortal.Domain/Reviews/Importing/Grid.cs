using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Rows of cells, from whichever file.</summary>
/// <param name="Rows">The first that matters names the columns.</param>
internal sealed record Grid(IReadOnlyList<GridRow> Rows);

/// <summary>A row.</summary>
/// <param name="Place">Where it stands: "line 12", "Sheet1, row 4".</param>
/// <param name="Cells">Its cells, as text.</param>
internal sealed record GridRow(string Place, IReadOnlyList<string> Cells)
{
    public IReadOnlyList<IReadOnlyList<string>> Links { get; init; } = [];

    public string this[int column] => column < Cells.Count ? Cells[column].Trim() : "";
}

internal static class MarkdownGrid
{
    public static Grid Of(Table table) => new([.. table.OfType<TableRow>().Select(row =>
    {
        var cells = row.OfType<TableCell>().Select(c => c.Descendants<ParagraphBlock>().Select(MarkdownText.Of).ToList()).ToList();
        return new GridRow(
            string.Create(CultureInfo.InvariantCulture, $"line {row.Line + 1}"),
            [.. cells.Select(c => string.Join(' ', c.Select(t => t.Text)))])
        {
            Links = [.. cells.Select(c => (IReadOnlyList<string>)[.. c.SelectMany(t => t.Links)])],
        };
    })]);
}
