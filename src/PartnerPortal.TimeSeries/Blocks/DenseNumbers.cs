using System.Numerics;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// Writes whole numbers as decisions: first how many bits a number has, guessed from the two numbers before it and from what a
/// neighbouring series did at the same instant; then its bits, the upper ones learnt, the lower ones raw.
/// </summary>
internal ref struct DenseNumbers
{
    private const int Neighbours = 6;
    private const int Activities = 5;
    private const int LearntWhole = 5;
    private const int LearntBits = 3;

    private readonly Span<uint> _sizes;
    private readonly Span<uint> _upper;
    private readonly int _depth;
    private readonly int _least;
    private int _last;
    private int _beforeLast;

    /// <summary>Prepares for numbers that have <paramref name="least"/> to <paramref name="most"/> bits (0 to 64).</summary>
    public DenseNumbers(int least, int most)
    {
        _least = least;
        _depth = 32 - BitOperations.LeadingZeroCount((uint)(most - least));
        _sizes = new uint[Neighbours * Activities << _depth];
        _sizes.Fill(Chance.Even);
        _upper = new uint[65 << LearntWhole];
        _upper.Fill(Chance.Even);
    }

    /// <summary>The class of a neighbour's change at the same instant.</summary>
    public static int ClassOf(long change) => Math.Min(BitsOf(Fold(change)), Neighbours - 1);

    public static int BitsOf(ulong number) => 64 - BitOperations.LeadingZeroCount(number);

    public static ulong Fold(long number) => (ulong)((number << 1) ^ (number >> 63));

    public static long Unfold(ulong folded) => (long)(folded >> 1) ^ -(long)(folded & 1);

    public void Write(RangeWriter to, ulong number, int neighbour)
    {
        var bits = BitsOf(number);
        var sizes = Sizes(neighbour);
        var node = 1;
        for (var i = _depth - 1; i >= 0; i--)
        {
            var one = ((bits - _least) >> i & 1) != 0;
            to.Write(one, ref sizes[node]);
            node = node << 1 | (one ? 1 : 0);
        }
        Remember(bits);
        var rest = bits - 1;
        if (rest <= 0)
            return;
        var learnt = bits <= LearntWhole ? rest : LearntBits;
        var upper = _upper.Slice(bits << LearntWhole, 1 << LearntWhole);
        node = 1;
        for (var i = 0; i < learnt; i++)
        {
            var one = (number >> (rest - 1 - i) & 1) != 0;
            to.Write(one, ref upper[node]);
            node = node << 1 | (one ? 1 : 0);
        }
        to.WriteRaw(number & ((1UL << (rest - learnt)) - 1), rest - learnt);
    }

    public ulong Read(ref RangeReader from, int neighbour)
    {
        var sizes = Sizes(neighbour);
        var node = 1;
        for (var i = 0; i < _depth; i++)
            node = node << 1 | (from.Read(ref sizes[node]) ? 1 : 0);
        var bits = Math.Min(node - (1 << _depth) + _least, 64);
        Remember(bits);
        var rest = bits - 1;
        if (rest <= 0)
            return (ulong)bits;
        var learnt = bits <= LearntWhole ? rest : LearntBits;
        var upper = _upper.Slice(bits << LearntWhole, 1 << LearntWhole);
        node = 1;
        for (var i = 0; i < learnt; i++)
            node = node << 1 | (from.Read(ref upper[node]) ? 1 : 0);
        return (ulong)node << (rest - learnt) | from.ReadRaw(rest - learnt);
    }

    private readonly Span<uint> Sizes(int neighbour)
    {
        var activity = (_last + _beforeLast) switch { 0 => 0, <= 2 => 1, <= 5 => 2, <= 10 => 3, _ => 4 };
        return _sizes.Slice((neighbour * Activities + activity) << _depth, 1 << _depth);
    }

    private void Remember(int bits) => (_beforeLast, _last) = (_last, bits - _least);
}
