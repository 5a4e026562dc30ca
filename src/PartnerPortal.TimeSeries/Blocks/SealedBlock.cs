namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// The scrapes of one source over one window, written once: their instants once, then a column per series. The index is
/// small and says where each column stands, so one series is read without the others. <see cref="Of"/> is quick, for the hours
/// that are read and replaced; <see cref="Merge"/> is dense, for what is kept.
/// </summary>
/// <param name="Index">Instants, and per series its number and the length of its column.</param>
/// <param name="Data">The columns, one behind the other.</param>
public sealed record SealedBlock(byte[] Index, byte[] Data)
{
    /// <summary>Seals rows of one source; they must be in order of time.</summary>
    public static SealedBlock Of(IReadOnlyList<ScrapeRow> rows)
    {
        if (rows.Count > 0 && rows.All(r => ReferenceEquals(r.Series, rows[0].Series)))
            return OfSame(rows);
        var columns = new SortedDictionary<int, double[]>();
        for (var row = 0; row < rows.Count; row++)
        {
            if (row > 0 && rows[row].Time <= rows[row - 1].Time)
                throw new ArgumentException("The rows of a block must be in order of time.", nameof(rows));
            for (var i = 0; i < rows[row].Series.Length; i++)
            {
                if (!columns.TryGetValue(rows[row].Series[i], out var column))
                {
                    columns[rows[row].Series[i]] = column = new double[rows.Count];
                    column.AsSpan().Fill(Samples.Stale);
                }
                column[row] = rows[row].Values[i];
            }
        }
        return OfColumns([.. rows.Select(r => r.Time)], columns);
    }

    /// <summary>Seals columns that stand at the same instants.</summary>
    internal static SealedBlock OfColumns(long[] times, SortedDictionary<int, double[]> columns) =>
        OfColumns(times, columns.Count, columns.Select(c => (c.Key, c.Value)));

    /// <summary>The usual case, rows of the same series: one column at a time, without a look-up per value.</summary>
    private static SealedBlock OfSame(IReadOnlyList<ScrapeRow> rows)
    {
        long[] times = [.. rows.Select(r => r.Time)];
        if (times.Zip(times.Skip(1)).Any(t => t.First >= t.Second))
            throw new ArgumentException("The rows of a block must be in order of time.", nameof(rows));
        return OfColumns(times, rows[0].Series.Length, Columns());

        IEnumerable<(int, double[])> Columns()
        {
            var column = new double[rows.Count];
            for (var i = 0; i < rows[0].Series.Length; i++)
            {
                for (var row = 0; row < column.Length; row++)
                    column[row] = rows[row].Values[i];
                yield return (rows[0].Series[i], column);
            }
        }
    }

    private static SealedBlock OfColumns(long[] times, int count, IEnumerable<(int Id, double[] Values)> columns)
    {
        var index = Begin(BlockIndex.Plain, times, count);
        var data = new BitWriter();
        var previous = 0;
        foreach (var (id, column) in columns)
        {
            var start = data.Length;
            ValueColumn.Write(data, column);
            index.WriteNumber((ulong)(id - previous));
            index.WriteNumber((ulong)(data.Length - start));
            previous = id;
        }
        return new SealedBlock(index.Written.ToArray(), data.Written.ToArray());
    }

    /// <summary>One block of several that follow one another: the blocks of a day become one, so that a series costs one read.</summary>
    /// <exception cref="ArgumentException">They overlap, or there is none.</exception>
    public static SealedBlock Merge(IReadOnlyList<SealedBlock> blocks)
    {
        var indexes = blocks.Select(b => BlockIndex.Read(b.Index)).ToList();
        var times = indexes.SelectMany(i => i.Times).ToArray();
        if (blocks.Count == 0 || times.Zip(times.Skip(1)).Any(t => t.First >= t.Second))
            throw new ArgumentException("The blocks to merge must follow one another in time.", nameof(blocks));
        var columns = new SortedDictionary<int, DenseColumn>();
        var values = new double[times.Length];
        foreach (var id in indexes.SelectMany(i => i.Series).Distinct())
        {
            var start = 0;
            foreach (var (block, index) in blocks.Zip(indexes))
            {
                var part = values.AsSpan(start, index.Times.Length);
                start += part.Length;
                if (index.Find(id) is var (offset, length))
                    index.Column(block.Data.AsSpan(offset, length)).CopyTo(part);
                else
                    part.Fill(Samples.Stale);
            }
            columns[id] = DenseColumn.Of(values);
        }
        return Pack(times, columns);
    }

    /// <summary>Writes columns densely, from the last series to the first.</summary>
    internal static SealedBlock Pack(long[] times, SortedDictionary<int, DenseColumn> columns)
    {
        var data = new RowBytes(times.Length * columns.Count);
        var before = new List<(DenseColumn Column, int Chain)>();
        var places = new Stack<(int Id, ulong Place)>();
        foreach (var (id, column) in columns.Reverse())
        {
            var start = data.Length;
            var back = DenseBytes.Write(data, column, before);
            places.Push((id, (ulong)(data.Length - start) << 2 | (uint)back));
            before.Insert(0, (column, back == 0 ? 0 : before[back - 1].Chain + 1));
            if (before.Count > DenseColumn.Farthest)
                before.RemoveAt(DenseColumn.Farthest);
        }
        var index = Begin(BlockIndex.Dense, times, columns.Count);
        var previous = 0;
        foreach (var (id, place) in places)
        {
            index.WriteNumber((ulong)(id - previous));
            index.WriteNumber(place);
            previous = id;
        }
        return new SealedBlock(index.Written.ToArray(), data.ToArray());
    }

    private static BitWriter Begin(byte form, long[] times, int series)
    {
        var index = new BitWriter();
        index.Write(form, 8);
        index.WriteNumber((ulong)times.Length);
        TimeColumn.Write(index, times);
        index.WriteNumber((ulong)series);
        return index;
    }

    /// <summary>All rows again, as they were sealed.</summary>
    public IReadOnlyList<ScrapeRow> Rows()
    {
        var index = BlockIndex.Read(Index);
        var rows = index.Times.Select(_ => (Ids: new List<int>(), Values: new List<double>())).ToList();
        var columns = index.Pieces(index.Series).SelectMany(p => index.Columns(p, Data.AsSpan(p.Offset, p.Length))).ToDictionary();
        foreach (var id in index.Series)
        {
            var values = columns[id];
            for (var i = 0; i < values.Length; i++)
            {
                if (Samples.IsStale(values[i]))
                    continue;
                rows[i].Ids.Add(id);
                rows[i].Values.Add(values[i]);
            }
        }
        return rows.Select((r, i) => new ScrapeRow(index.Times[i], [.. r.Ids], [.. r.Values])).ToList();
    }
}
