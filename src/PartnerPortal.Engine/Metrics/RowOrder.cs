using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Engine.Metrics;

/// <summary>How the values of a page become a row of the log, whose series rise by number. Worked out once while a source shows the same series.</summary>
internal sealed class RowOrder
{
    private readonly int[] _places;
    private readonly int _scraped;

    private RowOrder(ScrapedSeries[] of, int own, int[] ids, int[] places) => (Of, Own, Ids, _places, _scraped) = (of, own, ids, places, of.Length);

    /// <summary>The page's series that this is the order of.</summary>
    public ScrapedSeries[] Of { get; }

    /// <summary>How many series of the portal's own follow.</summary>
    public int Own { get; }

    /// <summary>The numbers of the row's series, rising; shared by all rows of this order.</summary>
    public int[] Ids { get; }

    /// <summary>The order of a page's series followed by the portal's own; of a number that comes twice the last place counts.</summary>
    public static RowOrder For(ScrapedSeries[] scraped, int[] own)
    {
        var places = new SortedDictionary<int, int>();
        for (var i = 0; i < scraped.Length; i++)
        {
            places[scraped[i].Id] = i;
        }

        for (var i = 0; i < own.Length; i++)
        {
            places[own[i]] = scraped.Length + i;
        }

        return new(scraped, own.Length, [.. places.Keys], [.. places.Values]);
    }

    /// <summary>The values in the order of <see cref="Ids"/>.</summary>
    public double[] Arrange(ReadOnlySpan<double> scraped, ReadOnlySpan<double> own)
    {
        var row = new double[_places.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = _places[i] < _scraped ? scraped[_places[i]] : own[_places[i] - _scraped];
        }

        return row;
    }
}
