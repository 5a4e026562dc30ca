using System.Globalization;
using System.Text.Json;
using Npgsql;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Torture.Metrics;

/// <summary>Every sample that was seen committed in the log of some sources, and whether the portal still gives it back, bit for bit.</summary>
internal sealed class CommittedSamples(DataDirectory data, Random random)
{
    private const int PlantedDays = 3;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private readonly Dictionary<(string Source, string Series, long At), long> _bits = [];
    private readonly Dictionary<Guid, string> _sources = [];

    public int Count => _bits.Count;

    /// <summary>
    /// Gives a source a past that a portal wrote and never sealed: three days, and a day so long ago that it is to be forgotten.
    /// So windows to seal, days to merge and partitions to drop are there at once.
    /// </summary>
    public async Task PlantAsync(string source, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await TryPlantAsync(source, cancel);
                return;
            }
            catch (PostgresException moved) when (moved.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.DeadlockDetected && tries < 3)
            {
                // The partition for these rows was made in this moment; the portal's own writers come again in this case, too.
            }
        }
    }

    private async Task TryPlantAsync(string source, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        var (id, series) = await SeriesAsync(connection, source, cancel);
        _sources[id] = source;
        var now = TimeProvider.System.GetUtcNow();
        List<ScrapeRow> rows = [];
        foreach (var first in new[] { now.AddDays(-60), now.AddDays(-PlantedDays) })
        {
            var length = first > now.AddDays(-35) ? TimeSpan.FromDays(PlantedDays) - TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
            for (var at = TimeSpan.Zero; at < length; at += Step)
            {
                rows.Add(new ScrapeRow((first + at).ToUnixTimeMilliseconds(), series, Array.ConvertAll(series, n => n % 2 == 0 ? random.Next(1_000_000) : random.NextDouble())));
            }
        }

        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var plant = new NpgsqlCommand("INSERT INTO metrics.scrapes (source_id, at, fence, data) SELECT $1, g.at, 0, g.data FROM unnest($2::bigint[], $3::bytea[]) AS g(at, data)", connection);
        plant.Parameters.Add(new() { Value = id });
        plant.Parameters.Add(new() { Value = rows.Select(r => r.Time).ToArray() });
        plant.Parameters.Add(new() { Value = rows.Select(r => r.Encode()).ToArray() });
        await plant.ExecuteNonQueryAsync(cancel);
        await using var older = new NpgsqlCommand("UPDATE metrics.series SET first_at = $2 WHERE source_id = $1", connection);
        older.Parameters.Add(new() { Value = id });
        older.Parameters.Add(new() { Value = rows[0].Time });
        await older.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Remembers what stands committed in the log now. What is forgotten by its age does not count.</summary>
    public async Task SeeAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        var names = await NamesAsync(connection, cancel);
        await using var log = new NpgsqlCommand("SELECT source_id, at, data FROM metrics.scrapes WHERE at > $1", connection);
        log.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow().AddDays(-10).ToUnixTimeMilliseconds() });
        await using var reader = await log.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (_sources.TryGetValue(reader.GetGuid(0), out var source))
            {
                var row = ScrapeRow.Decode(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
                for (var i = 0; i < row.Series.Length; i++)
                {
                    _bits[(source, names[row.Series[i]], row.Time)] = BitConverter.DoubleToInt64Bits(row.Values[i]);
                }
            }
        }
    }

    /// <summary>The committed samples that the portal does not give back as they were.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(HttpClient http, string partner, CancellationToken cancel)
    {
        var given = new Dictionary<(string, string, long), long>();
        foreach (var source in _sources.Values)
        {
            // At 5,000 points and a sample each ten minutes nothing is reduced; the seconds of now are asked for apart.
            foreach (var range in new[] { "from=now-4d&to=now-30m", "from=now-30m&to=now" })
            {
                await AskAsync(http, $"/api/v1/partners/{partner}/metrics/range?query=%7Bsource%3D%22{source}%22%7D&{range}&points=5000", source, given, cancel);
            }
        }

        return [.. _bits.Where(b => !given.TryGetValue(b.Key, out var bits) || bits != b.Value).Select(b => b.Key.ToString())];
    }

    private static async Task AskAsync(HttpClient http, string path, string source, Dictionary<(string, string, long), long> given, CancellationToken cancel)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), cancel));
        foreach (var series in answer.RootElement.GetProperty("series").EnumerateArray())
        {
            var labels = series.GetProperty("labels");
            var name = NameOf(labels.GetProperty("__name__").GetString(), labels);
            foreach (var point in series.GetProperty("points").EnumerateArray().Where(p => p[1].ValueKind == JsonValueKind.Number))
            {
                given[(source, name, point[0].GetInt64())] = BitConverter.DoubleToInt64Bits(point[1].GetDouble());
            }
        }
    }

    private static string NameOf(string? metric, JsonElement labels) => metric + (labels.TryGetProperty("n", out var n) ? n.GetString() : "");

    private static async Task<(Guid Id, int[] Series)> SeriesAsync(NpgsqlConnection connection, string source, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("SELECT id FROM metrics.sources WHERE name = $1", connection);
        find.Parameters.Add(new() { Value = source });
        for (var tries = 0; ; tries++)
        {
            if (await find.ExecuteScalarAsync(cancel) is Guid id
                && (await LabelsAsync(connection, id, cancel)).Where(s => s.Value.MetricName == "figure").Select(s => s.Key).Order().ToArray() is { Length: CountingService.Series } series)
            {
                return (id, series);
            }

            Assert.True(tries < 100, $"The source {source} was not scraped within ten seconds.");
            await Task.Delay(100, cancel);
        }
    }

    private static async Task<Dictionary<int, string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        (await LabelsAsync(connection, null, cancel)).ToDictionary(s => s.Key, s => s.Value.MetricName + s.Value["n"]);

    private static async Task<Dictionary<int, LabelSet>> LabelsAsync(NpgsqlConnection connection, Guid? source, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT numbers, labels FROM metrics.series WHERE $1::uuid IS NULL OR source_id = $1", connection);
        command.Parameters.Add(new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new Dictionary<int, LabelSet>();
        while (await reader.ReadAsync(cancel))
        {
            foreach (var (number, labels) in SeriesNumbers.Unpack(reader.GetFieldValue<byte[]>(0)).Zip(PackedLabels.Unpack(reader.GetFieldValue<byte[]>(1))))
            {
                found[number] = labels;
            }
        }

        return found;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(data.ConnectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} samples of {_sources.Count} sources");
}
