using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.TimeSeries.Rollups;

/// <summary>What a rollup keeps of the values of one stretch of time, in the order in which its columns stand.</summary>
public enum RollupPart
{
    /// <summary>The lowest value; NaN only when all are.</summary>
    Min,

    /// <summary>The highest value; NaN only when all are.</summary>
    Max,

    /// <summary>Their sum, compensated for rounding.</summary>
    Sum,

    /// <summary>How many there were.</summary>
    Count,

    /// <summary>The last one.</summary>
    Last,
}

/// <summary>
/// Rollups of one source and day in the form of a sealed block: its instants are where the stretches begin, and each series has
/// five columns side by side, one per <see cref="RollupPart"/>, under the numbers <see cref="NumberOf"/>.
/// </summary>
public static class RollupBlock
{
    private const int Parts = 5;

    /// <summary>The number of a part's column. Numbers of series may therefore not exceed 429,496,728.</summary>
    public static int NumberOf(int series, RollupPart part) => checked(series * Parts + (int)part);

    /// <summary>Rolls up blocks of one source that follow one another in time.</summary>
    /// <param name="blocks">The blocks of a day.</param>
    /// <param name="width">The length of a stretch in milliseconds; stretches begin at multiples of it since 1970.</param>
    /// <param name="given">What a stored value was when it came: markers that a block keeps under another number count as absent.</param>
    public static SealedBlock Of(IReadOnlyList<SealedBlock> blocks, long width, Func<double, double> given)
    {
        var indexes = blocks.Select(b => BlockIndex.Read(b.Index)).ToArray();
        var times = indexes.SelectMany(i => i.Times).Select(t => t / width * width).Distinct().Order().ToArray();
        var series = indexes.SelectMany(i => i.Series).Distinct().Order().ToArray();
        var columns = new SortedDictionary<int, DenseColumn>();
        foreach (var id in series)
        {
            var rollups = new Stretch[times.Length];
            for (var b = 0; b < indexes.Length; b++)
            {
                if (indexes[b].Find(id) is var (offset, length))
                    Add(rollups, times, width, indexes[b].Times, indexes[b].Column(blocks[b].Data.AsSpan(offset, length)), given);
            }
            foreach (var part in Enum.GetValues<RollupPart>())
            {
                columns[NumberOf(id, part)] = DenseColumn.Of(Array.ConvertAll(rollups, r => r[part]));
            }
        }
        return SealedBlock.Pack(times, columns);
    }

    private static void Add(Stretch[] rollups, long[] starts, long width, long[] times, double[] values, Func<double, double> given)
    {
        var at = 0;
        for (var i = 0; i < times.Length; i++)
        {
            if (given(values[i]) is var value && Samples.IsStale(value))
                continue;
            while (starts[at] + width <= times[i])
                at++;
            rollups[at].Add(value);
        }
    }

    private struct Stretch
    {
        private double _min;
        private double _max;
        private double _sum;
        private double _lost;
        private double _last;
        private int _count;

        public readonly double this[RollupPart part] => _count == 0 ? Samples.Stale : part switch
        {
            RollupPart.Min => _min,
            RollupPart.Max => _max,
            RollupPart.Sum => double.IsFinite(_sum) ? _sum + _lost : _sum,
            RollupPart.Count => _count,
            _ => _last,
        };

        public void Add(double value)
        {
            _min = _count == 0 || double.IsNaN(_min) || value < _min ? value : _min;
            _max = _count == 0 || double.IsNaN(_max) || value > _max ? value : _max;
            // Kahan and Babuška (Neumaier, 1974), as Prometheus sums.
            var sum = _sum + value;
            _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
            (_sum, _last) = (sum, value);
            _count++;
        }
    }
}
