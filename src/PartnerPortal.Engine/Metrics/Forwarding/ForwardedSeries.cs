using System.Text.RegularExpressions;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>
/// What expressions read when a bigger engine keeps samples: the newest from memory and log, and blocks of before, as without one;
/// what was let go of from the engine. It is not asked for what is here, so rules over recent samples go on while it is away.
/// </summary>
public sealed class ForwardedSeries(StoredSeries own, SeriesIndex index, Heads heads, ForwardStore store, PrometheusClient engine) : ISeriesReader
{
    // The engine has the first samples that are still here, too: with them it is seen which series ended in between.
    private const long Overlap = 600_000;
    private const long Reduced = 2 * 24 * 3_600_000L;
    private static readonly string[] _sourceLabels = ["partner", "integration", "source", "side"];

    /// <inheritdoc/>
    public async Task<SeriesAnswer> ReadAsync(SeriesRead read, CancellationToken cancel) => await JoinAsync(read, await own.ReadAsync(read, cancel), false, cancel);

    /// <inheritdoc/>
    public async Task<SeriesAnswer> ReadReducedAsync(SeriesRead read, CancellationToken cancel) =>
        await JoinAsync(read, await own.ReadReducedAsync(read, cancel), read.To - read.From >= Reduced && read.Selector.MetricName is not null, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LabelSet>> SeriesAsync(IReadOnlyList<Selector> any, long from, long to, CancellationToken cancel) => own.SeriesAsync(any, from, to, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MetricFamily>> MetadataAsync(string? partner, CancellationToken cancel) => own.MetadataAsync(partner, cancel);

    private async Task<SeriesAnswer> JoinAsync(SeriesRead read, SeriesAnswer here, bool reduced, CancellationToken cancel)
    {
        var known = await index.FindAsync(read.Selector, read.From, read.To, cancel);
        var away = known.Where(s => !(heads.Find(s.SourceId)?.From <= read.From)).Select(s => s.SourceId).ToHashSet();
        var let = away.Count == 0 ? 0 : (await store.LetGoToAsync(away, cancel)).Values.DefaultIfEmpty(-1).Max();
        if (away.Count == 0 || let < read.From)
        {
            return here;
        }

        try
        {
            var to = Math.Min(read.To, let + Overlap);
            var there = reduced
                ? (await engine.ExtremesAsync(read.Selector, read.From, Math.Min(read.To, let), read.MostSamples, cancel))
                    .ToDictionary(s => s.Key.With(Label.MetricName, read.Selector.MetricName!), s => s.Value)
                : await WithEndsAsync(known, await engine.SamplesAsync(read.Selector, read.From, to, read.MostSamples, cancel), read.From, to, cancel);
            return here with { Series = Joined(read, known, here.Series.ToDictionary(s => s.Labels, s => s.Samples), there) };
        }
        catch (EngineAway e) when (read.MustBeWhole)
        {
            throw new ExpressionRefused(e.Message, 0, RefusalKind.Away);
        }
        catch (EngineAway e)
        {
            return here with { Warnings = [.. here.Warnings, e.Message + " Shown is what the portal itself holds."] };
        }
    }

    private static List<ReadSeries> Joined(SeriesRead read, List<KnownSeries> known, Dictionary<LabelSet, Sample[]> here, Dictionary<LabelSet, List<Sample>> there)
    {
        List<ReadSeries> joined = [];
        var count = 0L;
        foreach (var labels in known.Select(s => s.Labels).Distinct())
        {
            var samples = Joined(here.GetValueOrDefault(labels, []), there.GetValueOrDefault(labels, []));
            if ((count += samples.Length) > read.MostSamples)
            {
                throw new ExpressionRefused($"{read.Selector} reads more than {read.MostSamples} samples. Narrow it down with labels or ask for less time.", 0, RefusalKind.TooMuch);
            }

            if (samples.Length > 0)
            {
                joined.Add(new(labels, samples));
            }
        }

        return joined;
    }

    /// <summary>Both in order of time; where both have an instant, what is here is exact to the bit.</summary>
    private static Sample[] Joined(Sample[] here, List<Sample> there)
    {
        if (there.Count == 0)
        {
            return here;
        }

        var joined = new List<Sample>(here.Length + there.Count);
        var (i, j) = (0, 0);
        while (i < here.Length || j < there.Count)
        {
            if (j >= there.Count || (i < here.Length && here[i].Time <= there[j].Time))
            {
                j += j < there.Count && there[j].Time == here[i].Time ? 1 : 0;
                joined.Add(here[i++]);
            }
            else
            {
                joined.Add(there[j++]);
            }
        }

        return [.. joined];
    }

    /// <summary>
    /// Engines do not tell where a series ended. A scrape always brings <c>up</c>, so a scraped series that misses one of its
    /// instants ended there, as it did when it was forwarded.
    /// </summary>
    private async Task<Dictionary<LabelSet, List<Sample>>> WithEndsAsync(List<KnownSeries> known, Dictionary<LabelSet, List<Sample>> found, long from, long to, CancellationToken cancel)
    {
        var scraped = known.Where(s => s.Labels.MetricName != "up" && index.IsScraped(s.SourceId) && found.ContainsKey(s.Labels)).ToList();
        if (scraped.Count == 0)
        {
            return found;
        }

        var matchers = _sourceLabels.Select(name => new LabelMatcher(
            name, MatchKind.Matches, string.Join('|', scraped.Select(s => Regex.Escape(s.Labels[name])).Distinct())));
        var ups = await engine.SamplesAsync(new Selector([new LabelMatcher(Label.MetricName, MatchKind.Equal, "up"), .. matchers]), from, to, long.MaxValue, cancel);
        var times = ups.ToDictionary(u => u.Key.Only(_sourceLabels), u => u.Value);
        foreach (var one in scraped)
        {
            if (times.TryGetValue(one.Labels.Only(_sourceLabels), out var scrapes))
            {
                found[one.Labels] = WithEnds(one.Labels.MetricName, found[one.Labels], scrapes);
            }
        }

        return found;
    }

    private static List<Sample> WithEnds(string metric, List<Sample> samples, List<Sample> scrapes)
    {
        var whole = new List<Sample>(samples.Count);
        var next = 0;
        foreach (var scrape in scrapes)
        {
            while (next < samples.Count && samples[next].Time <= scrape.Time)
            {
                whole.Add(samples[next++]);
            }

            // Some engines leave a marker out, others tell it as NaN. A service that is down says nothing, and a counter never says NaN.
            var last = whole.Count == 0 ? default : whole[^1];
            if (double.IsNaN(last.Value) && (last.Time < scrape.Time || scrape.Value == 0 || IsCounter(metric)))
            {
                whole[^1] = last with { Value = Samples.Stale };
            }
            else if (whole.Count > 0 && last.Time < scrape.Time && !double.IsNaN(last.Value))
            {
                whole.Add(new(scrape.Time, Samples.Stale));
            }
        }

        whole.AddRange(samples[next..]);
        return whole;
    }

    private static bool IsCounter(string metric) =>
        metric.EndsWith("_total", StringComparison.Ordinal) || metric.EndsWith("_count", StringComparison.Ordinal) || metric.EndsWith("_bucket", StringComparison.Ordinal);
}
