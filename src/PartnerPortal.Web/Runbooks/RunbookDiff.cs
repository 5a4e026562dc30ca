using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Runbooks;

/// <summary>What happened to a line.</summary>
public enum DiffKind
{
    /// <summary>It is in both versions.</summary>
    Same,

    /// <summary>Only the newer one has it.</summary>
    Added,

    /// <summary>Only the older one has it.</summary>
    Removed,
}

/// <summary>A piece of a line; changed pieces stand out.</summary>
public sealed record DiffPiece(string Text, bool Changed);

/// <summary>One line of one version.</summary>
/// <param name="Number">Its number there, from 1.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="Pieces">Its text.</param>
public sealed record DiffLine(int Number, DiffKind Kind, IReadOnlyList<DiffPiece> Pieces);

/// <summary>Two lines that stand beside each other; null where one version has none.</summary>
public sealed record DiffRow(DiffLine? Old, DiffLine? New);

/// <summary>What changed between two versions.</summary>
/// <param name="From">Number of the older.</param>
/// <param name="To">Number of the newer.</param>
/// <param name="Added">Lines that only the newer has.</param>
/// <param name="Removed">Lines that only the older has.</param>
/// <param name="Rows">All lines, side by side.</param>
public sealed record RunbookDiff(int From, int To, int Added, int Removed, IReadOnlyList<DiffRow> Rows)
{
    /// <summary>The difference between two versions' texts.</summary>
    public static RunbookDiff Between(RunbookVersion from, RunbookVersion to) => Between(from.Text, to.Text, from.Number, to.Number);

    /// <summary>The difference between two texts.</summary>
    public static RunbookDiff Between(string from, string to, int older, int newer)
    {
        var model = SideBySideDiffBuilder.Diff(from, to, ignoreWhiteSpace: false);
        var rows = model.OldText.Lines.Zip(model.NewText.Lines, (o, n) => new DiffRow(Line(o, DiffKind.Removed), Line(n, DiffKind.Added))).ToList();
        return new(older, newer, rows.Count(r => r.New?.Kind == DiffKind.Added), rows.Count(r => r.Old?.Kind == DiffKind.Removed), rows);
    }

    private static DiffLine? Line(DiffPlex.DiffBuilder.Model.DiffPiece line, DiffKind changed) => line switch
    {
        { Type: ChangeType.Imaginary } => null,
        { Type: ChangeType.Unchanged } => new(line.Position ?? 0, DiffKind.Same, [new(line.Text ?? "", false)]),
        { SubPieces.Count: > 0 } => new(line.Position ?? 0, changed, [.. line.SubPieces.Where(p => p.Type != ChangeType.Imaginary).Select(p => new DiffPiece(p.Text ?? "", p.Type != ChangeType.Unchanged))]),
        _ => new(line.Position ?? 0, changed, [new(line.Text ?? "", false)]),
    };
}
