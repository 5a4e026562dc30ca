using System.Collections;
using System.Text;

namespace PartnerPortal.TimeSeries.Labels;

/// <summary>
/// The identity of a series: labels sorted by name (ordinal), each name once, none with an empty value,
/// since an empty value and an absent label are the same thing in Prometheus's data model. Immutable.
/// </summary>
public sealed class LabelSet : IEquatable<LabelSet>, IReadOnlyList<Label>
{
    private readonly Label[] _labels;
    private readonly int _hash;

    private LabelSet(Label[] sorted)
    {
        _labels = sorted;
        var hash = new HashCode();
        foreach (var label in sorted)
        {
            hash.Add(label.Name, StringComparer.Ordinal);
            hash.Add(label.Value, StringComparer.Ordinal);
        }
        _hash = hash.ToHashCode();
    }

    /// <summary>No labels at all.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <summary>Makes a set; a name given twice is an <see cref="ArgumentException"/>.</summary>
    public static LabelSet Of(IEnumerable<Label> labels)
    {
        var sorted = labels.Where(l => l.Value.Length > 0).ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Name == sorted[i - 1].Name)
                throw new ArgumentException($"The label {sorted[i].Name} is given twice.", nameof(labels));
        }
        return sorted.Length == 0 ? Empty : new LabelSet(sorted);
    }

    /// <summary>Makes a set from pairs of name and value.</summary>
    public static LabelSet Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var list = new List<Label>(labels.Length);
        foreach (var (name, value) in labels)
            list.Add(new Label(name, value));
        return Of(list);
    }

    /// <summary>The value of a label, or the empty text when the set has no such label.</summary>
    public string this[string name]
    {
        get
        {
            foreach (var label in _labels)
            {
                if (label.Name == name)
                    return label.Value;
            }
            return "";
        }
    }

    /// <summary>The label at a position of the sorted order.</summary>
    public Label this[int index] => _labels[index];

    /// <summary>How many labels there are, the metric's name included.</summary>
    public int Count => _labels.Length;

    /// <summary>The metric's name, or the empty text.</summary>
    public string MetricName => this[Label.MetricName];

    /// <summary>The same set with one label set or, with an empty value, taken away.</summary>
    public LabelSet With(string name, string value) =>
        Of(_labels.Where(l => l.Name != name).Append(new Label(name, value)));

    /// <summary>The same set without the named labels.</summary>
    public LabelSet Without(params ReadOnlySpan<string> names)
    {
        var kept = new List<Label>(_labels.Length);
        foreach (var label in _labels)
        {
            if (!names.Contains(label.Name))
                kept.Add(label);
        }
        return Kept(kept);
    }

    /// <summary>The same set with only the named labels.</summary>
    public LabelSet Only(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return Empty;
        var kept = new List<Label>(names.Count);
        foreach (var label in _labels)
        {
            if (names.Contains(label.Name))
                kept.Add(label);
        }
        return Kept(kept);
    }

    /// <summary>Prometheus's order of series: name by name and value by value, then the one with fewer labels first.</summary>
    public static int Compare(LabelSet one, LabelSet other)
    {
        for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (string.CompareOrdinal(one[i].Name, other[i].Name) is not 0 and var names)
                return names;
            if (string.CompareOrdinal(one[i].Value, other[i].Value) is not 0 and var values)
                return values;
        }
        return one.Count - other.Count;
    }

    private LabelSet Kept(List<Label> sorted) => sorted.Count == _labels.Length ? this : sorted.Count == 0 ? Empty : new LabelSet([.. sorted]);

    /// <inheritdoc />
    public bool Equals(LabelSet? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _labels.AsSpan().SequenceEqual(other._labels)));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <inheritdoc />
    public IEnumerator<Label> GetEnumerator() => ((IEnumerable<Label>)_labels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _labels.GetEnumerator();

    /// <summary>The spelling a person knows: <c>name{a="b",c="d"}</c>, values escaped as in the exposition format.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(MetricName);
        var separator = '{';
        foreach (var label in _labels)
        {
            if (label.Name == Label.MetricName)
                continue;
            text.Append(separator).Append(label.Name).Append("=\"");
            AppendEscaped(text, label.Value);
            text.Append('"');
            separator = ',';
        }
        if (separator == ',')
            text.Append('}');
        else if (text.Length == 0)
            text.Append("{}");
        return text.ToString();
    }

    /// <summary>Every label in braces, the metric's name as one of them: how Prometheus's errors show a series.</summary>
    public string Spelled()
    {
        var text = new StringBuilder("{");
        foreach (var label in _labels)
        {
            text.Append(text.Length > 1 ? ", " : "").Append(label.Name).Append("=\"");
            AppendEscaped(text, label.Value);
            text.Append('"');
        }
        return text.Append('}').ToString();
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(c),
            };
        }
    }
}
