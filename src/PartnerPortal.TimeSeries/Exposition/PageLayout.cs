namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// How the last page of a source looked: every byte between two values, and which series each value belonged to. A page that
/// differs from it only in its values costs one comparison of bytes and one number per sample. Whatever differs otherwise is
/// read line by line, and learnt anew.
/// </summary>
internal sealed class PageLayout
{
    private readonly byte[] _between;
    private readonly int[] _starts;
    private readonly ValueRule[]? _rules;
    private int _slot;
    private int _at;

    internal PageLayout(ExpositionPage page, ExpositionLimits limits, byte[] between, int[] starts, ValueRule[]? rules)
    {
        (Page, Limits, _between, _starts, _rules) = (page, limits, between, starts, rules);
    }

    /// <summary>The page that was learnt from, with its arrays.</summary>
    public ExpositionPage Page { get; }

    /// <summary>The limits that the page was checked against.</summary>
    public ExpositionLimits Limits { get; }

    /// <summary>How a series was spelled: its line up to the value, without blanks around it.</summary>
    public ReadOnlySpan<byte> SpellingAt(int slot)
    {
        var text = _between.AsSpan(_starts[slot], _starts[slot + 1] - _starts[slot]);
        var line = text[(text.LastIndexOf((byte)'\n') + 1)..];
        return Page.Format == ExpositionFormat.OpenMetrics ? line[..SeriesText.End(line, strict: true)] : Plain(line.TrimStart(" \t"u8));

        static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> line) => line[..SeriesText.End(line, strict: false)];
    }

    /// <summary>Begins a new page.</summary>
    public void Start() => (_slot, _at) = (0, 0);

    /// <summary>Goes on with a page of which more has arrived; false when it has another layout or values that must be looked at closely.</summary>
    public bool Match(ReadOnlySpan<byte> page)
    {
        var (slot, at) = (_slot, _at);
        var (starts, values) = (_starts, Page.Values);
        ReadOnlySpan<byte> between = _between;
        for (; slot < values.Length; slot++)
        {
            var start = starts[slot];
            var length = starts[slot + 1] - start;
            if (page.Length - at <= length)
                break;
            if (!page.Slice(at, length).SequenceEqual(between.Slice(start, length)))
                return false;
            var number = page[(at + length)..];
            var digits = NumberText.ReadFirst(number, out var value);
            if (digits == 0)
            {
                if (number.Length < NumberText.Longest && number.IndexOfAny((byte)' ', (byte)'\n') < 0)
                    break;
                return false;
            }
            if (_rules is { } rules && !OpenMetricsRules.Allows(rules[slot], value))
                return false;
            values[slot] = value;
            at += length + digits;
        }
        (_slot, _at) = (slot, at);
        return slot < values.Length || page.Length - at <= between.Length - starts[^1];
    }

    /// <summary>Whether the whole page was like the last one to its last byte, after <see cref="Match"/>.</summary>
    public bool Ends(ReadOnlySpan<byte> page) => _slot == Page.Values.Length && page[_at..].SequenceEqual(_between.AsSpan(_starts[^1]));
}

/// <summary>Notes the layout of a page while it is read line by line.</summary>
internal sealed class LayoutLearning
{
    private byte[] _between = new byte[4096];
    private int _length;
    private readonly List<int> _starts = [0];
    private readonly List<ValueRule> _rules = [];

    /// <summary>A line without a value, or the rest of one behind its value.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (_length + text.Length + 1 > _between.Length)
            Array.Resize(ref _between, Math.Max(_between.Length * 2, _length + text.Length + 1));
        text.CopyTo(_between.AsSpan(_length));
        _length += text.Length;
    }

    /// <summary>A line with a value, which stands from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public void AddSample(ReadOnlySpan<byte> line, int start, int end, ValueRule rule)
    {
        Add(line[..start]);
        _starts.Add(_length);
        _rules.Add(rule);
        Add(line[end..]);
    }

    public PageLayout Layout(ExpositionPage page, ExpositionLimits limits) => new(
        page, limits, _between.AsSpan(0, _length).ToArray(), [.. _starts], _rules.Exists(r => r != ValueRule.Any) ? [.. _rules] : null);
}
