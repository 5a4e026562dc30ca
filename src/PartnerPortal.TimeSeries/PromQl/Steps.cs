using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The instants of a computation in milliseconds since 1970, both ends included.</summary>
public readonly record struct Steps(long From, long To, long Step)
{
    /// <summary>One instant only.</summary>
    public static Steps At(long instant) => new(instant, instant, 1);

    /// <summary>How many instants there are.</summary>
    public int Count => To < From ? 0 : checked((int)((To - From) / Step) + 1);

    /// <summary>An instant by its position.</summary>
    public long this[int position] => From + position * Step;
}

/// <summary>A series that was computed: a value per step, <see cref="Samples.Stale"/> where there is none.</summary>
public sealed record ComputedSeries(LabelSet Labels, double[] Values);

/// <summary>What came of an expression.</summary>
/// <param name="Type">The kind of value: it tells which of the following holds the result.</param>
/// <param name="Steps">The instants it was computed at.</param>
/// <param name="Series">Series with a value at one instant at least, in the order Prometheus gives them; a scalar is one series without labels.</param>
/// <param name="Ranges">A range vector's series with their samples.</param>
/// <param name="Text">A text's characters.</param>
/// <param name="Warnings">What a reader of the result should know.</param>
public sealed record QueryAnswer(
    ExpressionType Type, Steps Steps, IReadOnlyList<ComputedSeries> Series, IReadOnlyList<ReadSeries> Ranges, string Text, IReadOnlyList<string> Warnings);

/// <summary>What one expression may take.</summary>
public sealed record QueryLimits
{
    /// <summary>The usual limits: 50 million samples, 100,000 series, 2 minutes (Prometheus's own, but for the series, which it does not limit).</summary>
    public static QueryLimits Usual { get; } = new();

    /// <summary>Most samples that are read or computed.</summary>
    public long MostSamples { get; init; } = 50_000_000;

    /// <summary>Most series that one selector reads.</summary>
    public int MostSeries { get; init; } = 100_000;

    /// <summary>Longest time from the first read to the result.</summary>
    public TimeSpan MostTime { get; init; } = TimeSpan.FromMinutes(2);
}
