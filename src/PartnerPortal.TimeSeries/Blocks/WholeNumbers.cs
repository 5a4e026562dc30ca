namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>How doubles become whole numbers and back, bit for bit.</summary>
internal static class WholeNumbers
{
    /// <summary>The largest power of ten that values are scaled by: durations are often written in nanoseconds.</summary>
    public const int MostScale = 12;

    private const double MaxWhole = 1L << 52;

    private static readonly double[] _powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>The smallest power of ten that makes all values whole and gives each back bit for bit; -1 when there is none.</summary>
    public static int Scale(ReadOnlySpan<double> values, Span<long> numbers, int most = MostScale)
    {
        for (var scale = 0; scale <= most; scale++)
        {
            var power = _powers[scale];
            var i = 0;
            for (; i < values.Length; i++)
            {
                var whole = Math.Round(values[i] * power);
                if (!(Math.Abs(whole) < MaxWhole) || Bits((long)whole / power) != Bits(values[i]))
                    break;
                numbers[i] = (long)whole;
            }
            if (i == values.Length)
                return scale;
        }
        return -1;
    }

    /// <summary>The value of a scaled number.</summary>
    public static double Unscale(long number, int scale) => number / _powers[scale];

    /// <summary>The bits of a double as a number that grows with it, so that near doubles are near numbers.</summary>
    public static long Order(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }

    /// <summary>The double of <see cref="Order"/>.</summary>
    public static double Unorder(long number) => BitConverter.Int64BitsToDouble(number < 0 ? number ^ long.MaxValue : number);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
