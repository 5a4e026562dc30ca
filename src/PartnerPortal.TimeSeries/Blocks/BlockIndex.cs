namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>The index of a sealed block: which instants and series it holds and where each series' column stands in its data.</summary>
public sealed class BlockIndex
{
    /// <summary>Columns that stand alone, in the order of their series: quick to write and to read.</summary>
    internal const byte Plain = 1;

    /// <summary>Dense columns, from the last series to the first, since a bucket leans on the next larger one.</summary>
    internal const byte Dense = 2;

    private readonly byte _form;
    private readonly int[] _series;
    private readonly int[] _offsets;
    private readonly int[] _lengths;
    private readonly byte[] _backs;

    private BlockIndex(byte form, long[] times, int[] series, int[] offsets, int[] lengths, byte[] backs)
    {
        Times = times;
        (_form, _series, _offsets, _lengths, _backs) = (form, series, offsets, lengths, backs);
    }

    /// <summary>When the scrapes were made, milliseconds since 1970, rising.</summary>
    public long[] Times { get; }

    /// <summary>The numbers of the series, rising.</summary>
    public IReadOnlyList<int> Series => _series;

    /// <summary>Reads an index; damaged bytes are an <see cref="InvalidDataException"/>.</summary>
    public static BlockIndex Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes);
        var form = (byte)reader.Read(8);
        if (form is not (Plain or Dense))
            throw new InvalidDataException("The index of a block of samples is of an unknown form.");
        // A scrape costs at least a tenth of a bit, a series two bytes: more is damage, not data.
        var times = new long[Count(reader.ReadNumber(), bytes.Length * 100L)];
        TimeColumn.Read(ref reader, times);
        var count = Count(reader.ReadNumber(), bytes.Length);
        var (series, offsets, lengths, backs) = (new int[count], new int[count], new int[count], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            series[i] = (i == 0 ? 0 : series[i - 1]) + (int)reader.ReadNumber();
            var length = reader.ReadNumber();
            (lengths[i], backs[i]) = form == Plain ? ((int)length, (byte)0) : ((int)(length >> 2), (byte)(length & 3));
            if (i + backs[i] >= count + (backs[i] == 0 ? 1 : 0))
                backs[i] = 0;
        }
        for (var at = form == Plain ? 0 : count - 1; at >= 0 && at < count; at += form == Plain ? 1 : -1)
        {
            var before = form == Plain ? at - 1 : at + 1;
            offsets[at] = before < 0 || before >= count ? 0 : offsets[before] + lengths[before];
        }
        return new BlockIndex(form, times, series, offsets, lengths, backs);
    }

    /// <summary>Where a series' column stands in the data, with those that it leans on, or null when the block does not hold it.</summary>
    public (int Offset, int Length)? Find(int series)
    {
        var at = Array.BinarySearch(_series, series);
        if (at < 0)
            return null;
        var from = at;
        while (_backs[from] > 0)
            from += _backs[from];
        return (_offsets[from], _offsets[at] + _lengths[at] - _offsets[from]);
    }

    /// <summary>Whether the block holds a series.</summary>
    public bool Holds(int series) => Array.BinarySearch(_series, series) >= 0;

    /// <summary>The bytes that a series' column has by itself; 0 for one that the block does not hold.</summary>
    public int OwnLength(int series) => Array.BinarySearch(_series, series) is >= 0 and var at ? _lengths[at] : 0;

    /// <summary>The values of a series at <see cref="Times"/>, from the bytes that <see cref="Find"/> names; a scrape without the series is <see cref="Samples.Stale"/>.</summary>
    public double[] Column(ReadOnlySpan<byte> column)
    {
        var values = new double[Times.Length];
        if (_form == Dense)
        {
            DenseBytes.ReadLast(column, values.Length).CopyTo(values);
            return values;
        }
        var reader = new BitReader(column);
        ValueColumn.Read(ref reader, values);
        return values;
    }

    /// <summary>
    /// Which pieces of the data hold several series: neighbours that lean on the same columns are fetched and decoded once.
    /// The buckets of a histogram cost as much as one of them.
    /// </summary>
    public IReadOnlyList<BlockPiece> Pieces(IEnumerable<int> series)
    {
        var pieces = new List<BlockPiece>();
        foreach (var (id, place) in series.Distinct().Select(id => (id, Find(id))).Where(f => f.Item2 is not null).Select(f => (f.id, f.Item2!.Value)).OrderBy(f => f.Value.Offset).ThenBy(f => f.Value.Length))
        {
            if (pieces.Count > 0 && pieces[^1] is var last && place.Offset < last.Offset + last.Length)
                pieces[^1] = last with { Length = Math.Max(last.Length, place.Offset + place.Length - last.Offset), Series = [.. last.Series, id] };
            else
                pieces.Add(new(place.Offset, place.Length, [id]));
        }
        return pieces;
    }

    /// <summary>The values of all series of a piece at <see cref="Times"/>, as <see cref="Column"/> gives one.</summary>
    public IReadOnlyDictionary<int, double[]> Columns(BlockPiece piece, ReadOnlySpan<byte> bytes)
    {
        var columns = new Dictionary<int, double[]>(piece.Series.Count);
        var read = _form == Dense ? new Dictionary<int, DenseColumn>() : null;
        foreach (var id in piece.Series)
        {
            var at = Array.BinarySearch(_series, id);
            var values = columns[id] = new double[Times.Length];
            if (read is null)
            {
                var reader = new BitReader(bytes.Slice(_offsets[at] - piece.Offset, _lengths[at]));
                ValueColumn.Read(ref reader, values);
            }
            else
            {
                ReadDense(at, piece, bytes, read).CopyTo(values);
            }
        }
        return columns;
    }

    private DenseColumn ReadDense(int at, BlockPiece piece, ReadOnlySpan<byte> bytes, Dictionary<int, DenseColumn> read)
    {
        if (read.TryGetValue(at, out var known))
            return known;
        var other = _backs[at] == 0 ? null : ReadDense(at + _backs[at], piece, bytes, read);
        var reader = new RowReader(bytes.Slice(_offsets[at] - piece.Offset, _lengths[at]));
        var head = reader.Byte();
        _ = reader.Number();
        return read[at] = DenseBytes.Read(head, reader.Rest(), Times.Length, other);
    }

    private static int Count(ulong count, long most) =>
        count <= (ulong)most ? (int)count : throw new InvalidDataException("The index of a block of samples is damaged.");
}

/// <summary>A piece of a block's data and the series that are read from it.</summary>
public sealed record BlockPiece(int Offset, int Length, IReadOnlyList<int> Series);
