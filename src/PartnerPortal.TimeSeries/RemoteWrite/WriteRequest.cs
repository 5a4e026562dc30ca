using PartnerPortal.TimeSeries.Exposition;
using Snappier;

namespace PartnerPortal.TimeSeries.RemoteWrite;

/// <summary>
/// What a Prometheus sends to a store: samples by series, and what it knows about metrics. The bytes are a protobuf message
/// <c>prometheus.WriteRequest</c>, packed by snappy (prometheus.io/docs/specs/prw/remote_write_spec, version 1.0).
/// </summary>
/// <param name="Series">The samples; values bit for bit, end markers included.</param>
/// <param name="Families">Descriptions of metrics; they belong to no series.</param>
/// <param name="Histograms">How many native histograms were sent; they are not read.</param>
public sealed record WriteRequest(IReadOnlyList<SeriesSamples> Series, IReadOnlyList<MetricFamily> Families, int Histograms = 0)
{
    /// <summary>The types of metrics in the order of their numbers on the wire.</summary>
    internal static readonly MetricType[] Types =
    [
        MetricType.Unknown, MetricType.Counter, MetricType.Gauge, MetricType.Histogram, MetricType.GaugeHistogram, MetricType.Summary, MetricType.Info, MetricType.StateSet,
    ];

    /// <summary>Unpacks and reads a request.</summary>
    /// <exception cref="WriteRefused">It is too large, is not what it says it is, or holds series that Prometheus could not hold.</exception>
    public static WriteRequest Read(ReadOnlySpan<byte> packed, WriteLimits limits)
    {
        if (packed.Length > limits.PackedBytes)
        {
            throw TooMuch($"{limits.PackedBytes} bytes");
        }

        return new WriteReader(limits).Read(Unpack(packed, limits));
    }

    /// <summary>Writes and packs a request.</summary>
    public byte[] Write() => Snappy.CompressToArray(WriteWriter.Write(this));

    internal static WriteRefused TooMuch(string what) => new($"A request may bring at most {what}. Send less at once (queue_config.max_samples_per_send).", tooLarge: true);

    private static byte[] Unpack(ReadOnlySpan<byte> packed, WriteLimits limits)
    {
        try
        {
            var length = Snappy.GetUncompressedLength(packed);
            if (length < 0 || length > limits.Bytes)
            {
                throw TooMuch($"{limits.Bytes} bytes after decompression");
            }

            // What is promised is only believed up to what so many bytes can become: snappy copies 64 bytes by three.
            if (length > 64L * packed.Length)
            {
                throw new WriteRefused("The body is not packed by snappy: it promises more bytes than it can hold.");
            }

            return Snappy.DecompressToArray(packed);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new WriteRefused("The body is not packed by snappy (the block format).");
        }
    }
}
