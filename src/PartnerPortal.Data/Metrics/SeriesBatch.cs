using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Data.Metrics;

/// <summary>
/// The series that a source or writer entered together, one row of metrics.series. They share it because a page comes whole and
/// its series resemble each other: packed together they take a few bytes each, where a row and its indexes took four hundred.
/// </summary>
/// <param name="Last">The highest of their numbers: the row's key, since numbers only rise.</param>
/// <param name="Numbers">Their numbers, rising.</param>
/// <param name="LastAt">One of them was seen last at this time, none later; milliseconds since 1970.</param>
/// <param name="Lags">How many seconds before that each was seen last; null when all were seen then.</param>
internal sealed record SeriesBatch(int Last, int[] Numbers, long LastAt, int[]? Lags)
{
    /// <summary>The columns that <see cref="ReadMarks"/> reads.</summary>
    public const string MarkColumns = "id, numbers, last_at, lags";

    /// <summary>When a series of the batch was seen last.</summary>
    public long SeenAt(int place) => LastAt - (Lags is null ? 0 : Lags[place] * 1000L);

    /// <summary>Reads a row whose first columns are <see cref="MarkColumns"/>.</summary>
    public static SeriesBatch ReadMarks(NpgsqlDataReader row)
    {
        var numbers = SeriesNumbers.Unpack(row.GetFieldValue<byte[]>(1));
        return new(row.GetInt32(0), numbers, row.GetInt64(2), row.IsDBNull(3) ? null : Whole(row.GetFieldValue<byte[]>(3)));
    }

    /// <summary>The batch after some of its series were seen; null when that is no news worth writing down.</summary>
    /// <param name="seen">Numbers of series, rising; others among them are left out.</param>
    /// <param name="at">When, in milliseconds since 1970.</param>
    /// <param name="within">Who was seen less than so many milliseconds before is no news.</param>
    public SeriesBatch? Seen(ReadOnlySpan<int> seen, long at, long within)
    {
        var last = new long[Numbers.Length];
        var news = false;
        for (var i = 0; i < last.Length; i++)
        {
            last[i] = SeenAt(i);
            if (seen.BinarySearch(Numbers[i]) >= 0 && last[i] < at)
            {
                news |= last[i] < at - within;
                last[i] = at;
            }
        }

        if (!news)
        {
            return null;
        }

        var newest = last.Max();
        var lags = Array.ConvertAll(last, l => (int)Math.Min((newest - l) / 1000, int.MaxValue));
        return this with { LastAt = newest, Lags = Array.TrueForAll(lags, l => l == 0) ? null : lags };
    }

    /// <summary>The lags as they are stored.</summary>
    public byte[]? LagBytes() => Lags is null ? null : Bytes(Lags);

    /// <summary>Four bytes of the labels' hash: enough to know in which batch a series may stand without unpacking them all.</summary>
    public static int HashOf(LabelSet labels) => BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(labels.ToString())));

    /// <summary>Whole numbers of four bytes each as they are stored.</summary>
    public static byte[] Bytes(ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[numbers.Length * 4];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), numbers[i]);
        }

        return bytes;
    }

    /// <summary>Whole numbers again.</summary>
    public static int[] Whole(ReadOnlySpan<byte> bytes)
    {
        var numbers = new int[bytes.Length / 4];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..]);
        }

        return numbers;
    }
}
