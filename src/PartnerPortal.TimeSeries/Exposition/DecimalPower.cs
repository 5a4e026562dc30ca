using System.Numerics;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// The nearest double of a whole number times a power of ten, exactly rounded, without big arithmetic (Lemire, "Number Parsing
/// at a Gigabyte per Second", 2021, section 5 and the appendix's table of powers of five).
/// </summary>
internal static class DecimalPower
{
    /// <summary>The powers of ten that the table covers, both ways.</summary>
    public const int Most = 64;

    private const int MantissaBits = 52;

    private static readonly (ulong High, ulong Low)[] _fives = [.. Enumerable.Range(-Most, 2 * Most + 1).Select(Five)];

    /// <summary>Computes <paramref name="whole"/> · 10^<paramref name="power"/>; false for the few cases that need more digits, or are not normal numbers.</summary>
    public static bool TryScale(ulong whole, int power, out double value)
    {
        value = 0;
        if (whole == 0 || power is < -Most or > Most)
            return whole == 0;
        var zeros = BitOperations.LeadingZeroCount(whole);
        whole <<= zeros;
        ref var five = ref _fives[power + Most];
        var high = Math.BigMul(whole, five.High, out var low);
        if ((high & 0x1ff) == 0x1ff)
        {
            var more = Math.BigMul(whole, five.Low, out _);
            low += more;
            high += more > low ? 1UL : 0;
        }
        if (low == ulong.MaxValue && power is < -27 or > 55)
            return false;
        var top = (int)(high >> 63);
        var shift = top + 64 - MantissaBits - 3;
        var mantissa = high >> shift;
        var exponent = (217706 * power >> 16) + 63 + top - zeros + 1023;
        // Exactly between two doubles: the even one.
        if (low <= 1 && power is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << shift == high)
            mantissa &= ~1UL;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >= 2UL << MantissaBits)
        {
            mantissa = 1UL << MantissaBits;
            exponent++;
        }
        if (exponent is <= 0 or >= 0x7ff)
            return false;
        value = BitConverter.UInt64BitsToDouble((mantissa & ~(1UL << MantissaBits)) | (ulong)exponent << MantissaBits);
        return true;
    }

    /// <summary>The 128 upper bits of a power of five; of its reciprocal, rounded up, for a negative power.</summary>
    private static (ulong, ulong) Five(int power)
    {
        var five = BigInteger.Pow(5, Math.Abs(power));
        if (power < 0)
        {
            var bits = (int)(five - 1).GetBitLength();
            five = BigInteger.One * (BigInteger.One << (power >= -27 ? bits + 127 : 2 * bits + 128)) / five + 1;
        }
        var length = (int)five.GetBitLength();
        five = length <= 128 ? five << (128 - length) : five >> (length - 128);
        return ((ulong)(five >> 64), (ulong)(five & ulong.MaxValue));
    }
}
