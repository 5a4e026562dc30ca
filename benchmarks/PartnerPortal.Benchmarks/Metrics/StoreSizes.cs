using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>How many bytes of disk the same samples take in the portal's PostgreSQL, in Prometheus and in VictoriaMetrics, indexes included.</summary>
internal static class StoreSizes
{
    public static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>The portal's own tables after a day was merged: blocks with all that belongs to them, the table of series, and rollups apart.</summary>
    public static async Task<(long Samples, long Series, long Rollups)> PortalAsync(NpgsqlDataSource database, IReadOnlyList<MeasuredTarget> targets, CancellationToken cancel)
    {
        foreach (var table in new[] { "blocks", "rollups_5m", "rollups_1h", "series" })
        {
            await using var clear = database.CreateCommand($"TRUNCATE metrics.{table}");
            await clear.ExecuteNonQueryAsync(cancel);
        }

        foreach (var target in targets)
            await LoadAsync(database, target, cancel);
        while (await new MergeStore(database).MergeAsync(DateTimeOffset.MaxValue.AddDays(-2), 100, cancel) > 0)
        {
        }

        // What merging left behind goes by itself after a while; the measurement does not wait for it.
        foreach (var table in new[] { "blocks", "rollups_5m", "rollups_1h", "series" })
        {
            await using var tidy = database.CreateCommand($"VACUUM FULL metrics.{table}");
            await tidy.ExecuteNonQueryAsync(cancel);
        }

        return (await SizeAsync(database, "blocks", cancel), await SizeAsync(database, "series", cancel), await SizeAsync(database, "rollups_5m", cancel) + await SizeAsync(database, "rollups_1h", cancel));
    }

    public static async Task<long> PrometheusAsync(IReadOnlyList<MeasuredTarget> targets, string folder, CancellationToken cancel)
    {
        var (page, blocks) = (Path.Combine(folder, "page.om"), Path.Combine(folder, "prometheus"));
        await using (var text = new StreamWriter(page, append: false, new UTF8Encoding(false), 1 << 20))
        {
            foreach (var (labels, samples) in targets.SelectMany(t => t.BySeries().Select(s => (Labels: t.LabelsOf(s.Series), s.Samples))).OrderBy(s => s.Labels.MetricName, StringComparer.Ordinal))
            {
                var name = labels.ToString();
                foreach (var (time, value) in samples)
                    text.Write(string.Create(CultureInfo.InvariantCulture, $"{name} {Text(value)} {time / 1000}.{time % 1000:000}\n"));
            }

            text.Write("# EOF\n");
        }

        // One block for the whole day, as a running Prometheus has after it compacted.
        await RunAsync("promtool", ["tsdb", "create-blocks-from", "--quiet", "--max-block-duration=24h", "openmetrics", page, blocks], cancel);
        File.Delete(page);
        return SizeOf(blocks);
    }

    public static async Task<long> VictoriaAsync(IReadOnlyList<MeasuredTarget> targets, string folder, HttpClient http, CancellationToken cancel)
    {
        var address = $"127.0.0.1:{IngestTargets.FreePort()}";
        var data = Path.Combine(folder, "victoria");
        var start = new ProcessStartInfo("victoria-metrics", [$"-storageDataPath={data}", $"-httpListenAddr={address}", "-retentionPeriod=100y", "-loggerLevel=ERROR"]) { RedirectStandardError = true };
        using var server = Process.Start(start)!;
        try
        {
            _ = server.StandardError.ReadToEndAsync(cancel);
            await UntilUpAsync(http, new Uri($"http://{address}/health"), cancel);
            foreach (var target in targets)
            {
                var lines = new StringBuilder();
                foreach (var (series, samples) in target.BySeries())
                {
                    // Its JSON has no place for what is not a number.
                    var finite = samples.Where(s => double.IsFinite(s.Value)).ToList();
                    lines.Append("{\"metric\":").Append(System.Text.Json.JsonSerializer.Serialize(target.LabelsOf(series).ToDictionary(l => l.Name, l => l.Value)))
                        .Append(",\"values\":[").AppendJoin(',', finite.Select(s => Text(s.Value))).Append("],\"timestamps\":[").AppendJoin(',', finite.Select(s => s.Time)).Append("]}\n");
                }

                using var body = new StringContent(lines.ToString());
                (await http.PostAsync(new Uri($"http://{address}/api/v1/import"), body, cancel)).EnsureSuccessStatusCode();
            }

            await http.GetStringAsync(new Uri($"http://{address}/internal/force_flush"), cancel);
            await http.GetStringAsync(new Uri($"http://{address}/internal/force_merge"), cancel);
            await Task.Delay(TimeSpan.FromSeconds(10), cancel);
        }
        finally
        {
            // Politely: what is in memory is written. The process was started here.
            using var stop = Process.Start("kill", server.Id.ToString(CultureInfo.InvariantCulture));
            await stop.WaitForExitAsync(CancellationToken.None);
            await server.WaitForExitAsync(CancellationToken.None);
        }

        return SizeOf(Path.Combine(data, "data")) + SizeOf(Path.Combine(data, "indexdb"));
    }

    private static async Task LoadAsync(NpgsqlDataSource database, MeasuredTarget target, CancellationToken cancel)
    {
        var source = Guid.CreateVersion7();
        var labels = target.Series.Select(target.LabelsOf).ToList();
        using var store = new SeriesStore(database);
        var numbers = await store.NumberAsync(source, labels, target.Rows[0].Time, cancel);
        foreach (var rows in target.Rows.Select(r => new ScrapeRow(r.Time, Array.ConvertAll(r.Series, id => numbers[id - 1]), r.Values)).Chunk(480))
        {
            var block = SealedBlock.Of(rows);
            await using var keep = database.CreateCommand("INSERT INTO metrics.blocks (source_id, from_at, to_at, scrapes, index, data) VALUES ($1, $2, $3, $4, $5, $6)");
            foreach (var value in new object[] { source, rows[0].Time, rows[^1].Time, rows.Length, block.Index, block.Data })
                keep.Parameters.Add(new() { Value = value });
            await keep.ExecuteNonQueryAsync(cancel);
        }
    }

    private static async Task<long> SizeAsync(NpgsqlDataSource database, string table, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT pg_total_relation_size('metrics.{table}') + coalesce((SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'metrics.{table}'::regclass), 0)::bigint");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static long SizeOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    internal static string Text(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "+Inf" : "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    internal static async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (said, _) = (process.StandardError.ReadToEndAsync(cancel), process.StandardOutput.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new CannotRun($"{program} failed: {await said}");
    }

    private static async Task UntilUpAsync(HttpClient http, Uri health, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _ = await http.GetStringAsync(health, cancel);
                return;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(100, cancel);
            }
        }
    }
}
