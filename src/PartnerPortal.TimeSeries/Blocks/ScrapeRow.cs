using System.Buffers.Binary;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// What one scrape of one source found, as one row of the log: the numbers of its series in rising order and their values.
/// A series of the row before that is missing here has ended; so a failed scrape needs no markers, only its row.
/// </summary>
/// <param name="Time">When we asked, milliseconds since 1970.</param>
/// <param name="Series">The numbers of the series, rising.</param>
/// <param name="Values">Their values, in the same order.</param>
public sealed record ScrapeRow(long Time, int[] Series, double[] Values)
{
    private const double MaxWhole = 1L << 52;

    /// <summary>The bytes of the row without its time.</summary>
    public byte[] Encode()
    {
        var writer = new BitWriter();
        writer.WriteNumber((ulong)Series.Length);
        var previous = 0;
        foreach (var id in Series)
        {
            if (id <= previous)
                throw new ArgumentException("The series of a row must be positive and rising.");
            writer.WriteNumber((ulong)(id - previous));
            previous = id;
        }
        Span<byte> raw = stackalloc byte[8];
        foreach (var value in Values)
        {
            var whole = (long)value;
            if (value >= 0 && value < MaxWhole && BitConverter.DoubleToUInt64Bits(whole) == BitConverter.DoubleToUInt64Bits(value))
            {
                writer.WriteNumber(((ulong)whole << 1) | 1);
                continue;
            }
            writer.WriteNumber(0);
            BinaryPrimitives.WriteDoubleLittleEndian(raw, value);
            writer.Append(raw);
        }
        return writer.Written.ToArray();
    }

    /// <summary>Reads a row back; damaged bytes are an <see cref="InvalidDataException"/>.</summary>
    public static ScrapeRow Decode(long time, ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var count = (int)Number(bytes, ref at);
        if (count < 0 || count > bytes.Length)
            throw new InvalidDataException("A row of the log has an impossible number of series.");
        var series = new int[count];
        var values = new double[count];
        var id = 0;
        foreach (ref var one in series.AsSpan())
            one = id += (int)Number(bytes, ref at);
        foreach (ref var value in values.AsSpan())
        {
            var whole = Number(bytes, ref at);
            if (whole != 0)
            {
                value = whole >> 1;
                continue;
            }
            if (bytes.Length - at < 8)
                throw new InvalidDataException("A row of the log ends too early.");
            value = BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]);
            at += 8;
        }
        return new ScrapeRow(time, series, values);
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
                break;
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("A row of the log ends too early.");
    }
}
