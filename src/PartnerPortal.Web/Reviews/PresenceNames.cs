using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Reviews;

/// <summary>How people on a page are named: a guest to us as the partner's engineer; one of ours to a guest as the company.</summary>
public static class PresenceNames
{
    /// <summary>Somebody as they are shown.</summary>
    /// <param name="Key">Tells them apart in a list.</param>
    /// <param name="Name">What to show.</param>
    /// <param name="Item">In which item they are.</param>
    public sealed record Shown(string Key, string Name, string? Item);

    /// <summary>One line a person and item; several pages of one person in the same place are one.</summary>
    /// <param name="present">Who is there.</param>
    /// <param name="company">For a guest's eyes: how our side is called. Null for our own.</param>
    public static IReadOnlyList<Shown> Of(IReadOnlyList<PresentPerson> present, string? company)
    {
        List<Shown> shown =
        [
            .. present.Select(p => company is not null && p.PartnerId is null
                ? new Shown($"{company} {p.Item}", company, p.Item)
                : new Shown($"{p.PersonId} {p.Item}", company is null && p.PartnerId is not null ? p.Name + " (partner’s engineer)" : p.Name, p.Item)).DistinctBy(s => s.Key),
        ];

        // Who is in an answer need not also be said to be here.
        return [.. shown.Where(s => s.Item is not null || !shown.Exists(o => o.Name == s.Name && o.Item is not null))];
    }

    /// <summary>One or two letters for a small picture.</summary>
    public static string Initials(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => char.IsLetterOrDigit(w[0])).Take(2).ToList();
        return words.Count == 0 ? "?" : string.Concat(words.Select(w => char.ToUpperInvariant(w[0])));
    }
}
