namespace PartnerPortal.TimeSeries.Labels;

/// <summary>One name and value that tells a series from its neighbours, in Prometheus's label model.</summary>
public readonly record struct Label(string Name, string Value)
{
    /// <summary>The label that holds the metric's name.</summary>
    public const string MetricName = "__name__";

    /// <summary>Whether a text is a metric name by the classic rules: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>.</summary>
    public static bool IsMetricName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or ':'))
                return false;
        }
        return true;
    }

    /// <summary>Whether a text is a label name by the classic rules: a metric name without colons.</summary>
    public static bool IsLabelName(ReadOnlySpan<char> text) => IsMetricName(text) && !text.Contains(':');
}
