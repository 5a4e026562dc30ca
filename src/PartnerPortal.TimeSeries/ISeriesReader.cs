using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.TimeSeries;

/// <summary>A series as it was read from a store: samples in order of time, each instant once, markers where it ended.</summary>
public sealed record ReadSeries(LabelSet Labels, Sample[] Samples);

/// <summary>What one selector of an expression needs: its series, with samples between two instants in milliseconds since 1970, both included.</summary>
/// <param name="Selector">Which series. A caller that may see only one partner adds the matcher <c>partner="…"</c>.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The last instant.</param>
public sealed record SeriesRead(Selector Selector, long From, long To)
{
    /// <summary>The function around the selector (<c>max_over_time</c>, <c>rate</c>…), or null: it tells which rollup may stand in where raw samples are gone.</summary>
    public string? Function { get; init; }

    /// <summary>The step of the computation in milliseconds; 0 for a single instant.</summary>
    public long Step { get; init; }

    /// <summary>Refuse (<see cref="RefusalKind.Away"/>) rather than answer with a warning when a part cannot be read now: for what decides, such as a rule.</summary>
    public bool MustBeWhole { get; init; }

    /// <summary>Refuse to return more samples than this (<see cref="ExpressionRefused"/>), before memory runs out.</summary>
    public long MostSamples { get; init; } = 50_000_000;
}

/// <summary>What was read, and what the reader of a result should know about it (for example that rollups stood in for raw samples).</summary>
public sealed record SeriesAnswer(IReadOnlyList<ReadSeries> Series, IReadOnlyList<string> Warnings);

/// <summary>Where expressions read from: the blocks in PostgreSQL with the heads in memory, or a bigger engine. Label model, milliseconds and markers are Prometheus's.</summary>
public interface ISeriesReader
{
    /// <summary>Reads series with their samples. Those without a sample in the range are left out.</summary>
    /// <exception cref="ExpressionRefused">More samples than allowed.</exception>
    Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel);

    /// <summary>
    /// For a chart of a long time that shows series as they are: extremes are exact, but what lies between them may be left out.
    /// Nothing may be computed from it. A reader that has nothing cheaper reads everything.
    /// </summary>
    /// <exception cref="ExpressionRefused">As for <see cref="ReadAsync"/>.</exception>
    Task<SeriesAnswer> ReadReducedAsync(SeriesRead read, CancellationToken cancel) => ReadAsync(read, cancel);

    /// <summary>The label sets of series that match any of the selectors and have samples in the range; no selector means all.</summary>
    Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel);

    /// <summary>What sources say about metrics, by family name; several sources may say different things about one name.</summary>
    /// <param name="partner">Only the sources of this partner, or null for all.</param>
    /// <param name="cancel">Cancels.</param>
    Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel);
}

/// <summary>Samples of one series on their way into a store.</summary>
public sealed record SeriesSamples(LabelSet Labels, Sample[] Samples);

/// <summary>Where pushed samples go.</summary>
public interface ISampleSink
{
    /// <summary>Keeps samples. When this returns they are committed. Sending a sample again changes nothing.</summary>
    /// <exception cref="SamplesRefused">Some are too old or too far ahead; the others are committed.</exception>
    Task AppendAsync(IReadOnlyList<SeriesSamples> series, CancellationToken cancel);
}
