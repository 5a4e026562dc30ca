using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain;
using PartnerPortal.Engine.Running;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.Sides;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Records the gap of every pair as series, so that charts show its course and rules watch it:
/// <c>portal_ours_minus_theirs</c> and <c>portal_ours_minus_theirs_bound</c>, in calls of the last five minutes. What both
/// scrapes and the measured delay leave open lies within the bound; a gap beyond it is one chance in a million.
/// </summary>
public sealed class CounterPairModule(CounterPairStore pairs, SidesReading sides, ISampleSink sink, TimeProvider clock, ILogger<CounterPairModule> log) : IEngineModule
{
    /// <summary>The gap: ours less theirs, by the counts as they most likely came.</summary>
    public const string Gap = "portal_ours_minus_theirs";

    /// <summary>By how much the gap may differ from zero without saying anything.</summary>
    public const string Bound = "portal_ours_minus_theirs_bound";

    /// <summary>How much later they count, in seconds.</summary>
    public const string Lag = "portal_theirs_lag_seconds";

    /// <summary>The stretch that each value stands for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => "ours vs theirs";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        // The same instants for every portal: what two of them say about one instant is kept once.
        var every = (long)Every.TotalMilliseconds;
        var at = clock.GetUtcNow().ToUnixTimeMilliseconds() / every * every;
        List<SeriesSamples> samples = [];
        foreach (var row in await pairs.ListAsync(null, null, cancel))
        {
            try
            {
                if (await CompareAsync(row, at, cancel) is { } gap)
                {
                    samples.AddRange(Record(row, gap, at));
                }
            }
            catch (FieldsRefused refused)
            {
                log.LogWarning("The pair {Pair} of {Partner} cannot be compared: {Reason}", row.Pair.Slug, row.Partner, string.Join(' ', refused.Errors.Values.SelectMany(e => e)));
            }
        }

        if (samples.Count > 0)
        {
            await sink.AppendAsync(samples, cancel);
        }
    }

    /// <summary>The gap of a pair over the five minutes before an instant.</summary>
    public Task<SideGap?> CompareAsync(CounterPairRow row, long at, CancellationToken cancel) => sides.CompareAsync(
        row.Partner, row.Integration, new SidesDraft(row.Pair.Ours, row.Pair.Theirs, row.Pair.OurTests, row.Pair.TheirTests), at - (long)Window.TotalMilliseconds, at, cancel);

    private static IEnumerable<SeriesSamples> Record(CounterPairRow row, SideGap gap, long at)
    {
        yield return One(Gap, gap.Likely);
        yield return One(Bound, gap.Bound);
        yield return One(Lag, gap.Lag.Milliseconds / 1000.0);

        SeriesSamples One(string name, double value) => new(
            LabelSet.Of((Label.MetricName, name), ("partner", row.Partner), ("integration", row.Integration), ("pair", row.Pair.Slug), ("job", "portal"), ("instance", "portal")),
            [new Sample(at, value)]);
    }
}
