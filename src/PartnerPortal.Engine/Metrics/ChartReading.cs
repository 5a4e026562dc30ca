using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Charts;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>One line of a chart; a gap is a point whose value is <see cref="Samples.Stale"/>.</summary>
public sealed record ChartSeries(LabelSet Labels, IReadOnlyList<Sample> Points);

/// <summary>The lines of a chart, and what its reader should know about them.</summary>
public sealed record DrawnChart(IReadOnlyList<ChartSeries> Lines, IReadOnlyList<string> Warnings);

/// <summary>Computes an expression over a stretch of time, for a chart: reduced to its points, extremes and gaps kept.</summary>
public sealed class ChartReading(ISeriesReader reader, MetricSourceStore sources)
{
    /// <summary>Most series that one selector of an expression may read.</summary>
    public const int MostSeries = 5_000;

    /// <summary>Most points per line.</summary>
    public const int MostPoints = 5_000;

    private const int MostSteps = 11_000;

    private static readonly QueryLimits _limits = new() { MostSeries = MostSeries, MostTime = TimeSpan.FromSeconds(30) };

    /// <summary>The last sample seen before scrapes were missing, the first missing one, and the next sample.</summary>
    private readonly record struct Gap(long Seen, long From, long To);

    /// <summary>Reads a chart.</summary>
    /// <param name="partner">The partner's slug: nothing of another partner is read.</param>
    /// <param name="expression">What to compute.</param>
    /// <param name="from">The left edge, milliseconds since 1970.</param>
    /// <param name="to">The right edge.</param>
    /// <param name="points">Points per line, 4 to <see cref="MostPoints"/>.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="ExpressionRefused">The expression cannot be computed on these series, or reads too many.</exception>
    /// <exception cref="Domain.NotThere">No partner has this slug.</exception>
    public async Task<DrawnChart> ReadAsync(string partner, Expression expression, long from, long to, int points, CancellationToken cancel)
    {
        if (expression.Type is ExpressionType.RangeVector or ExpressionType.Text)
        {
            throw new ExpressionRefused("a chart needs one value per instant: put a function such as rate( ) or max_over_time( ) around the range", expression.Position);
        }

        var own = new PartnerSeries(reader, partner);
        var intervals = await ScrapeIntervals.OfAsync(sources, partner, cancel);
        if (expression.Bare is SelectorExpression { Shift.IsFixed: false, Shift.Offset: 0 } raw)
        {
            // Where a point stands for ten minutes and more, the extremes of every five minutes make the same picture.
            var step = (to - from) / points;
            var coarse = step >= 2 * MergeStore.FiveMinutes;
            var longest = !coarse ? 0 : 2 * (step >= StoredSeries.CoarseFrom ? MergeStore.Hour : MergeStore.FiveMinutes);
            var wanted = new SeriesRead(raw.Selector, from, to) { Step = step };
            var answer = coarse ? await own.ReadReducedAsync(wanted, cancel) : await own.ReadAsync(wanted, cancel);
            return answer.Series.Count <= MostSeries
                ? new([.. answer.Series.Select(s => new ChartSeries(s.Labels, Reduce(WithGaps(s, intervals, longest), points))).Where(HasValues)], answer.Warnings)
                : throw new ExpressionRefused($"this reads more than {MostSeries} series. Narrow it down with labels.", 0, RefusalKind.TooMuch);
        }

        var read = await Evaluation.ReadAsync(expression, own, new Steps(from, to, 1000), _limits, cancel);
        return new(Compute(expression, read, intervals, from, to, points), read.Warnings);
    }

    private static List<ChartSeries> Compute(Expression expression, SelectedSeries read, ScrapeIntervals intervals, long from, long to, int points)
    {
        var interval = intervals.Shortest(read.All);
        var steps = StepsFor(from, to, points, interval);
        var computed = Evaluation.Run(expression, read.Of, steps, _limits).Series;
        if (RateWithin(expression) is not { } rate)
        {
            return [.. computed.Select(c => new ChartSeries(c.Labels, Reduce(Points(c, steps, [], null, interval), points))).Where(HasValues)];
        }

        // A rate looks over a missing scrape, as Prometheus wants it; on a chart a failure is a gap all the same.
        var gaps = read.Of(rate.Inner).GroupBy(s => s.Labels.Without(Label.MetricName, "le")).ToDictionary(g => g.Key, g => GapsOf(g.First(), intervals));
        var alone = expression.Bare is CallExpression { Function.Name: "rate" };
        return
        [
            .. computed.Select(c => new ChartSeries(c.Labels, Reduce(Points(c, steps, gaps.GetValueOrDefault(c.Labels.Without(Label.MetricName, "le")) ?? [], alone ? rate : null, interval), points)))
                .Where(HasValues),
        ];
    }

