using System.Collections;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>What one scrape found. Its arrays belong to the source's <see cref="SeriesCache"/>: they hold until the next page is read with it.</summary>
public sealed class ExpositionPage
{
    /// <summary>The stamp of a sample that has none.</summary>
    public const long NoStamp = long.MinValue;

    private static readonly Dictionary<string, MetricFamily> _nothingAnnounced = [];

    internal ExpositionPage(ExpositionFormat? format) => Format = format;

    /// <summary>The text format that was read; null for JSON.</summary>
    public ExpositionFormat? Format { get; }

    /// <summary>The series in the order of the page. While a source's pages show the same series in the same order this is the same array, so what was worked out for it still holds.</summary>
    public ScrapedSeries[] Series { get; internal set; } = [];

    /// <summary>The values of <see cref="Series"/>, in the same order.</summary>
    public double[] Values { get; internal set; } = [];

    /// <summary>The service's own stamps in milliseconds since 1970, in the same order, <see cref="NoStamp"/> for a line without; null when no line has one.</summary>
    public long[]? Stamps { get; internal set; }

    /// <summary>The newest of the service's own stamps: against our clock it shows whose clock is wrong. Null when no line has one.</summary>
    public long? NewestStamp => Stamps?.Max();

    /// <summary>The samples in the order of the page.</summary>
    public IReadOnlyList<ExpositionSample> Samples => new SampleList(this);

    /// <summary>The announced metrics by name; the same object while a source's pages keep their layout.</summary>
    public IReadOnlyDictionary<string, MetricFamily> Families { get; internal set; } = _nothingAnnounced;

    /// <summary>The notes behind samples (OpenMetrics): which call made a bucket or counter grow.</summary>
    public IReadOnlyList<Exemplar> Exemplars { get; internal set; } = [];

    /// <summary>Lines that repeated an earlier series and were left out.</summary>
    public int Duplicates { get; internal set; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Lines that were read.</summary>
    public int Lines { get; internal set; }

    /// <summary>The same series with the values that stand in the arrays now.</summary>
    internal ExpositionPage Again(long bytes) => new(Format) { Series = Series, Values = Values, Families = Families, Bytes = bytes, Lines = Lines };

    private sealed class SampleList(ExpositionPage page) : IReadOnlyList<ExpositionSample>
    {
        public int Count => page.Series.Length;

        public ExpositionSample this[int index] =>
            new(page.Series[index], page.Values[index], page.Stamps is { } stamps && stamps[index] != NoStamp ? stamps[index] : null);

        public IEnumerator<ExpositionSample> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
