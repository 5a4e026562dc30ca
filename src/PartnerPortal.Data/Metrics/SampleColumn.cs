using System.Buffers;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.Data.Metrics;

/// <summary>Collects the samples of one series between two instants, both included. Pieces may arrive in any order; within a piece of pushed rows, the first arrival comes first.</summary>
public sealed class SampleColumn(long from, long to)
{
    // Where a run begins that is not later than what came before it: memory is read before the store, which holds what is older.
    private readonly List<int> _runs = [];
    private Sample[] _samples = [];
    private int _count;
    private bool _pushed;

    /// <summary>Samples that were collected so far.</summary>
    public int Count => _count;

    /// <summary>From here on nothing more is taken: later samples were added already, from memory.</summary>
    public long StopBefore { get; set; } = long.MaxValue;

    /// <summary>Adds the values of scrapes at rising times; <see cref="Samples.Stale"/> where the series was missing.</summary>
    public void Add(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var first = FirstFrom(times, from);
        var end = FirstFrom(times, Math.Min(to == long.MaxValue ? to : to + 1, StopBefore));
        if (end <= first)
        {
            return;
        }

        var added = Take(times[first], end - first);
        for (var i = 0; i < added.Length; i++)
        {
            added[i] = new Sample(times[first + i], values[first + i]);
        }
    }

    /// <summary>Adds the value of one scrape.</summary>
    public void Add(long time, double value)
    {
        if (time >= from && time <= to && time < StopBefore)
        {
            Take(time, 1)[0] = new Sample(time, value);
        }
    }

    /// <summary>A scrape, or a run of them from this instant on, lacks the series: it ended.</summary>
    public void AddAbsent(long time) => Add(Math.Max(time, from), Samples.Stale);

    /// <summary>Adds pushed values; where one is missing it merely was not sent then.</summary>
    public void AddPushed(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < times.Length; i++)
        {
            if (!Samples.IsStale(values[i]))
            {
                AddPushed(times[i], values[i]);
            }
        }
    }

    /// <summary>Adds one pushed value.</summary>
    public void AddPushed(long time, double value)
    {
        _pushed = true;
        Add(time, PushedRows.Give(value));
    }

    /// <summary>Everything in order of time, each instant once; of several ends in a row only the first. Taken once: afterwards the column is empty.</summary>
    public Sample[] Take()
    {
        var ordered = Ordered();
        var kept = 0;
        foreach (var sample in ordered)
        {
            var again = kept > 0 && ordered[kept - 1].Time == sample.Time;
            if (!again && (_pushed || !Samples.IsStale(sample.Value) || (kept > 0 && !Samples.IsStale(ordered[kept - 1].Value))))
            {
                ordered[kept++] = sample;
            }
        }

        var taken = ordered[..kept].ToArray();
        ArrayPool<Sample>.Shared.Return(_samples);
        (_samples, _count) = ([], 0);
        _runs.Clear();
        return taken;
    }

    private Span<Sample> Take(long first, int count)
    {
        if (_count > 0 && _samples[_count - 1].Time >= first)
        {
            _runs.Add(_count);
        }

        if (_count + count > _samples.Length)
        {
            // Borrowed: a chart of a day would otherwise leave large arrays behind with every refresh.
            var longer = ArrayPool<Sample>.Shared.Rent(Math.Max(_count + count, _samples.Length * 2));
            _samples.AsSpan(0, _count).CopyTo(longer);
            ArrayPool<Sample>.Shared.Return(_samples);
            _samples = longer;
        }

        _count += count;
        return _samples.AsSpan(_count - count, count);
    }

    /// <summary>Puts everything in order of time. Runs that do not overlap, the usual case, are only put one behind the other.</summary>
    private Span<Sample> Ordered()
    {
        if (_runs.Count == 0)
        {
            return _samples.AsSpan(0, _count);
        }

        var runs = _runs.Prepend(0).Zip(_runs.Append(_count), (start, end) => (Start: start, End: end)).OrderBy(r => _samples[r.Start].Time).ToList();
        for (var i = 1; i < runs.Count; i++)
        {
            if (_samples[runs[i].Start].Time <= _samples[runs[i - 1].End - 1].Time)
            {
                // Stable, so that of two pushes of one instant the first stays.
                return _samples.Take(_count).OrderBy(s => s.Time).ToArray();
            }
        }

        var ordered = ArrayPool<Sample>.Shared.Rent(_count);
        var at = 0;
        foreach (var (start, end) in runs)
        {
            _samples.AsSpan(start, end - start).CopyTo(ordered.AsSpan(at));
            at += end - start;
        }

        ArrayPool<Sample>.Shared.Return(_samples);
        _samples = ordered;
        return ordered.AsSpan(0, _count);
    }

    private static int FirstFrom(ReadOnlySpan<long> times, long from)
    {
        var at = times.BinarySearch(from);
        return at < 0 ? ~at : at;
    }
}
