using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// The newest scrapes of one source in memory: the last few as they came, those before them packed by thirty as in blocks. It
/// holds every scrape from <see cref="From"/> on; what is older stands in the database. One writer, many readers.
/// </summary>
public sealed class SourceHead
{
    private const int ChunkScrapes = 30;

    // Packed when so many more have come: rules mostly look at the last few, and what is open takes eight bytes a value.
    private const int StayOpen = 10;
    private const long MostIndexBytes = 16 * 1024 * 1024;

    // Heads that charts read again and again: what their chunks hold need not be unpacked each time. Few heads are read, so it is bounded for all together.
    private static readonly BoundedCache<byte[], BlockIndex> _indexes = new(MostIndexBytes, index => 15L * index.Series.Count + 8L * index.Times.Length);

    private readonly Lock _lock = new();
    private readonly List<Chunk> _chunks = [];
    private readonly List<ScrapeRow> _open = [];
    private long _last = long.MinValue;

    private sealed record Chunk(long From, long To, SealedBlock Block);

    /// <summary>The first instant that is complete, milliseconds since 1970; the end of time while the head is empty.</summary>
    public long From { get; private set; } = long.MaxValue;

    /// <summary>Adds a scrape; one that is not newer than the last is left out.</summary>
    public bool Append(ScrapeRow row)
    {
        lock (_lock)
        {
            if (row.Time <= _last)
            {
                return false;
            }

            // Almost always the same series as before: one array for all rows.
            if (_open.Count > 0 && _open[^1].Series.AsSpan().SequenceEqual(row.Series))
            {
                row = row with { Series = _open[^1].Series };
            }

            _open.Add(row);
            _last = row.Time;
            From = Math.Min(From, row.Time);
            if (_open.Count < ChunkScrapes + StayOpen)
            {
                return true;
            }
        }

        Pack();
        return true;
    }

    /// <summary>Puts older scrapes, read from the log, before those that are here.</summary>
    public void Prepend(IReadOnlyList<ScrapeRow> rows)
    {
        List<Chunk> packed = [.. rows.Chunk(ChunkScrapes).Select(PackOf)];
        lock (_lock)
        {
            if (packed.Count > 0 && packed[^1].To < From)
            {
                _chunks.InsertRange(0, packed);
                From = packed[0].From;
                _last = Math.Max(_last, packed[^1].To);
            }
        }
    }

    /// <summary>Lets go of packed scrapes that stand in sealed blocks and end before an instant.</summary>
    public void Trim(long sealedTo, long before)
    {
        lock (_lock)
        {
            var gone = _chunks.FindIndex(c => c.To > sealedTo || c.To >= before);
            _chunks.RemoveRange(0, gone < 0 ? _chunks.Count : gone);
            From = _chunks.Count > 0 ? _chunks[0].From : _open.Count > 0 ? _open[0].Time : long.MaxValue;
        }
    }

    /// <summary>Adds what is here of some series to their columns, and returns <see cref="From"/> as it was then.</summary>
    public long Read(IEnumerable<int> series, IReadOnlyDictionary<int, SampleColumn> columns, long from, long to)
    {
        Chunk[] chunks;
        ScrapeRow[] open;
        long begin;
        lock (_lock)
        {
            (chunks, open, begin) = ([.. _chunks.Where(c => c.To >= from && c.From <= to)], [.. _open.Where(r => r.Time >= from && r.Time <= to)], From);
        }

        var wanted = series.ToArray();
        foreach (var chunk in chunks)
        {
            var index = IndexOf(chunk.Block.Index);
            foreach (var id in wanted)
            {
                if (index.Find(id) is { } place)
                {
                    columns[id].Add(index.Times, index.Column(chunk.Block.Data.AsSpan(place.Offset, place.Length)));
                }
                else
                {
                    columns[id].AddAbsent(index.Times[0]);
                }
            }
        }

        foreach (var id in wanted)
        {
            ReadOpen(open, id, columns[id]);
        }

        return begin;
    }

    private static void ReadOpen(ScrapeRow[] open, int id, SampleColumn column)
    {
        int[]? layout = null;
        var at = -1;
        foreach (var row in open)
        {
            if (!ReferenceEquals(layout, row.Series))
            {
                layout = row.Series;
                at = Array.BinarySearch(layout, id);
            }

            if (at < 0)
            {
                column.AddAbsent(row.Time);
            }
            else
            {
                column.Add(row.Time, row.Values[at]);
            }
        }
    }

    /// <summary>Packs the older of the open scrapes outside of the lock: only the writer changes them.</summary>
    private void Pack()
    {
        var packed = PackOf(_open.GetRange(0, ChunkScrapes));
        lock (_lock)
        {
            _chunks.Add(packed);
            _open.RemoveRange(0, ChunkScrapes);
        }
    }

    private static BlockIndex IndexOf(byte[] bytes)
    {
        if (!_indexes.TryGet(bytes, out var index))
        {
            _indexes.Put(bytes, index = BlockIndex.Read(bytes));
        }

        return index;
    }

    private static Chunk PackOf(IReadOnlyList<ScrapeRow> rows) => new(rows[0].Time, rows[^1].Time, SealedBlock.Of(rows));
}
