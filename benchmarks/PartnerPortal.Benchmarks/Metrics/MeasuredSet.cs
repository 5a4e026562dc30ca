using System.Globalization;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>The same samples for every store: the scrapes of one service, its series numbered from 1 in the order of the page.</summary>
internal sealed record MeasuredTarget(string Instance, IReadOnlyList<ScrapedSeries> Series, List<ScrapeRow> Rows)
{
    /// <summary>Labels as a store gets them: with the service's address, as every scraper adds it.</summary>
    public LabelSet LabelsOf(ScrapedSeries series) => series.Labels.With("instance", Instance);

    public long Samples => Rows.Sum(r => (long)r.Series.Length);

    /// <summary>A made-up service over a day that ends with the last midnight, scraped every 15 seconds.</summary>
    public static MeasuredTarget MadeUp(int seed, DateTimeOffset today)
    {
        const int scrapes = 5760;
        var target = new SyntheticTarget(seed);
        var page = new System.Text.StringBuilder();
        target.Write(page);
        var series = ExpositionParser.Parse(System.Text.Encoding.UTF8.GetBytes(page.ToString()), ExpositionFormat.PrometheusText).Series;
        var (ids, rows) = (Numbers(series.Length), new List<ScrapeRow>(scrapes));
        var first = new DateTimeOffset(today.Date, TimeSpan.Zero).AddDays(-1).ToUnixTimeMilliseconds();
        for (var i = 0; i < scrapes; i++)
        {
            target.Step(15);
            rows.Add(new(first + i * 15_000L, ids, [.. target.Values]));
        }

        return new(string.Create(CultureInfo.InvariantCulture, $"service{seed}.example:443"), series, rows);
    }

    /// <summary>A recorded service. Pages that cannot be read are left out, as a scrape would leave them out.</summary>
    public static MeasuredTarget Of(Recording recording)
    {
        var cache = new SeriesCache();
        var (known, rows) = (new List<ScrapedSeries>(), new List<ScrapeRow>());
        long? first = null;
        foreach (var (time, bytes) in recording.Pages())
        {
            try
            {
                // To the second, as the portal's samples carry the instant when they were due, and Prometheus aligns its own.
                first ??= time;
                var due = (first.Value + 500) / 1000 * 1000 + (time - first.Value + 500) / 1000 * 1000;
                if (rows.Count > 0 && due <= rows[^1].Time)
                    continue; // So late that it fell into the second of the next one.
                var page = ExpositionParser.Parse(bytes, ExpositionFormat.PrometheusText, series: cache);
                foreach (var series in page.Series.Where(s => s.Id == 0))
                {
                    known.Add(series);
                    series.Id = known.Count;
                }

                var order = page.Series.Select((s, i) => (s.Id, Value: page.Values[i])).OrderBy(s => s.Id).ToList();
                rows.Add(new(due, [.. order.Select(o => o.Id)], [.. order.Select(o => o.Value)]));
            }
            catch (ExpositionRefused)
            {
                Console.WriteLine($"{recording.Name}: the page of {time} cannot be read and is left out.");
            }
        }

        return new(recording.Name + ".example:443", known, rows);
    }

    /// <summary>The samples of each series in order of time, its number and samples.</summary>
    public IEnumerable<(ScrapedSeries Series, List<(long Time, double Value)> Samples)> BySeries()
    {
        var samples = Series.Select(_ => new List<(long, double)>()).ToArray();
        foreach (var row in Rows)
        {
            for (var i = 0; i < row.Series.Length; i++)
                samples[row.Series[i] - 1].Add((row.Time, row.Values[i]));
        }

        return Series.Zip(samples);
    }

    private static int[] Numbers(int count) => [.. Enumerable.Range(1, count)];
}
