using System.Buffers;
using System.IO.Compression;
using System.Text;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.TimeSeries.Labels;

/// <summary>
/// The labels of many series as a few bytes. Series of one service repeat each other, so together they take about seven bytes
/// each where one alone takes seventy: name and value of each label, with their lengths, packed by Brotli (RFC 7932).
/// </summary>
public static class PackedLabels
{
    private const byte Packed = 1;
    private const int Quality = 5;
    private const int Window = 22;

    // A hostile row must not unpack into all of memory; the labels of four thousand series at every limit are less.
    private const int MostBytes = 256 * 1024 * 1024;

    /// <summary>Packs the labels of series, in their order.</summary>
    public static byte[] Pack(IReadOnlyList<LabelSet> series)
    {
        var plain = new RowBytes(series.Count * 64);
        plain.AppendNumber((ulong)series.Count);
        foreach (var labels in series)
        {
            plain.AppendNumber((ulong)labels.Count);
            foreach (var (name, value) in labels)
            {
                Append(plain, name);
                Append(plain, value);
            }
        }
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length) + 10];
        var head = new RowBytes(10);
        head.Append(Packed);
        head.AppendNumber((ulong)plain.Length);
        head.Written.CopyTo(packed);
        if (!BrotliEncoder.TryCompress(plain.Written, packed.AsSpan(head.Length), out var length, Quality, Window))
            throw new InvalidOperationException("Labels could not be packed.");
        return packed.AsSpan(0, head.Length + length).ToArray();
    }

    /// <summary>The labels again, in the same order; equal texts are one object.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static LabelSet[] Unpack(ReadOnlySpan<byte> packed, LabelTexts? texts = null)
    {
        var head = new RowReader(packed);
        if (head.Byte() != Packed)
            throw new InvalidDataException("Stored labels are of an unknown kind.");
        var length = head.Number();
        if (length > MostBytes)
            throw new InvalidDataException("Stored labels are impossibly long.");
        var plain = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            if (!BrotliDecoder.TryDecompress(head.Rest(), plain, out var written) || written != (int)length)
                throw new InvalidDataException("Stored labels cannot be unpacked.");
            return Read(plain.AsSpan(0, written), texts ?? LabelTexts.Shared);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static LabelSet[] Read(ReadOnlySpan<byte> plain, LabelTexts texts)
    {
        var reader = new RowReader(plain);
        var series = new LabelSet[Count(ref reader, plain.Length)];
        foreach (ref var set in series.AsSpan())
        {
            var labels = new Label[Count(ref reader, plain.Length)];
            foreach (ref var label in labels.AsSpan())
                label = new(Text(ref reader, texts), Text(ref reader, texts));
            set = LabelSet.Of(labels);
        }
        return series;
    }

    private static int Count(ref RowReader reader, int most) =>
        reader.Number() is var count && count <= (ulong)most ? (int)count : throw new InvalidDataException("Stored labels have an impossible number of parts.");

    private static string Text(ref RowReader reader, LabelTexts texts) => texts.Of(reader.Bytes((int)Math.Min(reader.Number(), int.MaxValue)));

    private static void Append(RowBytes bytes, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        bytes.AppendNumber((ulong)length);
        Encoding.UTF8.GetBytes(text, bytes.Take(length));
    }
}
