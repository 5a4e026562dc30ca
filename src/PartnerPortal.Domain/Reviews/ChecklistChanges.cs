namespace PartnerPortal.Domain.Reviews;

/// <summary>One difference between two states of a checklist.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="What">The item's question, the section's heading, or “Checklist”.</param>
/// <param name="Key">Key of the item; null for sections and the checklist itself.</param>
/// <param name="Fields">What of it is different; empty for added, removed and moved.</param>
public sealed record ChecklistChange(ChangeKind Kind, string What, string? Key, IReadOnlyList<FieldChange> Fields);

/// <summary>One field with both texts.</summary>
public sealed record FieldChange(string Field, string Before, string After);

/// <summary>What happened to a part of a checklist.</summary>
public enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Removed,

    /// <summary>It reads differently.</summary>
    Changed,

    /// <summary>It stands elsewhere.</summary>
    Moved,
}

/// <summary>Compares two states of a checklist, part by part; parts are told apart by their keys.</summary>
public static class ChecklistChanges
{
    /// <summary>What is different, in the order of the newer state; what was removed comes last.</summary>
    public static IReadOnlyList<ChecklistChange> Between(ChecklistDraft before, ChecklistDraft after)
    {
        List<ChecklistChange> changes = [];
        Compare(changes, "Checklist", null, DraftFields.Of(before), DraftFields.Of(after));
        var (oldSections, newSections) = (before.Sections.DistinctBy(s => s.Key).ToList(), after.Sections.DistinctBy(s => s.Key).ToList());
        var (oldItems, newItems) = (Items(before), Items(after));
        var sectionsStayed = Stayed([.. oldSections.Select(s => s.Key ?? "")], [.. newSections.Select(s => s.Key ?? "")]);
        foreach (var section in newSections)
        {
            Part(changes, section.Title ?? "", null, oldSections.Find(s => s.Key == section.Key), section, DraftFields.Of, () => !sectionsStayed.Contains(section.Key ?? ""));
            var inside = newItems.Where(i => i.Section == section.Key).Select(i => i.Item).ToList();
            var stayed = Stayed([.. oldItems.Where(i => i.Section == section.Key).Select(i => i.Item.Key ?? "")], [.. inside.Select(i => i.Key ?? "")]);
            foreach (var item in inside)
            {
                Part(changes, item.Question ?? "", item.Key, oldItems.Find(i => i.Item.Key == item.Key)?.Item, item, DraftFields.Of, () => !stayed.Contains(item.Key ?? ""));
            }
        }

        changes.AddRange(oldSections.Where(s => newSections.All(n => n.Key != s.Key)).Select(s => new ChecklistChange(ChangeKind.Removed, s.Title ?? "", null, [])));
        changes.AddRange(oldItems.Where(o => newItems.All(n => n.Item.Key != o.Item.Key)).Select(o => new ChecklistChange(ChangeKind.Removed, o.Item.Question ?? "", o.Item.Key, [])));
        return changes;
    }

    private static void Part<T>(List<ChecklistChange> changes, string what, string? key, T? before, T after, Func<T, IReadOnlyList<(string, string)>> fields, Func<bool> moved)
        where T : class
    {
        if (before is null)
        {
            changes.Add(new(ChangeKind.Added, what, key, []));
            return;
        }

        Compare(changes, what, key, fields(before), fields(after));
        if (moved())
        {
            changes.Add(new(ChangeKind.Moved, what, key, []));
        }
    }

    private static void Compare(List<ChecklistChange> changes, string what, string? key, IReadOnlyList<(string Field, string Text)> before, IReadOnlyList<(string Field, string Text)> after)
    {
        var fields = before.Zip(after).Where(p => p.First.Text != p.Second.Text).Select(p => new FieldChange(p.First.Field, p.First.Text, p.Second.Text)).ToList();
        if (fields.Count > 0)
        {
            changes.Add(new(ChangeKind.Changed, what, key, fields));
        }
    }

    private static List<Placed> Items(ChecklistDraft draft) =>
        [.. draft.Sections.SelectMany(s => s.Items.Select(i => new Placed(s.Key, i))).DistinctBy(p => p.Item.Key)];

    // What kept its order is the longest common part of both orders; only the rest was moved.
    private static HashSet<string> Stayed(List<string> before, List<string> after)
    {
        var lengths = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
            {
                lengths[i, j] = before[i] == after[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        HashSet<string> stayed = [];
        for (int i = 0, j = 0; i < before.Count && j < after.Count;)
        {
            if (before[i] == after[j])
            {
                stayed.Add(before[i]);
                (i, j) = (i + 1, j + 1);
            }
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return stayed;
    }

    private sealed record Placed(string? Section, ItemDraft Item);
}
