using System.Numerics;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// Whole numbers near zero in few bits: groups of 60, each with its own Rice parameter (Rice and Plaunt, 1971), a group of
/// zeros in six bits. Numbers far from the rest of their group are written whole.
/// </summary>
internal static class RiceCodes
{
    private const int Group = 60;
    private const int MaxQuotient = 24;
    private const int AllZero = 63;
    private const int AllEqual = 62;
    private const int MaxParameter = 56;

    public static void Write(BitWriter to, ReadOnlySpan<long> numbers)
    {
        Span<ulong> folded = stackalloc ulong[Group];
        for (var at = 0; at < numbers.Length; at += Group)
        {
            var group = numbers.Slice(at, Math.Min(Group, numbers.Length - at));
            if (!group.ContainsAnyExcept(group[0]))
            {
                to.Write(group[0] == 0 ? AllZero : (ulong)AllEqual, 6);
                if (group[0] != 0)
                    to.Write((ulong)group[0], 64);
                continue;
            }
            for (var i = 0; i < group.Length; i++)
                folded[i] = Fold(group[i]);
            WriteGroup(to, folded[..group.Length]);
        }
    }

    public static void Read(ref BitReader from, Span<long> numbers)
    {
        for (var at = 0; at < numbers.Length; at += Group)
        {
            var group = numbers.Slice(at, Math.Min(Group, numbers.Length - at));
            var parameter = (int)from.Read(6);
            if (parameter >= AllEqual)
            {
                group.Fill(parameter == AllZero ? 0 : (long)from.Read(64));
                continue;
            }
            for (var i = 0; i < group.Length; i++)
            {
                var quotient = from.ReadZeros(MaxQuotient);
                group[i] = Unfold(quotient == MaxQuotient ? from.Read(64) : ((ulong)quotient << parameter) | from.Read(parameter));
            }
        }
    }

    private static void WriteGroup(BitWriter to, ReadOnlySpan<ulong> folded)
    {
        var parameter = BestParameter(folded);
        to.Write((ulong)parameter, 6);
        foreach (var number in folded)
        {
            var quotient = number >> parameter;
            if (quotient >= MaxQuotient)
            {
                to.Write(0, MaxQuotient);
                to.Write(number, 64);
                continue;
            }
            to.Write(1, (int)quotient + 1);
            to.Write(number, parameter);
        }
    }

    private static int BestParameter(ReadOnlySpan<ulong> folded)
    {
        // The best parameter lies near the middle number's size; its neighbours are tried because outliers are cheap.
        Span<ulong> sorted = stackalloc ulong[Group];
        folded.CopyTo(sorted);
        sorted = sorted[..folded.Length];
        sorted.Sort();
        var middle = Math.Min(MaxParameter, 64 - BitOperations.LeadingZeroCount(sorted[folded.Length / 2]));
        var (best, least) = (middle, long.MaxValue);
        for (var parameter = Math.Max(0, middle - 2); parameter <= Math.Min(MaxParameter, middle + 2); parameter++)
        {
            long bits = 0;
            foreach (var number in folded)
                bits += number >> parameter is < MaxQuotient and var quotient ? (long)quotient + 1 + parameter : MaxQuotient + 64;
            if (bits < least)
                (best, least) = (parameter, bits);
        }
        return best;
    }

    private static ulong Fold(long number) => (ulong)((number << 1) ^ (number >> 63));

    private static long Unfold(ulong folded) => (long)(folded >> 1) ^ -(long)(folded & 1);
}
