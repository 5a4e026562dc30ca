using PartnerPortal.TimeSeries;

namespace PartnerPortal.Data.Metrics;

/// <summary>Collects the samples of one series between two instants, both included. Pieces may arrive in any order; within a piece of pushed rows, the first arrival comes first.</summary>
public sealed class SampleColumn(long from, long to)
{
    private readonly List<Sample> _samples = [];
    private bool _pushed;
    private bool _unordered;

    /// <summary>Samples that were collected so far.</summary>
    public int Count => _samples.Count;

    /// <summary>From here on nothing more is taken: later samples were added already, from memory.</summary>
    public long StopBefore { get; set; } = long.MaxValue;

    /// <summary>Adds the values of scrapes; <see cref="Samples.Stale"/> where the series was missing.</summary>
    public void Add(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < times.Length; i++)
        {
            Add(times[i], values[i]);
        }
    }

    /// <summary>Adds the value of one scrape.</summary>
    public void Add(long time, double value)
    {
        if (time >= from && time <= to && time < StopBefore)
        {
            _unordered |= _samples.Count > 0 && _samples[^1].Time >= time;
            _samples.Add(new Sample(time, value));
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

    /// <summary>Everything in order of time, each instant once; of several ends in a row only the first.</summary>
    public Sample[] Take()
    {
        // Stable, so that of two pushes of one instant the first stays.
        var ordered = _unordered ? [.. _samples.OrderBy(s => s.Time)] : _samples;
        var kept = new List<Sample>(ordered.Count);
        foreach (var sample in ordered)
        {
            if (kept.Count > 0 && kept[^1].Time == sample.Time)
            {
                continue;
            }

            if (!Samples.IsStale(sample.Value) || _pushed || (kept.Count > 0 && !Samples.IsStale(kept[^1].Value)))
            {
                kept.Add(sample);
            }
        }

        return [.. kept];
    }
}
