using System.Numerics;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>Doubles as the changed bits against their predecessor (Pelkonen et al., "Gorilla", VLDB 2015, section 4.1.2).</summary>
internal static class XorCodes
{
    public static void Write(BitWriter to, ReadOnlySpan<double> values)
    {
        var previous = BitConverter.DoubleToUInt64Bits(values[0]);
        to.Write(previous, 64);
        var (leading, trailing) = (65, 0);
        foreach (var value in values[1..])
        {
            var bits = BitConverter.DoubleToUInt64Bits(value);
            var changed = bits ^ previous;
            previous = bits;
            if (changed == 0)
            {
                to.Write(0, 1);
                continue;
            }
            var zerosBefore = Math.Min(31, BitOperations.LeadingZeroCount(changed));
            var zerosAfter = BitOperations.TrailingZeroCount(changed);
            if (zerosBefore >= leading && zerosAfter >= trailing)
            {
                to.Write(0b10, 2);
            }
            else
            {
                (leading, trailing) = (zerosBefore, zerosAfter);
                to.Write(0b11, 2);
                to.Write((ulong)leading, 5);
                to.Write((ulong)(63 - leading - trailing), 6);
            }
            to.Write(changed >> trailing, 64 - leading - trailing);
        }
    }

    public static void Read(ref BitReader from, Span<double> values)
    {
        var bits = from.Read(64);
        values[0] = BitConverter.UInt64BitsToDouble(bits);
        var (leading, trailing) = (0, 0);
        foreach (ref var value in values[1..])
        {
            if (from.Read(1) == 1)
            {
                if (from.Read(1) == 1)
                {
                    leading = (int)from.Read(5);
                    trailing = 63 - leading - (int)from.Read(6);
                    if (trailing < 0)
                        throw new InvalidDataException("A block of samples has an impossible window of bits.");
                }
                bits ^= from.Read(64 - leading - trailing) << trailing;
            }
            value = BitConverter.UInt64BitsToDouble(bits);
        }
    }
}
