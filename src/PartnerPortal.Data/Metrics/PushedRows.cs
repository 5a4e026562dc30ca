using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>
/// Pushed samples as rows. In a scrape's row a missing series has ended; among pushed samples it merely was not sent, and
/// an end is sent as a marker. So that a block can tell the two apart, the marker is kept under another NaN.
/// </summary>
public static class PushedRows
{
    private const ulong KeptBits = 0x7ff0000000000003;

    /// <summary>A value as it stands in pushed rows and blocks.</summary>
    public static double Keep(double value) => Samples.IsStale(value) ? BitConverter.UInt64BitsToDouble(KeptBits) : value;

    /// <summary>A value of a pushed row as it was sent.</summary>
    public static double Give(double value) => BitConverter.DoubleToUInt64Bits(value) == KeptBits ? Samples.Stale : value;

    /// <summary>Rows in order of time and arrival as one row per instant: of several values of one series the first stays.</summary>
    public static List<ScrapeRow> Together(List<ScrapeRow> rows)
    {
        List<ScrapeRow> together = [];
        for (var i = 0; i < rows.Count;)
        {
            var end = i + 1;
            while (end < rows.Count && rows[end].Time == rows[i].Time)
            {
                end++;
            }

            together.Add(end == i + 1 ? rows[i] : Merge(rows, i, end));
            i = end;
        }

        return together;
    }

    private static ScrapeRow Merge(List<ScrapeRow> rows, int start, int end)
    {
        var values = new SortedDictionary<int, double>();
        for (var i = start; i < end; i++)
        {
            for (var n = 0; n < rows[i].Series.Length; n++)
            {
                values.TryAdd(rows[i].Series[n], rows[i].Values[n]);
            }
        }

        return new ScrapeRow(rows[start].Time, [.. values.Keys], [.. values.Values]);
    }
}
