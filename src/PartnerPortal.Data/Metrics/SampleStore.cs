using Npgsql;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>
/// Reads the samples of series: from sealed blocks, of which only the columns asked for are fetched, and from the log. Sealed samples
/// never change, so columns and where they stand are kept in memory, up to a bound; only whether something was added is asked each time.
/// </summary>
public sealed class SampleStore(NpgsqlDataSource database)
{
    private const long MostColumnBytes = 64 * 1024 * 1024;
    private const long MostIndexBytes = 32 * 1024 * 1024;
    private const int MostTries = 5;

    private readonly BlockLook _look = new(database);
    private readonly BlockColumns _columns = new(database, PartitionedTable.Blocks, "to_at", MostColumnBytes);
    private readonly BoundedCache<Guid, KnownBlocks> _known = new(MostIndexBytes, known => known.Bytes);

    /// <summary>
    /// The samples from one instant to another, both included, in order of time. Where a scrape lacks the series, the first such
    /// scrape carries the marker that it ended.
    /// </summary>
    /// <param name="series">Numbers of series by source or writer.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyDictionary<int, Sample[]>> ReadAsync(IReadOnlyDictionary<Guid, int[]> series, long from, long to, CancellationToken cancel)
    {
        var columns = series.SelectMany(s => s.Value).ToDictionary(id => id, _ => new SampleColumn(from, to));
        await AddAsync(columns, series, from, to, cancel);
        return columns.ToDictionary(c => c.Key, c => c.Value.Take());
    }

    /// <summary>Adds the samples from one instant to another to the columns of their series.</summary>
    /// <param name="columns">The column of each series.</param>
    /// <param name="series">Numbers of series by source or writer.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="cancel">Cancels.</param>
    /// <param name="inMemory">
    /// From which instant on a source's samples were taken from memory, by the portal that scrapes it: nothing older can be added any
    /// more, so what is known of older blocks is enough.
    /// </param>
    public async Task AddAsync(
        IReadOnlyDictionary<int, SampleColumn> columns, IReadOnlyDictionary<Guid, int[]> series, long from, long to, CancellationToken cancel,
        IReadOnlyDictionary<Guid, long>? inMemory = null)
    {
        if (columns.Count == 0 || series.Count == 0 || to < from)
        {
            return;
        }

        for (var tries = 1; ; tries++)
        {
            var log = new Dictionary<Guid, List<ScrapeRow>>();
            var sources = await KnownAsync(series.Keys, from, to, inMemory, log, cancel);
            var blocks = sources.Values.SelectMany(s => s.Within(from, to)).ToList();
            if (await _columns.ReadAsync(blocks, block => series[block.Source], cancel) is { } read)
            {
                AddBlocks(columns, series, sources, blocks, read);
                AddLog(columns, series, sources, log);
                return;
            }

            // A day was merged in this moment: look again where its samples stand now.
            foreach (var source in series.Keys)
            {
                _known.Remove(source);
            }

            if (tries == MostTries)
            {
                throw new TimeoutException("The blocks of samples were merged again and again while they were read.");
            }
        }
    }

    /// <summary>The rows of a source's log that are not sealed, in order of time, before an instant.</summary>
    public async Task<IReadOnlyList<ScrapeRow>> UnsealedAsync(Guid source, long before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT at, data FROM metrics.scrapes WHERE source_id = $1 AND at < $2
                AND at > coalesce((SELECT sealed_to FROM metrics.sealed WHERE source_id = $1), -1) ORDER BY at
            """);
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = before });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<ScrapeRow> rows = [];
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(ScrapeRow.Decode(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return rows;
    }

    /// <summary>The blocks of each source in a stretch of time; rows that are not sealed go into <paramref name="log"/>.</summary>
    private async Task<Dictionary<Guid, KnownBlocks>> KnownAsync(
        IEnumerable<Guid> sources, long from, long to, IReadOnlyDictionary<Guid, long>? inMemory, Dictionary<Guid, List<ScrapeRow>> log, CancellationToken cancel)
    {
        var known = new Dictionary<Guid, KnownBlocks>();
        var before = new Dictionary<Guid, KnownBlocks?>();
        List<WantedLook> wanted = [];
        foreach (var source in sources)
        {
            var memory = inMemory is not null && inMemory.TryGetValue(source, out var begins) ? begins : (long?)null;
            var older = _known.TryGet(source, out var blocks) && to >= blocks.From ? blocks : null;
            if (older is not null && older.From <= from && memory <= older.CompleteBefore)
            {
                known[source] = older;
                continue;
            }

            before[source] = older;
            // Blocks that are known are not read again; without any, those of this stretch alone may do.
            var blocksFrom = older is not null && older.From <= from ? older.SealedTo + 1 : from;
            var logFrom = memory is null ? from : Math.Min(from, older?.From ?? from);
            wanted.Add(new(source, blocksFrom, older is null ? to : long.MaxValue, logFrom, memory is { } first ? Math.Min(to, first - 1) : to));
        }

        if (wanted.Count == 0)
        {
            return known;
        }

        foreach (var (source, seen) in await _look.LookAsync(wanted, cancel))
        {
            log[source] = seen.Log;
            known[source] = Remember(source, seen, before[source], from, to, inMemory?.GetValueOrDefault(source, long.MaxValue) ?? long.MaxValue);
        }

        return known;
    }

    private KnownBlocks Remember(Guid source, SeenSource seen, KnownBlocks? older, long from, long to, long memory)
    {
        var complete = memory < long.MaxValue && seen.Log.Count == 0 ? memory : long.MinValue;
        var known = new KnownBlocks(seen.Pushed, Math.Min(from, older?.From ?? from), seen.SealedTo, complete, older is null ? seen.Blocks : older.With(seen.Blocks));
        // A look at a stretch long ago, apart from what is known, says nothing about the time between.
        if (older is not null || to >= seen.SealedTo)
        {
            _known.Put(source, known);
        }

        return known;
    }

    private static void AddBlocks(
        IReadOnlyDictionary<int, SampleColumn> columns, IReadOnlyDictionary<Guid, int[]> series, Dictionary<Guid, KnownBlocks> sources, List<KnownBlock> blocks, List<ReadColumn> read)
    {
        foreach (var block in blocks.Where(b => !sources[b.Source].Pushed))
        {
            foreach (var id in series[block.Source])
            {
                if (!block.Index.Holds(id))
                {
                    columns[id].AddAbsent(block.Index.Times[0]);
                }
            }
        }

        foreach (var (block, id, values) in read)
        {
            if (sources[block.Source].Pushed)
            {
                columns[id].AddPushed(block.Index.Times, values);
            }
            else
            {
                columns[id].Add(block.Index.Times, values);
            }
        }
    }

    private static void AddLog(
        IReadOnlyDictionary<int, SampleColumn> columns, IReadOnlyDictionary<Guid, int[]> series, Dictionary<Guid, KnownBlocks> sources, Dictionary<Guid, List<ScrapeRow>> log)
    {
        foreach (var (source, rows) in log)
        {
            var pushed = sources[source].Pushed;
            foreach (var row in rows)
            {
                foreach (var id in series[source])
                {
                    var at = Array.BinarySearch(row.Series, id);
                    if (pushed && at >= 0)
                    {
                        columns[id].AddPushed(row.Time, row.Values[at]);
                    }
                    else if (at >= 0)
                    {
                        columns[id].Add(row.Time, row.Values[at]);
                    }
                    else if (!pushed)
                    {
                        columns[id].AddAbsent(row.Time);
                    }
                }
            }
        }
    }
}
