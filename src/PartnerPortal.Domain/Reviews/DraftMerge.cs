namespace PartnerPortal.Domain.Reviews;

/// <summary>Puts together what two people made of one draft. Parts that only one of them touched are taken from that one.</summary>
/// <param name="Merged">Both people's work; null when they touched the same part differently.</param>
/// <param name="Contested">The parts that both touched, as people know them.</param>
public sealed record DraftMerge(ChecklistDraft? Merged, IReadOnlyList<string> Contested)
{
    private const string Head = "Title, purpose and levels";
    private const string Order = "The order of sections and items";

    /// <summary>Merges two drafts that began as the same.</summary>
    public static DraftMerge Of(ChecklistDraft start, ChecklistDraft mine, ChecklistDraft theirs)
    {
        List<string> contested = [];
        var head = Pick(Head, start, mine, theirs, d => Text(DraftFields.Of(d)), contested)!;
        var order = Pick(Order, start, mine, theirs, Outline, contested)!;
        var (startParts, mineParts, theirParts) = (Parts.Of(start), Parts.Of(mine), Parts.Of(theirs));
        var merged = head with
        {
            Sections = [.. order.Sections.Select(s => (Pick(s.Title, startParts.Sections, mineParts.Sections, theirParts.Sections, s.Key, p => Text(DraftFields.Of(p)), contested) ?? s) with
            {
                Items = [.. s.Items.Select(i => Pick(i.Question, startParts.Items, mineParts.Items, theirParts.Items, i.Key, p => Text(DraftFields.Of(p)), contested) ?? i)],
            })],
        };
        contested.AddRange(LostEdits(startParts, mineParts, Parts.Of(merged)).Concat(LostEdits(startParts, theirParts, Parts.Of(merged))));
        return new(contested.Count == 0 ? merged : null, [.. contested.Distinct()]);
    }

    // Somebody edited what the other one removed.
    private static IEnumerable<string> LostEdits(Parts start, Parts edited, Parts merged) =>
        edited.Items.Where(i => !merged.Items.ContainsKey(i.Key) && start.Items.TryGetValue(i.Key, out var before) && Text(DraftFields.Of(before)) != Text(DraftFields.Of(i.Value)))
            .Select(i => i.Value.Question ?? i.Key);

    private static T? Pick<T>(string? what, Dictionary<string, T> start, Dictionary<string, T> mine, Dictionary<string, T> theirs, string? key, Func<T, string> text, List<string> contested)
        where T : class
    {
        var (a, b) = (mine.GetValueOrDefault(key ?? ""), theirs.GetValueOrDefault(key ?? ""));
        return a is null || b is null ? a ?? b : Pick(what ?? "", start.GetValueOrDefault(key ?? ""), a, b, text, contested);
    }

    private static T Pick<T>(string what, T? start, T mine, T theirs, Func<T, string> text, List<string> contested)
        where T : class
    {
        var (before, a, b) = (start is null ? null : text(start), text(mine), text(theirs));
        if (a != b && a != before && b != before)
        {
            contested.Add(what);
        }

        return a == before ? theirs : mine;
    }

    private static string Outline(ChecklistDraft draft) => string.Join('\n', draft.Sections.Select(s => $"{s.Key}: {string.Join(' ', s.Items.Select(i => i.Key))}"));

    private static string Text(IReadOnlyList<(string Field, string Text)> fields) => string.Join('\u001f', fields.Select(f => f.Text));

    private sealed record Parts(Dictionary<string, SectionDraft> Sections, Dictionary<string, ItemDraft> Items)
    {
        public static Parts Of(ChecklistDraft draft) => new(
            draft.Sections.DistinctBy(s => s.Key).ToDictionary(s => s.Key ?? ""),
            draft.Sections.SelectMany(s => s.Items).DistinctBy(i => i.Key).ToDictionary(i => i.Key ?? ""));
    }
}
