using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.Onset;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Finds since when something is wrong: among the dense series that a condition was computed from, the one that changed most
/// clearly, and between which two of its samples.
/// </summary>
public sealed class OnsetReading(ISeriesReader reader, AlertStore alerts, ILogger<OnsetReading> log)
{
    private const int MostCandidates = 200;
    private const long MostMarked = 2_000_000;
    private static readonly TimeSpan MarkedLookBack = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookBack = TimeSpan.FromHours(1);
    private static readonly string[] GrowingNames = ["_total", "_count", "_sum", "_bucket"];
    private static readonly string[] GrowthFunctions = ["rate", "irate", "increase", "resets"];

    private Task _last = Task.CompletedTask;

    /// <summary>Refines the start of an alert that was just raised, after what is being refined already.</summary>
    public void RefineSoon(Guid alert, AlertReport report, RuleResult result, DateTimeOffset at) =>
        Interlocked.Exchange(ref _last, RefineAsync(_last, alert, report, [.. result.Reads], at));

    /// <summary>Done when everything that was asked so far was refined.</summary>
    public Task SettledAsync() => Volatile.Read(ref _last);

    /// <summary>The clearest change of any of the series around a range, or null when none changes clearly.</summary>
    /// <param name="series">The series, each with whether it is read as a counter.</param>
    /// <param name="firstBad">The change must have happened by then, in milliseconds since 1970.</param>
    public static Onset? Clearest(IEnumerable<(ReadSeries Series, bool Counter)> series, long firstBad)
    {
        (OnsetFound Found, LabelSet Labels, bool Counter)? best = null;
        foreach (var (one, counter) in series.Take(MostCandidates))
        {
            if (OnsetSearch.Locate(one.Samples, counter, firstBad) is { } found && (best is not { } known || found.Strength > known.Found.Strength))
            {
                best = (found, one.Labels, counter);
            }
        }

        return best is not { } clear ? null : new Onset(
            DateTimeOffset.FromUnixTimeMilliseconds(clear.Found.LastGood), DateTimeOffset.FromUnixTimeMilliseconds(clear.Found.FirstBad),
            $"change in {(clear.Counter ? "the growth of " : "")}`{Shown(clear.Labels)}`", clear.Found.Before, clear.Found.After);
    }

    /// <summary>Whether a series is judged by its growth: its name or the function around it says so.</summary>
    public static bool IsCounter(string metric, string? function) =>
        IsGrowth(function) || (function is null && GrowingNames.Any(e => metric.EndsWith(e, StringComparison.Ordinal)));

    /// <summary>Since when the series of an expression are different in a range that a person marked.</summary>
    /// <param name="partner">Only this partner's series are read.</param>
    /// <param name="expression">What is on the chart; its selectors name the series that are looked at.</param>
    /// <param name="from">The left edge of the marked range, milliseconds since 1970; what was before is read, too.</param>
    /// <param name="to">The right edge.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The clearest change within the range, or null when nothing changes clearly there.</returns>
    /// <exception cref="ExpressionRefused">Too much to read.</exception>
    public async Task<Onset?> MarkedAsync(string partner, Expression expression, long from, long to, CancellationToken cancel)
    {
        var before = Math.Max((long)MarkedLookBack.TotalMilliseconds, to - from);
        List<(ReadSeries, bool)> candidates = [];
        foreach (var (_, wanted) in SelectorRead.Of(expression, Steps.At(to)))
        {
            var selector = new Selector([.. wanted.Selector.Matchers, new LabelMatcher("partner", MatchKind.Equal, partner)]);
            var dense = await reader.ReadAsync(new SeriesRead(selector, from - before, to) { MostSamples = MostMarked }, cancel);
            candidates.AddRange(dense.Series.Select(s => (s, IsCounter(s.Labels.MetricName, wanted.Function))));
        }

        return Clearest(candidates, to) is { } onset && onset.FirstBad.ToUnixTimeMilliseconds() >= from ? onset : null;
    }

    /// <summary>Whether a function reads counters.</summary>
    public static bool IsGrowth(string? function) => GrowthFunctions.Contains(function);

    private async Task RefineAsync(Task before, Guid alert, AlertReport report, IReadOnlyList<RuleRead> reads, DateTimeOffset at)
    {
        await before;
        try
        {
            var firstBad = report.Onset.FirstBad.ToUnixTimeMilliseconds();
            List<(ReadSeries, bool)> candidates = [];
            foreach (var (read, _, _) in reads.DistinctBy(r => r.Read.Selector.ToString()))
            {
                var dense = read with { From = firstBad - (long)LookBack.TotalMilliseconds, To = at.ToUnixTimeMilliseconds() };
                candidates.AddRange((await DenseAsync(dense)).Where(s => RuleResult.Fits(s.Labels, report.Labels)).Select(s => (s, IsCounter(s.Labels.MetricName, read.Function))));
            }

            if (Clearest(candidates, firstBad) is { } onset)
            {
                await alerts.RefineAsync(alert, onset, at, CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            log.LogWarning("Since when {Alert} lasts could not be refined; the rule's own interval stands: {Reason}", report.Title, e.Message);
        }
    }

    /// <summary>The series as they were scraped; a counter that began late was zero while its neighbours were scraped before it.</summary>
    private async Task<IReadOnlyList<ReadSeries>> DenseAsync(SeriesRead read)
    {
        var series = (await reader.ReadAsync(read with { Function = null, Step = 0 }, CancellationToken.None)).Series;
        if (RuleReading.Neighbours(read) is not { } neighbours || series.Count == 0)
        {
            return series;
        }

        var all = (await reader.ReadAsync(read with { Selector = neighbours, Function = null, Step = 0 }, CancellationToken.None)).Series;
        return [.. series.Select(s => s with { Samples = [.. Before(s, all.FirstOrDefault(n => n.Labels["source"] == s.Labels["source"])), .. s.Samples] })];
    }

    private static IEnumerable<Sample> Before(ReadSeries late, ReadSeries? neighbour) =>
        (neighbour?.Samples ?? []).Where(s => s.Time < late.Samples[0].Time && !Samples.IsStale(s.Value)).Select(s => new Sample(s.Time, 0));

    // Where it belongs is known; what tells it from its neighbours matters.
    private static string Shown(LabelSet labels) => labels.Without("partner", "integration", "instance").ToString();
}
