namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// The values of one series, bit for bit: one constant; whole numbers after a decimal scaling, as differences; or, for
/// full-precision values, XOR with the predecessor (Pelkonen et al., "Gorilla", VLDB 2015). Scrapes without the series are
/// <see cref="Samples.Stale"/>; they stand in a bitmap so that a short absence does not spoil the rest.
/// </summary>
internal static class ValueColumn
{
    private const int Constant = 1;
    private const int Xor = 2;
    private const int Nothing = 3;
    private const int Scaled = 8;
    private const int HasAbsences = 0x80;
    private const double MaxWhole = 1L << 52;

    private static readonly double[] _powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

    public static void Write(BitWriter to, ReadOnlySpan<double> values)
    {
        var present = new List<double>(values.Length);
        foreach (var value in values)
        {
            if (!Samples.IsStale(value))
                present.Add(value);
        }
        var kept = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(present);
        var absences = kept.Length == values.Length ? 0 : HasAbsences;
        var numbers = new long[kept.Length];
        var scale = kept.IsEmpty || IsConstant(kept) ? -1 : Scale(kept, numbers);
        var mode = kept.IsEmpty ? Nothing : IsConstant(kept) ? Constant : scale >= 0 ? Scaled + scale : Xor;
        to.Write((ulong)(mode | absences), 8);
        if (absences != 0)
        {
            foreach (var value in values)
                to.Write(Samples.IsStale(value) ? 0u : 1u, 1);
        }
        if (mode == Constant)
            to.Write(Bits(kept[0]), 64);
        else if (mode == Xor)
            XorCodes.Write(to, kept);
        else if (mode >= Scaled)
            WriteDifferences(to, numbers);
        to.Align();
    }

    public static void Read(ref BitReader from, Span<double> values)
    {
        var mode = (int)from.Read(8);
        var count = values.Length;
        var present = new bool[(mode & HasAbsences) == 0 ? 0 : values.Length];
        if (present.Length > 0)
        {
            count = 0;
            foreach (ref var one in present.AsSpan())
            {
                one = from.Read(1) == 1;
                count += one ? 1 : 0;
            }
        }
        // What is present is read to the end of the span and then spread out from the front; neither overtakes the other.
        var kept = values[^count..];
        ReadPresent(ref from, mode & ~HasAbsences, kept);
        from.Align();
        for (int i = 0, next = 0; i < present.Length; i++)
            values[i] = present[i] ? kept[next++] : Samples.Stale;
    }

    private static void ReadPresent(ref BitReader from, int mode, Span<double> values)
    {
        switch (mode)
        {
            case Nothing:
                break;
            case var _ when values.IsEmpty:
                throw new InvalidDataException("A block of samples has a column without values.");
            case Constant:
                values.Fill(BitConverter.UInt64BitsToDouble(from.Read(64)));
                break;
            case Xor:
                XorCodes.Read(ref from, values);
                break;
            case >= Scaled when mode - Scaled < _powers.Length:
                ReadDifferences(ref from, _powers[mode - Scaled], values);
                break;
            default:
                throw new InvalidDataException($"A block of samples has a column of the unknown kind {mode}.");
        }
    }

    private static void WriteDifferences(BitWriter to, Span<long> numbers)
    {
        to.Write((ulong)numbers[0], 64);
        for (var i = numbers.Length - 1; i > 0; i--)
            numbers[i] -= numbers[i - 1];
        RiceCodes.Write(to, numbers[1..]);
    }

    private static void ReadDifferences(ref BitReader from, double power, Span<double> values)
    {
        var number = (long)from.Read(64);
        values[0] = number / power;
        var differences = new long[values.Length - 1];
        RiceCodes.Read(ref from, differences);
        for (var i = 1; i < values.Length; i++)
        {
            number += differences[i - 1];
            values[i] = number / power;
        }
    }

    /// <summary>The smallest power of ten that makes all values whole and gives each back bit for bit; -1 when there is none.</summary>
    private static int Scale(ReadOnlySpan<double> values, Span<long> numbers)
    {
        for (var scale = 0; scale < _powers.Length; scale++)
        {
            var i = 0;
            for (; i < values.Length; i++)
            {
                var whole = Math.Round(values[i] * _powers[scale]);
                if (!(Math.Abs(whole) < MaxWhole) || Bits((long)whole / _powers[scale]) != Bits(values[i]))
                    break;
                numbers[i] = (long)whole;
            }
            if (i == values.Length)
                return scale;
        }
        return -1;
    }

    private static bool IsConstant(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (Bits(value) != Bits(values[0]))
                return false;
        }
        return true;
    }

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
