using System.Globalization;

namespace PartnerPortal.Domain.Reviews;

/// <summary>The fields of a draft as people read them. What is absent reads as what it means, so that two drafts which mean the same read the same.</summary>
public static class DraftFields
{
    /// <summary>Fields of the checklist itself.</summary>
    public static IReadOnlyList<(string Field, string Text)> Of(ChecklistDraft draft) =>
    [
        ("Title", Clean(draft.Title)),
        ("Purpose", Clean(draft.Purpose)),
        ("Proves", Clean(draft.Proves)),
        ("Levels", draft.Scale is { } scale ? $"{Clean(scale.Item)}: {string.Join(", ", scale.Levels.Select(l => $"{Clean(l.Name)} from {Figure(l.From ?? 0)} ({Clean(l.About)})"))}" : ""),
    ];

    /// <summary>Fields of a section, without its items.</summary>
    public static IReadOnlyList<(string Field, string Text)> Of(SectionDraft draft) => [("Heading", Clean(draft.Title)), ("About", Clean(draft.About))];

    /// <summary>Fields of an item.</summary>
    public static IReadOnlyList<(string Field, string Text)> Of(ItemDraft draft)
    {
        var kind = ItemKindWords.TryParse(draft.Kind, out var known) ? known : ItemKind.YesNo;
        return
        [
            ("Question", Clean(draft.Question)),
            ("Why it matters", Clean(draft.Why)),
            ("A good answer", Clean(draft.Good)),
            ("Who answers", Clean(draft.Who) is { Length: > 0 } who ? who : Words.Of(Answerer.Both)),
            ("Severity", Clean(draft.Severity) is { Length: > 0 } severity ? severity : Words.Of(Severity.Major)),
            ("Kind", kind.Word()),
            ("Unit", Clean(draft.Unit)),
            ("Options", kind is ItemKind.SingleChoice or ItemKind.SeveralChoices ? string.Join("\n", (draft.Options ?? []).Select(Clean)) : ""),
            ("Phase", Clean(draft.Phase) is { Length: > 0 } phase ? phase : Words.Of(Phase.BeforeContract)),
            ("Shown when", Clean(draft.ShownWhen)),
            ("Fresh for days", draft.FreshForDays is { } days ? Figure(days) : ""),
            ("Evidence", draft.EvidenceRequired == true ? "required" : ""),
            ("Tiers", draft.Tiers is { Count: > 0 } tiers ? string.Join(", ", tiers) : "all"),
            ("Level", Clean(draft.Level)),
            ("Target", kind == ItemKind.Target ? Target(draft.Target ?? new()) : ""),
        ];
    }

    private static string Target(TargetTermsDraft target)
    {
        var comparator = ComparatorSigns.TryParse(target.Comparator, out var known) ? known : Comparator.AtMost;
        var side = Clean(target.BoundSide) is { Length: > 0 } bound ? bound : Words.Of(Side.Partner);
        var percentile = target.Percentile is { } p ? $", p{p.ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{Clean(target.Subject)} {comparator.Sign()}, kept by {side}{percentile}{(Clean(target.Window) is { Length: > 0 } window ? ", over " + window : "")}";
    }

    private static string Clean(string? text) => text?.Trim() ?? "";

    private static string Figure(decimal figure) => figure.ToString("0.#####", CultureInfo.InvariantCulture);
}
