using System.Buffers.Binary;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// What one scrape of one source found, as one row of the log: the numbers of its series in rising order and their values.
/// A series of the row before that is missing here has ended; so a failed scrape needs no markers, only its row.
/// A row is written whole, or as what changed since the row before it: a bit per series and the few bytes of each change.
/// </summary>
/// <param name="Time">When we asked, milliseconds since 1970.</param>
/// <param name="Series">The numbers of the series, rising.</param>
/// <param name="Values">Their values, in the same order.</param>
public sealed record ScrapeRow(long Time, int[] Series, double[] Values)
{
    private const byte Whole = 0;
    private const byte Changes = 1;
    private const double MaxWhole = 1L << 52;

    /// <summary>The bytes of the row without its time, readable on their own.</summary>
    public byte[] Encode() => Encode(null);

    /// <summary>The bytes of the row without its time: what changed since <paramref name="previous"/> if that has the same series, else the whole row.</summary>
    public byte[] Encode(ScrapeRow? previous)
    {
        var same = previous is not null && (ReferenceEquals(previous.Series, Series) || previous.Series.AsSpan().SequenceEqual(Series));
        var row = new RowBytes(1 + Series.Length * 2);
        row.Append(same ? Changes : Whole);
        if (same)
            WriteChanges(row, previous!.Values);
        else
            WriteWhole(row);
        return row.ToArray();
    }

    /// <summary>Whether a row can be read without the one before it.</summary>
    public static bool StandsAlone(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && bytes[0] == Whole;

    /// <summary>Reads a row back that stands alone; damaged bytes are an <see cref="InvalidDataException"/>.</summary>
    public static ScrapeRow Decode(long time, ReadOnlySpan<byte> bytes) => Decode(time, bytes, null);

    /// <summary>Reads a row back; <paramref name="previous"/> is the row it was written against and may be null for one that stands alone.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or are the changes of a row that was not given.</exception>
    public static ScrapeRow Decode(long time, ReadOnlySpan<byte> bytes, ScrapeRow? previous)
    {
        var reader = new RowReader(bytes);
        return reader.Byte() switch
        {
            Whole => ReadWhole(time, ref reader, bytes.Length),
            Changes when previous is not null => ReadChanges(time, ref reader, previous),
            Changes => throw new InvalidDataException("A row of the log says only what changed, and the row before it is not there."),
            _ => throw new InvalidDataException("A row of the log is of an unknown kind."),
        };
    }

    private void WriteWhole(RowBytes row)
    {
        row.AppendNumber((ulong)Series.Length);
        var previous = 0;
        foreach (var id in Series)
        {
            if (id <= previous)
                throw new ArgumentException("The series of a row must be positive and rising.");
            row.AppendNumber((ulong)(id - previous));
            previous = id;
        }
        foreach (var value in Values)
            WriteValue(row, value, 0);
    }

    private static ScrapeRow ReadWhole(long time, ref RowReader reader, int length)
    {
        var count = (int)Math.Min(reader.Number(), int.MaxValue);
        if (count > length)
            throw new InvalidDataException("A row of the log has an impossible number of series.");
        var series = new int[count];
        var values = new double[count];
        var id = 0;
        foreach (ref var one in series.AsSpan())
            one = id += (int)reader.Number();
        foreach (ref var value in values.AsSpan())
            value = ReadValue(ref reader, 0);
        return new ScrapeRow(time, series, values);
    }

    private void WriteChanges(RowBytes row, double[] before)
    {
        var bits = row.Reserve((Values.Length + 7) / 8);
        for (var i = 0; i < Values.Length; i++)
        {
            if (BitConverter.DoubleToUInt64Bits(Values[i]) == BitConverter.DoubleToUInt64Bits(before[i]))
                continue;
            row[bits + i / 8] |= (byte)(1 << (i % 8));
            WriteValue(row, Values[i], before[i]);
        }
    }

    private static ScrapeRow ReadChanges(long time, ref RowReader reader, ScrapeRow previous)
    {
        var values = previous.Values.AsSpan().ToArray();
        var changed = reader.Bytes((values.Length + 7) / 8);
        for (var i = 0; i < values.Length; i++)
        {
            if ((changed[i / 8] & (1 << (i % 8))) != 0)
                values[i] = ReadValue(ref reader, values[i]);
        }
        return new ScrapeRow(time, previous.Series, values);
    }

    /// <summary>A whole number as its folded difference from a whole number, odd; anything else as a zero and its eight bytes.</summary>
    private static void WriteValue(RowBytes row, double value, double before)
    {
        if (IsWhole(value) && IsWhole(before))
        {
            var difference = (long)value - (long)before;
            row.AppendNumber(((ulong)((difference << 1) ^ (difference >> 63)) << 1) | 1);
            return;
        }
        row.Append(0);
        BinaryPrimitives.WriteDoubleLittleEndian(row.Take(8), value);
    }

    private static double ReadValue(ref RowReader reader, double before)
    {
        var number = reader.Number();
        if (number == 0)
            return BinaryPrimitives.ReadDoubleLittleEndian(reader.Bytes(8));
        var folded = number >> 1;
        return (long)before + ((long)(folded >> 1) ^ -(long)(folded & 1));
    }

    private static bool IsWhole(double value) =>
        Math.Abs(value) < MaxWhole && BitConverter.DoubleToUInt64Bits((long)value) == BitConverter.DoubleToUInt64Bits(value);
}
