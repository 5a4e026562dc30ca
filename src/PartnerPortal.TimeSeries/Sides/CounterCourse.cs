namespace PartnerPortal.TimeSeries.Sides;

/// <summary>
/// What a counter counted since its first sample, restarts taken out. Between two samples nobody knows when its counts came, so a
/// count between two instants is known only within bounds.
/// </summary>
public sealed class CounterCourse
{
    private readonly List<long> _times = [];
    private readonly List<double> _counts = [];

    /// <summary>Reads the samples of one counter in order of time; markers and NaN are left aside.</summary>
    public CounterCourse(ReadOnlySpan<Sample> samples)
    {
        var (last, count) = (double.NaN, 0d);
        foreach (var sample in samples)
        {
            if (!double.IsFinite(sample.Value) || (_times.Count > 0 && sample.Time <= _times[^1]))
                continue;
            // After a restart everything that the counter shows came since.
            count += double.IsNaN(last) ? 0 : sample.Value >= last ? sample.Value - last : sample.Value;
            last = sample.Value;
            _times.Add(sample.Time);
            _counts.Add(count);
        }
    }

    /// <summary>How many samples there are.</summary>
    public int Count => _times.Count;

    /// <summary>The first sample, milliseconds since 1970.</summary>
    public long First => _times[0];

    /// <summary>The last sample.</summary>
    public long Last => _times[^1];

    /// <summary>The least and the most that can have been counted between two instants, both within the samples and each known to so many milliseconds.</summary>
    public (double Least, double Most) Between(long from, long to, long off = 0)
    {
        var (fromBefore, fromAfter) = (Around(from - off).Before, Around(from + off).After);
        var (toBefore, toAfter) = (Around(to - off).Before, Around(to + off).After);
        return (Math.Max(0, toBefore - fromAfter), Math.Max(0, toAfter - fromBefore));
    }

    /// <summary>What was counted up to an instant, if counts came evenly between samples.</summary>
    public double At(long time)
    {
        var next = _times.BinarySearch(time);
        if (next >= 0)
            return _counts[next];
        next = ~next;
        if (next == 0 || next == _times.Count)
            return _counts[next == 0 ? 0 : ^1];
        var part = (double)(time - _times[next - 1]) / (_times[next] - _times[next - 1]);
        return _counts[next - 1] + part * (_counts[next] - _counts[next - 1]);
    }

    /// <summary>
    /// How far off <see cref="At"/> may be, as a variance in calls: of the k calls between the two samples around the instant each
    /// came before it with the same chance p, so the count before it is binomial with the variance k p (1 − p).
    /// </summary>
    public double Variance(long time)
    {
        var next = _times.BinarySearch(time);
        if (next >= 0 || (next = ~next) == 0 || next == _times.Count)
            return 0;
        var part = (double)(time - _times[next - 1]) / (_times[next] - _times[next - 1]);
        return (_counts[next] - _counts[next - 1]) * part * (1 - part);
    }

    /// <summary>
    /// How many calls come together, as the counts themselves show it: 1 when each comes by itself, more for batches. The mean square
    /// of the differences between neighbouring intervals over what independent calls would make it (von Neumann 1941, so a rate that
    /// changes slowly is no burst).
    /// </summary>
    public double Burst(long from, long to)
    {
        var (squares, calls, pairs) = (0d, 0d, 0);
        for (var i = Math.Max(2, _times.BinarySearch(from) is var at && at < 0 ? ~at : at); i < _times.Count && _times[i - 2] <= to; i++)
        {
            var (a, b) = (_counts[i - 1] - _counts[i - 2], _counts[i] - _counts[i - 1]);
            squares += (b - a) * (b - a);
            calls += a + b;
            pairs++;
        }
        return pairs < 3 || calls == 0 ? 1 : Math.Max(1, squares / calls);
    }

    private (double Before, double After) Around(long time)
    {
        var at = _times.BinarySearch(time);
        if (at >= 0)
            return (_counts[at], _counts[at]);
        at = ~at;
        return (_counts[Math.Max(0, at - 1)], _counts[Math.Min(_counts.Count - 1, at)]);
    }
}
