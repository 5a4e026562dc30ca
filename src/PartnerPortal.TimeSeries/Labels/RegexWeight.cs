namespace PartnerPortal.TimeSeries.Labels;

/// <summary>
/// How many repetitions an expression has once its counts are unfolded. Comparing takes time in proportion to them for every
/// character, so that <c>(.*){1000}</c> would hold a thread for seconds although nothing backtracks.
/// </summary>
internal sealed class RegexWeight
{
    private const long Most = 500;

    private readonly Stack<long> _outer = new();
    private long _sum;
    private long _last;

    /// <summary>One character, class or anchor.</summary>
    public void Atom() => _last = 0;

    public void Open()
    {
        _outer.Push(_sum);
        (_sum, _last) = (0, 0);
    }

    public void Close()
    {
        _last = _sum;
        _sum += _outer.Count > 0 ? _outer.Pop() : 0;
    }

    /// <summary>The last atom or group is repeated, a number of times when it is counted.</summary>
    /// <exception cref="ArgumentException">There are too many repetitions.</exception>
    public void Repeat(long times)
    {
        var unfolded = Math.Max(times, 1) * Math.Max(_last, 1);
        _sum += unfolded - _last;
        _last = unfolded;
        if (_sum > Most)
            throw new ArgumentException($"A label expression may have at most {Most} repetitions, counted ones unfolded.");
    }
}