    /// <summary>The range of a lone rate or of a quantile of one: the charts of counters and histograms.</summary>
    private static RangeExpression? RateWithin(Expression expression) => expression.Bare switch
    {
        CallExpression { Function.Name: "rate" } rate => rate.Arguments[0].Bare as RangeExpression,
        CallExpression { Function.Name: "histogram_quantile" } quantile when quantile.Arguments[1].Bare is CallExpression { Function.Name: "rate" } rate =>
            rate.Arguments[0].Bare as RangeExpression,
        _ => null,
    };

    private static Steps StepsFor(long from, long to, int points, TimeSpan interval)
    {
        var count = Math.Clamp((to - from) / (long)Math.Max(interval.TotalMilliseconds, 1), points, MostSteps);
        var step = Math.Max(1000, (to - from + count - 1) / count);
        // Steps at round instants: the same history gives the same points at every refresh.
        var first = (from + step - 1) / step * step;
        return new Steps(first, Math.Max(first, to), step);
    }

    private static List<Sample> Points(ComputedSeries computed, Steps steps, List<Gap> gaps, RangeExpression? rate, TimeSpan interval)
    {
        var points = new Sample[computed.Values.Length];
        var (gap, window) = (0, 0);
        for (var i = 0; i < points.Length; i++)
        {
            while (gap < gaps.Count && gaps[gap].To <= steps[i])
            {
                gap++;
            }

            var missing = gap < gaps.Count && gaps[gap].From <= steps[i];
            var value = computed.Values[i];
            if (rate is not null && !missing)
            {
                value *= Missed(rate.Range, interval, steps[i], gaps, ref window);
            }

            points[i] = new Sample(steps[i], missing ? Samples.Stale : value);
        }

        return SeriesReduction.WithGaps(points, long.MaxValue);
    }

    /// <summary>
    /// A window that begins within a gap holds less than its length, yet Prometheus divides by the whole length: after every
    /// failure the line would dip although nothing happened. A chart divides by what was seen.
    /// </summary>
    private static double Missed(TimeSpan range, TimeSpan interval, long at, List<Gap> gaps, ref int window)
    {
        var begins = at - (long)range.TotalMilliseconds;
        while (window < gaps.Count && gaps[window].To <= begins)
        {
            window++;
        }

        // Up to 1.1 intervals before its first sample Prometheus itself takes the window as seen.
        if (window == gaps.Count || gaps[window].Seen >= begins || gaps[window].To - begins < interval.TotalMilliseconds * 1.1)
        {
            return 1;
        }

        var seen = at - gaps[window].To + interval.TotalMilliseconds / 2;
        return Math.Max(1, range.TotalMilliseconds / seen);
    }

    private static List<Sample> WithGaps(ReadSeries series, ScrapeIntervals intervals, long atLeast = 0) =>
        SeriesReduction.WithGaps(series.Samples, Math.Max(atLeast, (long)(intervals.Of(series).TotalMilliseconds * 1.75)) + 250);

    private static List<Gap> GapsOf(ReadSeries series, ScrapeIntervals intervals)
    {
        var points = WithGaps(series, intervals);
        List<Gap> gaps = [];
        for (var i = 0; i < points.Count; i++)
        {
            if (Samples.IsStale(points[i].Value))
            {
                gaps.Add(new Gap(points[i - 1].Time, points[i].Time, i + 1 < points.Count ? points[i + 1].Time : long.MaxValue));
            }
        }

        return gaps;
    }

    private static List<Sample> Reduce(List<Sample> points, int most) => SeriesReduction.Reduce(points, most);

    private static bool HasValues(ChartSeries line) => line.Points.Count > 0 && (!Samples.IsStale(line.Points[0].Value) || line.Points.Any(p => !Samples.IsStale(p.Value)));
}
