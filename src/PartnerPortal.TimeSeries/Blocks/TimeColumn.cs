namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>Instants in milliseconds as differences of differences: a steady scrape costs almost nothing. Lossless for any order.</summary>
internal static class TimeColumn
{
    public static void Write(BitWriter to, ReadOnlySpan<long> times)
    {
        if (times.IsEmpty)
            return;
        var differences = new long[times.Length];
        long previous = 0, step = 0;
        for (var i = 0; i < times.Length; i++)
        {
            // Arithmetic wraps around, so that even absurd instants come back exactly.
            var next = unchecked(times[i] - previous);
            differences[i] = unchecked(next - step);
            (previous, step) = (times[i], next);
        }
        to.Write((ulong)differences[0], 64);
        if (times.Length > 1)
            to.Write((ulong)differences[1], 64);
        if (times.Length > 2)
            RiceCodes.Write(to, differences.AsSpan(2));
        to.Align();
    }

    public static void Read(ref BitReader from, Span<long> times)
    {
        if (times.IsEmpty)
            return;
        times[0] = (long)from.Read(64);
        if (times.Length > 1)
            times[1] = (long)from.Read(64);
        if (times.Length > 2)
            RiceCodes.Read(ref from, times[2..]);
        from.Align();
        long previous = 0, step = 0;
        for (var i = 0; i < times.Length; i++)
        {
            step = unchecked(step + times[i]);
            previous = times[i] = unchecked(previous + step);
        }
    }
}
