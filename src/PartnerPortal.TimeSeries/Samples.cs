namespace PartnerPortal.TimeSeries;

/// <summary>One measured value at one instant, milliseconds since 1970 in UTC.</summary>
public readonly record struct Sample(long Time, double Value);

/// <summary>The two NaNs that Prometheus tells apart by their bits.</summary>
public static class Samples
{
    private const ulong StaleBits = 0x7ff0000000000002;

    /// <summary>The NaN that a service itself reported (Prometheus's value.NormalNaN).</summary>
    public static readonly double OrdinaryNaN = BitConverter.UInt64BitsToDouble(0x7ff8000000000001);

    /// <summary>The marker "this series ended here" (Prometheus's value.StaleNaN).</summary>
    public static readonly double Stale = BitConverter.UInt64BitsToDouble(StaleBits);

    /// <summary>Whether a value is the marker, bit for bit.</summary>
    public static bool IsStale(double value) => BitConverter.DoubleToUInt64Bits(value) == StaleBits;
}
