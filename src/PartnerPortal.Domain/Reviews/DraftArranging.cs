namespace PartnerPortal.Domain.Reviews;

/// <summary>Where an item stands in a draft, from 0.</summary>
/// <param name="Section">Which section.</param>
/// <param name="Item">Which item of it.</param>
public readonly record struct ItemPlace(int Section, int Item);

/// <summary>Adding, moving and removing sections and items of a draft. A draft never changes; each verb gives the next one.</summary>
public static class DraftArranging
{
    /// <summary>Where the item with this key stands; null when there is none.</summary>
    public static ItemPlace? PlaceOf(this ChecklistDraft draft, string? key)
    {
        for (var s = 0; s < draft.Sections.Count; s++)
        {
            var i = draft.Sections[s].Items.FindIndex(item => item.Key == key);
            if (i >= 0)
            {
                return new(s, i);
            }
        }

        return null;
    }

    /// <summary>The item at a place.</summary>
    public static ItemDraft At(this ChecklistDraft draft, ItemPlace place) => draft.Sections[place.Section].Items[place.Item];

    /// <summary>With another item at a place.</summary>
    public static ChecklistDraft With(this ChecklistDraft draft, ItemPlace place, ItemDraft item) =>
        draft.With(place.Section, s => s with { Items = [.. s.Items[..place.Item], item, .. s.Items[(place.Item + 1)..]] });

    /// <summary>With a section changed.</summary>
    public static ChecklistDraft With(this ChecklistDraft draft, int section, Func<SectionDraft, SectionDraft> change) =>
        draft with { Sections = [.. draft.Sections[..section], change(draft.Sections[section]), .. draft.Sections[(section + 1)..]] };

    /// <summary>With one section more; a place behind the last one is the end.</summary>
    public static ChecklistDraft Insert(this ChecklistDraft draft, int at, SectionDraft section)
    {
        at = Math.Clamp(at, 0, draft.Sections.Count);
        return draft with { Sections = [.. draft.Sections[..at], section, .. draft.Sections[at..]] };
    }

    /// <summary>With one item more; a place behind the last one is the end of its section.</summary>
    public static ChecklistDraft Insert(this ChecklistDraft draft, ItemPlace place, ItemDraft item) => draft.With(place.Section, s =>
    {
        var at = Math.Clamp(place.Item, 0, s.Items.Count);
        return s with { Items = [.. s.Items[..at], item, .. s.Items[at..]] };
    });

    /// <summary>Without a section and its items.</summary>
    public static ChecklistDraft Remove(this ChecklistDraft draft, int section) =>
        draft with { Sections = [.. draft.Sections[..section], .. draft.Sections[(section + 1)..]] };

    /// <summary>Without an item.</summary>
    public static ChecklistDraft Remove(this ChecklistDraft draft, ItemPlace place) =>
        draft.With(place.Section, s => s with { Items = [.. s.Items[..place.Item], .. s.Items[(place.Item + 1)..]] });

    /// <summary>With a section one place up (-1) or down (1); the same at either end.</summary>
    public static ChecklistDraft Move(this ChecklistDraft draft, int section, int by)
    {
        var to = section + by;
        return to < 0 || to >= draft.Sections.Count ? draft : draft.Remove(section).Insert(to, draft.Sections[section]);
    }

    /// <summary>With an item one place up (-1) or down (1). At the edge of its section it goes over into the next one; at either end of the checklist it stays.</summary>
    public static (ChecklistDraft Draft, ItemPlace Place) Move(this ChecklistDraft draft, ItemPlace place, int by)
    {
        var to = place with { Item = place.Item + by };
        if (to.Item < 0 || to.Item >= draft.Sections[place.Section].Items.Count)
        {
            var section = place.Section + by;
            if (section < 0 || section >= draft.Sections.Count)
            {
                return (draft, place);
            }

            to = new(section, by < 0 ? draft.Sections[section].Items.Count : 0);
        }

        return (draft.Remove(place).Insert(to, draft.At(place)), to);
    }

    /// <summary>With an item at the end of another section.</summary>
    public static (ChecklistDraft Draft, ItemPlace Place) MoveTo(this ChecklistDraft draft, ItemPlace place, int section)
    {
        if (section == place.Section)
        {
            return (draft, place);
        }

        var to = new ItemPlace(section, draft.Sections[section].Items.Count);
        return (draft.Remove(place).Insert(to, draft.At(place)), to);
    }

    /// <summary>A key that nothing in the draft has yet, made of a text.</summary>
    public static string FreeKey(this ChecklistDraft draft, string? text, string otherwise)
    {
        var taken = draft.Sections.SelectMany(s => s.Items.Select(i => i.Key).Append(s.Key)).ToHashSet();
        var key = Partners.Slug.From(text ?? "", otherwise);
        return !taken.Contains(key) ? key : Enumerable.Range(2, taken.Count + 1).Select(n => Numbered(key, n)).First(k => !taken.Contains(k));
    }

    private static string Numbered(string key, int number) => $"{(key.Length > Partners.Slug.Longest - 5 ? key[..(Partners.Slug.Longest - 5)].TrimEnd('-') : key)}-{number}";
}
