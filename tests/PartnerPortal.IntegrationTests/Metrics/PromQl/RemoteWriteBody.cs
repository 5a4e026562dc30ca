using System.Text;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>
/// Samples as a remote-write request, the only way to give a Prometheus end markers of the past: protobuf written by hand and
/// snappy without compression, so that the test does not share code with the product.
/// </summary>
internal static class RemoteWriteBody
{
    public static byte[] Of(IEnumerable<ReadSeries> series)
    {
        var request = new MemoryStream();
        foreach (var one in series)
        {
            Field(request, 1, Series(one));
        }

        return Snappy(request.ToArray());
    }

    private static byte[] Series(ReadSeries series)
    {
        var message = new MemoryStream();
        foreach (var label in series.Labels)
        {
            var pair = new MemoryStream();
            Field(pair, 1, Encoding.UTF8.GetBytes(label.Name));
            Field(pair, 2, Encoding.UTF8.GetBytes(label.Value));
            Field(message, 1, pair.ToArray());
        }

        foreach (var sample in series.Samples)
        {
            var pair = new MemoryStream();
            pair.WriteByte((1 << 3) | 1);
            pair.Write(BitConverter.GetBytes(sample.Value));
            pair.WriteByte(2 << 3);
            Number(pair, (ulong)sample.Time);
            Field(message, 2, pair.ToArray());
        }

        return message.ToArray();
    }

    private static void Field(MemoryStream to, int field, byte[] bytes)
    {
        to.WriteByte((byte)((field << 3) | 2));
        Number(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Number(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.WriteByte((byte)(value | 0x80));
        }

        to.WriteByte((byte)value);
    }

    /// <summary>The length, then literals of at most 64 KiB.</summary>
    private static byte[] Snappy(byte[] bytes)
    {
        var packed = new MemoryStream();
        Number(packed, (ulong)bytes.Length);
        foreach (var chunk in bytes.Chunk(65_536))
        {
            packed.WriteByte(61 << 2);
            packed.Write(BitConverter.GetBytes((ushort)(chunk.Length - 1)));
            packed.Write(chunk);
        }

        return packed.ToArray();
    }
}
