using System.Diagnostics.CodeAnalysis;
using System.Text;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// The series that one service has shown, by their bytes on the page. Belongs to one source and is used by one scrape at a
/// time. It forgets what has not been seen for some pages, so a service that changes its labels each time cannot fill memory.
/// While a service shows one layout, the layout alone knows its series: the bytes of a spelling are kept once.
/// </summary>
public sealed class SeriesCache
{
    private readonly Dictionary<byte[], ScrapedSeries> _bySpelling = new(Bytes.Comparer);
    private readonly Dictionary<byte[], string> _names = new(Bytes.Comparer);
    private readonly Dictionary<LabelSet, ScrapedSeries> _byLabels = [];
    private readonly Dictionary<LabelSet, LabelSet> _groups = [];

    private PageLayout? _folded;

    /// <summary>How many spellings are remembered.</summary>
    public int Count => _bySpelling.Count + (_folded?.Page.Series.Length ?? 0);

    internal int Page { get; private set; }

    /// <summary>How the last page looked; null when it cannot be read by place.</summary>
    internal PageLayout? Layout { get; private set; }

    /// <summary>The series of the last page.</summary>
    internal ScrapedSeries[] LastSeries { get; private set; } = [];

    internal void StartPage() => Page++;

    internal void EndPage(int samples)
    {
        if (Math.Max(_bySpelling.Count, _byLabels.Count) <= 2 * samples + 1000)
            return;
        foreach (var (spelling, series) in _bySpelling)
        {
            if (series.Page != Page)
                _bySpelling.Remove(spelling);
        }
        foreach (var (labels, series) in _byLabels)
        {
            if (series.Page != Page)
                _byLabels.Remove(labels);
        }
        _groups.Clear();
        _names.Clear();
    }

    /// <summary>Lets go of what the layout of this page knows, too, if it knows everything: no series is remembered that was not on it.</summary>
    internal void Fold(PageLayout? layout)
    {
        Layout = layout;
        if (layout is null || _bySpelling.Count != layout.Page.Series.Length || _byLabels.Count != _bySpelling.Count)
            return;
        _bySpelling.Clear();
        _bySpelling.TrimExcess();
        _byLabels.Clear();
        _byLabels.TrimExcess();
        _groups.Clear();
        _groups.TrimExcess();
        _names.Clear();
        _names.TrimExcess();
        _folded = layout;
    }

    /// <summary>Takes back what was folded: the next page is read line by line.</summary>
    internal void Unfold()
    {
        Layout = null;
        if (_folded is not { } layout)
            return;
        _folded = null;
        for (var i = 0; i < layout.Page.Series.Length; i++)
        {
            var series = layout.Page.Series[i];
            _bySpelling[layout.SpellingAt(i).ToArray()] = series;
            _byLabels[series.Labels] = series;
        }
    }

    /// <summary>The series as an array, the same as for the last page when they are the same.</summary>
    internal ScrapedSeries[] Keep(List<ScrapedSeries> series)
    {
        if (!System.Runtime.InteropServices.CollectionsMarshal.AsSpan(series).SequenceEqual(LastSeries))
            LastSeries = [.. series];
        return LastSeries;
    }

    internal bool TryGet(ReadOnlySpan<byte> spelling, [MaybeNullWhen(false)] out ScrapedSeries series) =>
        _bySpelling.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(spelling, out series);

    internal ScrapedSeries Add(ReadOnlySpan<byte> spelling, LabelSet labels, string metricName)
    {
        var series = Of(labels, metricName);
        _bySpelling[spelling.ToArray()] = series;
        return series;
    }

    /// <summary>The series of these labels, whatever its spelling.</summary>
    internal ScrapedSeries Of(LabelSet labels, string metricName)
    {
        if (!_byLabels.TryGetValue(labels, out var series))
            _byLabels[labels] = series = new ScrapedSeries(labels, metricName);
        return series;
    }

    internal string Name(ReadOnlySpan<byte> ascii)
    {
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(ascii, out var name))
            lookup[ascii] = name = Encoding.ASCII.GetString(ascii);
        return name;
    }

    /// <summary>One object per equal set of labels, so that the next line's group can be compared by reference.</summary>
    internal LabelSet Group(LabelSet labels)
    {
        if (!_groups.TryGetValue(labels, out var known))
            _groups[labels] = known = labels;
        return known;
    }

    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Bytes Comparer = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Seeded per process by HashCode itself: a service cannot choose labels that all collide.
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
