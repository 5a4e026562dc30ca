using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>A series of one service as it was spelled on its pages; kept between scrapes so that an unchanged line costs one look-up.</summary>
public sealed class ScrapedSeries
{
    internal ScrapedSeries(LabelSet labels, string metricName)
    {
        Labels = labels;
        MetricName = metricName;
    }

    /// <summary>All labels, the metric's name included.</summary>
    public LabelSet Labels { get; }

    /// <summary>The metric's name; the same text object for all series of one <see cref="SeriesCache"/>.</summary>
    public string MetricName { get; }

    /// <summary>A number that the owner of the cache may keep here, such as the row of the series; 0 until then.</summary>
    public int Id { get; set; }

    internal int Page { get; set; }

    internal double Time { get; set; }

    internal LabelSet? Group { get; set; }

    internal MetricType GroupType { get; set; }
}

/// <summary>One line's value. <see cref="Time"/> is the service's own stamp in milliseconds, or null when it gave none.</summary>
public readonly record struct ExpositionSample(ScrapedSeries Series, double Value, long? Time);
