namespace PartnerPortal.TimeSeries.Labels;

/// <summary>
/// Finds series by their labels: for each name and value the positions of the series that carry it (an inverted index). Grows
/// only; the owner guards it against use by several threads at once.
/// </summary>
public sealed class LabelIndex
{
    private readonly List<LabelSet> _sets = [];
    private readonly Dictionary<string, Dictionary<string, List<int>>> _positions = new(StringComparer.Ordinal);

    /// <summary>How many series there are.</summary>
    public int Count => _sets.Count;

    /// <summary>The labels at a position.</summary>
    public LabelSet this[int position] => _sets[position];

    /// <summary>Adds a series and returns its position: 0, 1, 2…</summary>
    public int Add(LabelSet labels)
    {
        var position = _sets.Count;
        _sets.Add(labels);
        foreach (var (name, value) in labels)
        {
            if (!_positions.TryGetValue(name, out var values))
                _positions[name] = values = new(StringComparer.Ordinal);
            if (!values.TryGetValue(value, out var positions))
                values[value] = positions = [];
            positions.Add(position);
        }
        return position;
    }

    /// <summary>The positions of the series that satisfy every condition, rising.</summary>
    public List<int> Find(IReadOnlyList<LabelMatcher> matchers)
    {
        var (start, candidates) = Fewest(matchers);
        var rest = matchers.Where(m => m != start).Select(m => new Check(m)).ToArray();
        var found = new List<int>();
        foreach (var position in candidates)
        {
            var set = _sets[position];
            if (Array.TrueForAll(rest, check => check.Passes(set)))
                found.Add(position);
        }
        return found;
    }

    /// <summary>The condition that leaves the fewest series, with them. Only one that a series without the label does not satisfy can narrow down.</summary>
    private (LabelMatcher? Matcher, IEnumerable<int> Candidates) Fewest(IReadOnlyList<LabelMatcher> matchers)
    {
        LabelMatcher? best = null;
        List<List<int>> lists = [];
        var fewest = int.MaxValue;
        foreach (var matcher in matchers)
        {
            if (matcher.MatchesEmpty)
                continue;
            var matching = Lists(matcher);
            var count = matching.Sum(l => l.Count);
            if (count < fewest)
                (best, lists, fewest) = (matcher, matching, count);
        }
        if (best is null)
            return (null, Enumerable.Range(0, _sets.Count));
        return (best, lists.Count == 1 ? lists[0] : lists.SelectMany(l => l).Order());
    }

    private List<List<int>> Lists(LabelMatcher matcher)
    {
        if (!_positions.TryGetValue(matcher.Name, out var values))
            return [];
        if (matcher.Kind == MatchKind.Equal)
            return values.TryGetValue(matcher.Value, out var one) ? [one] : [];
        return [.. values.Where(v => matcher.Matches(v.Key)).Select(v => v.Value)];
    }

    /// <summary>A condition that asks about each value only once.</summary>
    private sealed class Check(LabelMatcher matcher)
    {
        private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

        public bool Passes(LabelSet labels)
        {
            var value = labels[matcher.Name];
            if (!_known.TryGetValue(value, out var passes))
                _known[value] = passes = matcher.Matches(value);
            return passes;
        }
    }
}
