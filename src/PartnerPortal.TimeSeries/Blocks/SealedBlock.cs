namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// The scrapes of one source over one window, written once: their instants once, then a column per series. The index is
/// small and says where each column stands, so one series is read without the others.
/// </summary>
/// <param name="Index">Instants, and per series its number and the length of its column.</param>
/// <param name="Data">The columns, one behind the other.</param>
public sealed record SealedBlock(byte[] Index, byte[] Data)
{
    /// <summary>Seals rows of one source; they must be in order of time.</summary>
    public static SealedBlock Of(IReadOnlyList<ScrapeRow> rows)
    {
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
        var (index, data) = (new BitWriter(), new BitWriter());
        index.WriteNumber((ulong)rows.Count);
        TimeColumn.Write(index, rows.Select(r => r.Time).ToArray());
        index.WriteNumber((ulong)columns.Count);
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

    /// <summary>All rows again, as they were sealed.</summary>
    public IReadOnlyList<ScrapeRow> Rows()
    {
        var index = BlockIndex.Read(Index);
        var rows = index.Times.Select(_ => (Ids: new List<int>(), Values: new List<double>())).ToList();
        foreach (var id in index.Series)
        {
            var (offset, length) = index.Find(id)!.Value;
            var values = index.Column(Data.AsSpan(offset, length));
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
