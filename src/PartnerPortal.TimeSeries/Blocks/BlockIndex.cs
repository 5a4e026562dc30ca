namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>The index of a sealed block: which instants and series it holds and where each series' column stands in its data.</summary>
public sealed class BlockIndex
{
    private readonly int[] _series;
    private readonly int[] _offsets;

    private BlockIndex(long[] times, int[] series, int[] offsets)
    {
        Times = times;
        _series = series;
        _offsets = offsets;
    }

    /// <summary>When the scrapes were made, milliseconds since 1970, rising.</summary>
    public long[] Times { get; }

    /// <summary>The numbers of the series, rising.</summary>
    public IReadOnlyList<int> Series => _series;

    /// <summary>Reads an index; damaged bytes are an <see cref="InvalidDataException"/>.</summary>
    public static BlockIndex Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes);
        // A scrape costs at least a tenth of a bit, a series two bytes: more is damage, not data.
        var times = new long[Count(reader.ReadNumber(), bytes.Length * 100L)];
        TimeColumn.Read(ref reader, times);
        var series = new int[Count(reader.ReadNumber(), bytes.Length)];
        var offsets = new int[series.Length + 1];
        for (var i = 0; i < series.Length; i++)
        {
            series[i] = (i == 0 ? 0 : series[i - 1]) + (int)reader.ReadNumber();
            offsets[i + 1] = offsets[i] + (int)reader.ReadNumber();
        }
        return new BlockIndex(times, series, offsets);
    }

    /// <summary>Where a series' column stands in the data, or null when the block does not hold it.</summary>
    public (int Offset, int Length)? Find(int series)
    {
        var at = Array.BinarySearch(_series, series);
        return at < 0 ? null : (_offsets[at], _offsets[at + 1] - _offsets[at]);
    }

    /// <summary>The values of a column at <see cref="Times"/>; a scrape without the series is <see cref="Samples.Stale"/>.</summary>
    public double[] Column(ReadOnlySpan<byte> column)
    {
        var values = new double[Times.Length];
        var reader = new BitReader(column);
        ValueColumn.Read(ref reader, values);
        return values;
    }

    private static int Count(ulong count, long most) =>
        count <= (ulong)most ? (int)count : throw new InvalidDataException("The index of a block of samples is damaged.");
}
