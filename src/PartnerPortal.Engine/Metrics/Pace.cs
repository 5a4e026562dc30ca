using System.Buffers.Binary;

namespace PartnerPortal.Engine.Metrics;

/// <summary>When a source is due: every interval, shifted by an offset that follows from its id, so that sources spread out and keep their place across restarts.</summary>
public readonly record struct Pace(TimeSpan Interval, TimeSpan Offset)
{
    /// <summary>The pace of a source.</summary>
    public static Pace Of(Guid source, TimeSpan interval)
    {
        // The last bytes of a version 7 id are random; the first ones are the time, alike for sources entered together.
        Span<byte> bytes = stackalloc byte[16];
        source.TryWriteBytes(bytes, bigEndian: true, out _);
        var place = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & 0x3fff_ffff_ffff_ffff;
        return new Pace(interval, TimeSpan.FromMilliseconds((long)(place % (ulong)interval.TotalMilliseconds)));
    }

    /// <summary>The first due moment after the given one.</summary>
    public DateTimeOffset After(DateTimeOffset now)
    {
        var since = now.UtcTicks - Offset.Ticks;
        return new DateTimeOffset((since / Interval.Ticks + 1) * Interval.Ticks + Offset.Ticks, TimeSpan.Zero);
    }
}
