namespace PartnerPortal.TimeSeries.Labels;

/// <summary>The four ways a selector compares a label.</summary>
public enum MatchKind
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c>, anchored at both ends</summary>
    Matches,

    /// <summary><c>!~</c>, anchored at both ends</summary>
    DoesNotMatch,
}

/// <summary>
/// One condition of a selector. An absent label counts as the empty text, regular expressions are anchored, both as in
/// Prometheus. Expressions run in linear time (no backtracking), so a hostile one cannot hold a thread.
/// </summary>
public sealed class LabelMatcher
{
    private readonly RegexText? _regex;

    /// <summary>Makes a matcher; an unreadable or backtracking expression is an <see cref="ArgumentException"/>.</summary>
    public LabelMatcher(string name, MatchKind kind, string value)
    {
        Name = name;
        Kind = kind;
        Value = value;
        if (kind is MatchKind.Matches or MatchKind.DoesNotMatch)
            _regex = new RegexText(value);
    }

    /// <summary>The label that is compared.</summary>
    public string Name { get; }

    /// <summary>How it is compared.</summary>
    public MatchKind Kind { get; }

    /// <summary>The text or expression it is compared with.</summary>
    public string Value { get; }

    /// <summary>Whether a series without this label matches.</summary>
    public bool MatchesEmpty => Matches("");

    /// <summary>Whether a label's value satisfies the condition.</summary>
    public bool Matches(string value) => Kind switch
    {
        MatchKind.Equal => value == Value,
        MatchKind.NotEqual => value != Value,
        MatchKind.Matches => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };

    /// <summary>Whether a series satisfies the condition.</summary>
    public bool Matches(LabelSet labels) => Matches(labels[Name]);

    /// <inheritdoc />
    public override string ToString()
    {
        var sign = Kind switch
        {
            MatchKind.Equal => "=",
            MatchKind.NotEqual => "!=",
            MatchKind.Matches => "=~",
            _ => "!~",
        };
        var value = Value.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal);
        return $"{Name}{sign}\"{value}\"";
    }
}
