using System.Data;
using Npgsql;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>Reads the samples of series: from sealed blocks, of which only the columns asked for are fetched, and from the log.</summary>
public sealed class SampleStore(NpgsqlDataSource database)
{
    /// <summary>
    /// The samples from one instant to another, both included, in order of time. Where a scrape lacks the series, the first such
    /// scrape carries the marker that it ended.
    /// </summary>
    /// <param name="series">Numbers of series by source.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyDictionary<int, Sample[]>> ReadAsync(IReadOnlyDictionary<Guid, int[]> series, long from, long to, CancellationToken cancel)
    {
        var columns = series.SelectMany(s => s.Value).ToDictionary(id => id, _ => new SampleColumn(from, to));
        if (columns.Count == 0 || to < from)
        {
            return new Dictionary<int, Sample[]>();
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        // One snapshot: a window that is sealed meanwhile is read either as rows or as a block, never as both or none.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var blocks = await IndexesAsync(connection, series.Keys.ToArray(), from, to, cancel);
        await ColumnsAsync(connection, blocks, series, columns, cancel);
        await LogAsync(connection, series, columns, from, to, cancel);
        await snapshot.CommitAsync(cancel);
        return columns.ToDictionary(c => c.Key, c => c.Value.Samples());
    }

    private static async Task<List<(Guid Source, long From, BlockIndex Index)>> IndexesAsync(
        NpgsqlConnection connection, Guid[] sources, long from, long to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "SELECT source_id, from_at, index FROM metrics.blocks WHERE source_id = ANY($1) AND from_at <= $3 AND to_at >= $2 ORDER BY source_id, from_at", connection);
        command.Parameters.Add(new() { Value = sources });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<(Guid, long, BlockIndex)> found = [];
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetGuid(0), reader.GetInt64(1), BlockIndex.Read(reader.GetFieldValue<byte[]>(2))));
        }

        return found;
    }

    private static async Task ColumnsAsync(
        NpgsqlConnection connection, List<(Guid Source, long From, BlockIndex Index)> blocks, IReadOnlyDictionary<Guid, int[]> series,
        Dictionary<int, SampleColumn> columns, CancellationToken cancel)
    {
        List<(int Block, int Series, int Offset, int Length)> wanted = [];
        for (var block = 0; block < blocks.Count; block++)
        {
            foreach (var id in series[blocks[block].Source])
            {
                if (blocks[block].Index.Find(id) is { } place)
                {
                    wanted.Add((block, id, place.Offset, place.Length));
                }
                else
                {
                    columns[id].AddAbsent(blocks[block].Index.Times[0]);
                }
            }
        }

        if (wanted.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT w.n, substring(b.data FROM w.skip + 1 FOR w.length)
            FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::int[]) WITH ORDINALITY AS w(source_id, from_at, skip, length, n)
            JOIN metrics.blocks b ON b.source_id = w.source_id AND b.from_at = w.from_at
            """, connection);
        command.Parameters.Add(new() { Value = wanted.Select(w => blocks[w.Block].Source).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => blocks[w.Block].From).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Offset).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Length).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (block, id, _, _) = wanted[(int)reader.GetInt64(0) - 1];
            var index = blocks[block].Index;
            columns[id].Add(index.Times, index.Column(reader.GetFieldValue<byte[]>(1)));
        }
    }

    private static async Task LogAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<Guid, int[]> series, Dictionary<int, SampleColumn> columns, long from, long to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "SELECT source_id, at, data FROM metrics.scrapes WHERE source_id = ANY($1) AND at BETWEEN $2 AND $3 ORDER BY source_id, at", connection);
        command.Parameters.Add(new() { Value = series.Keys.ToArray() });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = ScrapeRow.Decode(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
            foreach (var id in series[reader.GetGuid(0)])
            {
                var at = Array.BinarySearch(row.Series, id);
                if (at < 0)
                {
                    columns[id].AddAbsent(row.Time);
                }
                else
                {
                    columns[id].Add(row.Time, row.Values[at]);
                }
            }
        }
    }

    /// <summary>Collects the samples of one series; pieces may arrive in any order.</summary>
    private sealed class SampleColumn(long from, long to)
    {
        private readonly List<Sample> _samples = [];

        public void Add(long[] times, double[] values)
        {
            for (var i = 0; i < times.Length; i++)
            {
                Add(times[i], values[i]);
            }
        }

        public void Add(long time, double value)
        {
            if (time >= from && time <= to)
            {
                _samples.Add(new Sample(time, value));
            }
        }

        public void AddAbsent(long time) => Add(Math.Max(time, from), TimeSeries.Samples.Stale);

        public Sample[] Samples()
        {
            _samples.Sort((a, b) => a.Time.CompareTo(b.Time));
            var kept = new List<Sample>(_samples.Count);
            foreach (var sample in _samples)
            {
                // Of several scrapes in a row without the series only the first says so.
                if (!TimeSeries.Samples.IsStale(sample.Value) || (kept.Count > 0 && !TimeSeries.Samples.IsStale(kept[^1].Value)))
                {
                    kept.Add(sample);
                }
            }

            return [.. kept];
        }
    }
}
