using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>absent and absent_over_time: 1 where nothing is, with the labels that the selector fixes.</summary>
internal static class Absence
{
    public static List<ComputedSeries> Of(CallExpression call, List<ComputedSeries> found, Steps steps)
    {
        var present = Columns.Presence(found, steps);
        var values = Array.ConvertAll(present, p => p ? Samples.Stale : 1);
        return Columns.IsEmpty(values) ? [] : [new ComputedSeries(LabelsOf(call.Arguments[0].Bare), values)];
    }

    private static LabelSet LabelsOf(Expression argument)
    {
        var selector = argument switch
        {
            SelectorExpression instant => instant.Selector,
            RangeExpression range => range.Inner.Selector,
            _ => null,
        };
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var matcher in selector?.Matchers ?? [])
        {
            if (matcher.Name == Label.MetricName)
                continue;
            // A label that is compared otherwise, or twice, has no one value.
            if (matcher.Kind == MatchKind.Equal && seen.Add(matcher.Name))
                labels[matcher.Name] = matcher.Value;
            else
                labels.Remove(matcher.Name);
        }
        return LabelSet.Of(labels.Select(l => new Label(l.Key, l.Value)));
    }
}
