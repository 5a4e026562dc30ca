using System.Globalization;
using System.Text;
using Npgsql;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>
/// What a source was scraped every 15 seconds until a moment ago, made up and written as the portal itself would have left it: days
/// that are merged with their rollups, windows of today, and the newest scrapes only in the log; and the same as blocks of a Prometheus.
/// </summary>
/// <param name="Seed">Which made-up service.</param>
/// <param name="Series">Its series, numbered from 1 in the order of its page, labels as the service spells them.</param>
/// <param name="Rows">Its scrapes, rising.</param>
internal sealed record ChartHistory(int Seed, IReadOnlyList<ScrapedSeries> Series, List<ScrapeRow> Rows)
{
    private const long Day = 24 * 3_600_000;
    private const long Pause = 15_000;
    private static readonly long Window = (long)SealStore.WindowOf(TimeSpan.FromMilliseconds(Pause)).TotalMilliseconds;

    /// <summary>Makes up the past of a service up to an instant.</summary>
    /// <param name="seed">Which service.</param>
    /// <param name="length">How far back.</param>
    /// <param name="end">The last scrape, milliseconds since 1970.</param>
    /// <param name="metrics">Only series of these metrics; all when empty.</param>
    /// <param name="mostOfEach">At most so many series of each metric.</param>
    public static ChartHistory MadeUp(int seed, TimeSpan length, long end, IReadOnlyList<string> metrics, int mostOfEach = int.MaxValue)
    {
        var target = new SyntheticTarget(seed);
        var page = new StringBuilder();
        target.Write(page);
        var all = ExpositionParser.Parse(Encoding.UTF8.GetBytes(page.ToString()), ExpositionFormat.PrometheusText).Series;
        int[] kept =
        [
            .. all.Index().Where(s => metrics.Count == 0 || metrics.Contains(s.Item.MetricName)).GroupBy(s => s.Item.MetricName).SelectMany(g => g.Take(mostOfEach)).Select(s => s.Index).Order(),
        ];
        int[] ids = [.. Enumerable.Range(1, kept.Length)];
        var count = (int)(length.TotalMilliseconds / Pause);
        var rows = new List<ScrapeRow>(count);
        for (var i = 0; i < count; i++)
        {
            target.Step(15);
            rows.Add(new(end - (count - 1 - i) * Pause, ids, Array.ConvertAll(kept, k => target.Values[k])));
        }

        return new(seed, [.. kept.Select(k => all[k])], rows);
    }

    /// <summary>Writes it as the past of a source: what lies in windows that ended a while ago as blocks, the rest into the log.</summary>
    public async Task FillAsync(NpgsqlDataSource database, Guid source, string instance, CancellationToken cancel)
    {
        // A service's own label partner steps aside, and instance is added, as for every scraped source.
        var labels = Series.Select(s => LabelSet.Of(s.Labels.Select(l => l.Name == "partner" ? l with { Name = "exported_partner" } : l).Append(new("instance", instance)))).ToList();
        var numbers = await new SeriesStore(database).NumberAsync(source, labels, Rows[0].Time, cancel);
        _ = await new SeriesStore(database).NumberAsync(source, labels, Rows[^1].Time, cancel);
        // The first scrape entered some of them in an order of its own.
        var order = Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i]).ToArray();
        int[] rising = [.. order.Select(i => numbers[i])];
        var rows = Rows.ConvertAll(r => r with { Series = rising, Values = Array.ConvertAll(order, i => r.Values[i]) });
        await PartitionAsync(database, cancel);
        var open = (Rows[^1].Time - 20 * 60_000) / Window * Window;
        foreach (var window in rows.Where(r => r.Time < open).GroupBy(r => r.Time / Window))
        {
            var block = SealedBlock.Of([.. window]);
            await RunAsync(database, "INSERT INTO metrics.blocks (source_id, from_at, to_at, scrapes, index, data) VALUES ($1, $2, $3, $4, $5, $6)", cancel,
                source, window.First().Time, window.Last().Time, window.Count(), block.Index, block.Data);
        }

        await RunAsync(database, "INSERT INTO metrics.sealed AS s (source_id, sealed_to) VALUES ($1, $2) ON CONFLICT (source_id) DO UPDATE SET sealed_to = excluded.sealed_to", cancel,
            source, rows.Last(r => r.Time < open).Time);
        // What the source was asked while it was entered lies within this past.
        await RunAsync(database, "DELETE FROM metrics.scrapes WHERE source_id = $1", cancel, source);
        foreach (var row in rows.Where(r => r.Time >= open))
            await RunAsync(database, "INSERT INTO metrics.scrapes (source_id, at, fence, data) VALUES ($1, $2, 0, $3)", cancel, source, row.Time, row.Encode());
    }

    /// <summary>Writes it as blocks of a Prometheus.</summary>
    public async Task BackfillAsync(string folder, CancellationToken cancel)
    {
        var page = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"page{Seed}.om"));
        await using (var text = new StreamWriter(page, append: false, new UTF8Encoding(false), 1 << 20))
        {
            foreach (var (series, at) in Series.Index().Select(s => (s.Item, s.Index)).OrderBy(s => s.Item.MetricName, StringComparer.Ordinal))
            {
                var name = series.Labels.ToString();
                foreach (var row in Rows)
                    text.Write(string.Create(CultureInfo.InvariantCulture, $"{name} {StoreSizes.Text(row.Values[at])} {row.Time / 1000}.{row.Time % 1000:000}\n"));
            }

            text.Write("# EOF\n");
        }

        // Long blocks, as a Prometheus has that ran for a while.
        await StoreSizes.RunAsync("promtool", ["tsdb", "create-blocks-from", "--quiet", "--max-block-duration=162h", "openmetrics", page, Path.Combine(folder, "data")], cancel);
        File.Delete(page);
    }

    private async Task PartitionAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        foreach (var table in new[] { PartitionedTable.Blocks, PartitionedTable.FiveMinutes, PartitionedTable.Hours })
        {
            for (var start = table.StartOf(Rows[0].Time); start <= Rows[^1].Time; start += (long)table.Width.TotalMilliseconds)
                await RunAsync(database, "SELECT metrics.partition($1, $2, $3, $4)", cancel, table.Name, table.Key, start, (long)table.Width.TotalMilliseconds);
        }
    }

    private static async Task RunAsync(NpgsqlDataSource database, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
