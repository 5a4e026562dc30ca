namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Series under a window that moves with the steps.</summary>
internal sealed class RangeSource(List<ReadSeries> series, TimeSpan range, TimeShift shift, Steps whole)
{
    public List<ReadSeries> Series => series;

    /// <summary>The window's length in milliseconds.</summary>
    public long Range { get; } = (long)range.TotalMilliseconds;

    /// <summary>Where the window ends at a step.</summary>
    public long End(Steps steps, int step) => shift.Move(steps[step], whole);
}

/// <summary>The samples of one series in one window, both edges included.</summary>
internal readonly ref struct RangeWindow
{
    public required ReadOnlySpan<Sample> Samples { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>The instant that is computed; without offset and @ the same as <see cref="To"/>.</summary>
    public required long At { get; init; }

    /// <summary>The first scalar argument, if the function has one.</summary>
    public double First { get; init; }

    /// <summary>The second scalar argument, if the function has one.</summary>
    public double Second { get; init; }
}

/// <summary>Computes a function on one window that has samples; <see cref="Samples.Stale"/> when there is no value.</summary>
internal delegate double RangeKernel(in RangeWindow window);
