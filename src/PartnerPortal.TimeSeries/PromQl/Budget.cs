using System.Diagnostics;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>What an expression has used of its limits.</summary>
internal sealed class Budget(QueryLimits limits, CancellationToken cancel)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private const long BetweenLooks = 2_000_000;

    private long _samples;
    private long _work;

    public QueryLimits Limits => limits;

    public long SamplesLeft => Math.Max(0, limits.MostSamples - _samples);

    public TimeSpan TimeLeft => limits.MostTime - _watch.Elapsed;

    /// <summary>Counts samples that are about to be held, and looks at the clock.</summary>
    public void Take(long samples, Expression by)
    {
        cancel.ThrowIfCancellationRequested();
        if ((_samples += samples) > limits.MostSamples)
            throw new ExpressionRefused($"query processing would load too many samples into memory in query execution (more than {limits.MostSamples})", by.Position, RefusalKind.TooMuch);
        if (_watch.Elapsed > limits.MostTime)
            throw TimedOut(by);
    }

    /// <summary>Counts samples that are about to be looked at, and looks at the clock now and then.</summary>
    public void Work(long samples, Expression by)
    {
        if ((_work += samples) < BetweenLooks)
            return;
        _work = 0;
        Take(0, by);
    }

    public ExpressionRefused TimedOut(Expression by) =>
        new($"query timed out in expression evaluation (after {limits.MostTime.TotalSeconds:0.##} s)", by.Position, RefusalKind.TooLong);
}
