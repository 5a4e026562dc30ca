using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Which series are meant: conditions on labels, the metric's name being one of them.</summary>
public sealed record Selector(IReadOnlyList<LabelMatcher> Matchers)
{
    /// <summary>The name that series must have, or null when the selector leaves it open.</summary>
    public string? MetricName =>
        Matchers.FirstOrDefault(m => m.Name == Label.MetricName && m.Kind == MatchKind.Equal)?.Value;

    /// <summary>Whether a series is meant.</summary>
    public bool Matches(LabelSet labels)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.Matches(labels))
                return false;
        }
        return true;
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var name = MetricName is { } given && Label.IsMetricName(given) && !Words.NamesNoMetric(given) ? given : null;
        var rest = Matchers.Where(m => name is null || m.Name != Label.MetricName || m.Kind != MatchKind.Equal || m.Value != name).ToList();
        return rest.Count == 0 && name is not null ? name : $"{name}{{{string.Join(',', rest)}}}";
    }
}
