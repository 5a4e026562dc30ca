namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// The values of one series over a long time, bit for bit and as small as we can make them: for blocks that are written once
/// and kept for years. A column may be told against one before it in the block: a bucket of a histogram as its distance from
/// the next larger one, and any series by asking whether its neighbour moved at the same instant.
/// </summary>
/// <param name="Present">At which instants the series was there; null for all.</param>
/// <param name="Numbers">The values that were there as whole numbers; one for a constant.</param>
/// <param name="Kind">What the numbers mean.</param>
/// <param name="Scale">The power of ten the values were multiplied by.</param>
internal sealed record DenseColumn(bool[]? Present, long[] Numbers, DenseKind Kind, int Scale)
{
    /// <summary>How far back a column may look for the one it is told against.</summary>
    public const int Farthest = 3;

    /// <summary>Takes the values of a series; instants without it are <see cref="Samples.Stale"/>.</summary>
    public static DenseColumn Of(ReadOnlySpan<double> values)
    {
        var kept = new List<double>(values.Length);
        foreach (var value in values)
        {
            if (!Samples.IsStale(value))
                kept.Add(value);
        }
        bool[]? present = null;
        if (kept.Count < values.Length)
        {
            present = new bool[values.Length];
            for (var i = 0; i < present.Length; i++)
                present[i] = !Samples.IsStale(values[i]);
        }
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept);
        if (all.IsEmpty)
            return new(present, [], DenseKind.Nothing, 0);
        var numbers = new long[all.Length];
        if (IsConstant(all))
            return new(present, [BitConverter.DoubleToInt64Bits(all[0])], DenseKind.Constant, 0);
        var scale = WholeNumbers.Scale(all, numbers);
        if (scale >= 0)
            return new(present, numbers, DenseKind.Whole, scale);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = WholeNumbers.Order(all[i]);
        return new(present, numbers, DenseKind.Ordered, 0);
    }

    /// <summary>The values again, <see cref="Samples.Stale"/> where the series was not there.</summary>
    public void CopyTo(Span<double> values)
    {
        var next = 0;
        for (var i = 0; i < values.Length; i++)
            values[i] = Present is null || Present[i] ? Value(next++) : Samples.Stale;
    }

    /// <summary>Whether the column has numbers that change, so that others can be told against it.</summary>
    public bool Moves => Kind is DenseKind.Whole or DenseKind.Ordered;

    /// <summary>Whether the column stands at the same instants as another.</summary>
    public bool StandsWith(DenseColumn other) =>
        Present is null ? other.Present is null : other.Present is not null && Present.AsSpan().SequenceEqual(other.Present);

    private double Value(int at) => Kind switch
    {
        DenseKind.Constant => BitConverter.Int64BitsToDouble(Numbers[0]),
        DenseKind.Whole => WholeNumbers.Unscale(Numbers[at], Scale),
        _ => WholeNumbers.Unorder(Numbers[at]),
    };

    private static bool IsConstant(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (BitConverter.DoubleToUInt64Bits(value) != BitConverter.DoubleToUInt64Bits(values[0]))
                return false;
        }
        return true;
    }
}

/// <summary>What the numbers of a dense column mean.</summary>
internal enum DenseKind
{
    /// <summary>The series was never there.</summary>
    Nothing,

    /// <summary>One value, as its bits.</summary>
    Constant,

    /// <summary>Values times a power of ten.</summary>
    Whole,

    /// <summary>The bits of the values, ordered.</summary>
    Ordered,
}
