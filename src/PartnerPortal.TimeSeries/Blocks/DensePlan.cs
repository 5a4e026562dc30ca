namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>How the numbers of one column are made small before they are written: steps of a common size, differences of some order, around a middle.</summary>
internal readonly record struct DensePlan
{
    private const double ZeroCosts = 0.4;
    private const double SizeCosts = 1.3;
    private const int MiddleOf = 400;

    public int Order { get; init; }

    public long First { get; init; }

    /// <summary>What all steps are multiples of, such as the page size of a memory figure.</summary>
    public long Step { get; init; }

    public long Middle { get; init; }

    /// <summary>No number lies below the middle, so none needs a sign.</summary>
    public bool Signless { get; init; }

    public int LeastBits { get; init; }

    public int MostBits { get; init; }

    /// <summary>The plan that seems to cost least, and the small numbers it gives, one less than there are numbers.</summary>
    public static (DensePlan Plan, ulong[] Small) For(ReadOnlySpan<long> numbers)
    {
        var step = CommonStep(numbers);
        var steps = new long[numbers.Length];
        for (var i = 1; i < steps.Length; i++)
            steps[i] = unchecked(numbers[i] - numbers[0]) / step;
        var (best, least) = (default(DensePlan), double.MaxValue);
        Span<long> residuals = new long[numbers.Length - 1];
        for (var order = 0; order <= 2; order++)
        {
            Residuals(steps, order, residuals);
            foreach (var middle in (ReadOnlySpan<long>)[0, MiddleValue(residuals)])
            {
                var (cost, signless) = Cost(residuals, middle);
                if (cost < least)
                    (best, least) = (new DensePlan { Order = order, First = numbers[0], Step = step, Middle = middle, Signless = signless }, cost);
            }
        }
        Residuals(steps, best.Order, residuals);
        var small = new ulong[residuals.Length];
        var (fewest, most) = (64, 0);
        for (var i = 0; i < small.Length; i++)
        {
            small[i] = best.Small(residuals[i]);
            var bits = DenseNumbers.BitsOf(small[i]);
            (fewest, most) = (Math.Min(fewest, bits), Math.Max(most, bits));
        }
        return (best with { LeastBits = Math.Min(fewest, most), MostBits = most }, small);
    }

    /// <summary>Puts the numbers together again; <paramref name="numbers"/> holds the small ones from its second place on.</summary>
    public void Restore(Span<long> numbers)
    {
        long value = 0, slope = 0;
        numbers[0] = First;
        for (var i = 1; i < numbers.Length; i++)
        {
            unchecked
            {
                var residual = (Signless ? numbers[i] : DenseNumbers.Unfold((ulong)numbers[i])) + Middle;
                slope = Order == 2 ? slope + residual : residual;
                value = Order == 0 ? residual : value + slope;
                numbers[i] = First + value * Step;
            }
        }
    }

    private ulong Small(long residual) => unchecked(Signless ? (ulong)(residual - Middle) : DenseNumbers.Fold(residual - Middle));

    private static void Residuals(ReadOnlySpan<long> steps, int order, Span<long> residuals)
    {
        long before = 0, slope = 0;
        for (var i = 0; i < residuals.Length; i++)
        {
            unchecked
            {
                var now = steps[i + 1];
                var change = now - before;
                residuals[i] = order switch { 0 => now, 1 => change, _ => change - slope };
                (before, slope) = (now, change);
            }
        }
    }

    private static (double Cost, bool Signless) Cost(ReadOnlySpan<long> residuals, long middle)
    {
        var signless = true;
        foreach (var residual in residuals)
        {
            if (residual < middle)
            {
                signless = false;
                break;
            }
        }
        double cost = 0;
        foreach (var residual in residuals)
        {
            var bits = DenseNumbers.BitsOf(unchecked(signless ? (ulong)(residual - middle) : DenseNumbers.Fold(residual - middle)));
            cost += bits == 0 ? ZeroCosts : bits + SizeCosts;
        }
        return (cost, signless);
    }

    private static long MiddleValue(ReadOnlySpan<long> residuals)
    {
        if (residuals.IsEmpty)
            return 0;
        Span<long> some = stackalloc long[Math.Min(MiddleOf, residuals.Length)];
        for (var i = 0; i < some.Length; i++)
            some[i] = residuals[(int)((long)i * residuals.Length / some.Length)];
        some.Sort();
        return some[some.Length / 2];
    }

    private static long CommonStep(ReadOnlySpan<long> numbers)
    {
        long common = 0;
        for (var i = 1; i < numbers.Length && common != 1; i++)
        {
            var difference = unchecked(numbers[i] - numbers[i - 1]);
            if (difference == long.MinValue)
                return 1;
            for (var other = Math.Abs(difference); other != 0;)
                (common, other) = (other, common % other);
        }
        // Numbers that wrapped around would not be multiples any more.
        for (var i = 1; i < numbers.Length && common > 1; i++)
        {
            if (unchecked(numbers[i] - numbers[0]) % common != 0)
                return 1;
        }
        return Math.Max(common, 1);
    }
}
