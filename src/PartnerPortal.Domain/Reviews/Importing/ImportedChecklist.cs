namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>What was understood of a file, and what was not.</summary>
/// <param name="Format">As what it was read.</param>
/// <param name="Draft">The checklist that it becomes; every rule of a checklist holds.</param>
/// <param name="Notes">What was left out or changed, in the order of the file.</param>
public sealed record ImportedChecklist(ChecklistFormat Format, ChecklistDraft Draft, IReadOnlyList<ImportNote> Notes)
{
    /// <summary>Items of all sections.</summary>
    public int Items => Draft.Sections.Sum(s => s.Items.Count);
}

/// <summary>Something that did not come over as it stood.</summary>
/// <param name="Place">Where: "line 12", "Sheet1!B4".</param>
/// <param name="Sentence">What happened to it.</param>
public sealed record ImportNote(string Place, string Sentence)
{
    /// <inheritdoc/>
    public override string ToString() => Place.Length == 0 ? Sentence : $"{Place}: {Sentence}";
}
