using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>count_values: how many series of a group have each value, the value becoming a label.</summary>
internal static class CountedValues
{
    public static List<ComputedSeries> Compute(AggregateExpression aggregate, List<ComputedSeries> series, Steps steps)
    {
        var label = ((TextExpression)aggregate.Parameter!.Bare).Value;
        if (!Label.IsLabelName(label))
            throw new ExpressionRefused($"invalid label name \"{label}\"", aggregate.Position, RefusalKind.Failed);
        var grouping = aggregate.Without ? aggregate : aggregate with { Labels = [.. aggregate.Labels, label] };
        var results = new Dictionary<LabelSet, double[]>();
        var order = new List<LabelSet>();
        foreach (var one in series)
        {
            var byValue = new Dictionary<ulong, double[]>();
            for (var i = 0; i < one.Values.Length; i++)
            {
                var value = one.Values[i];
                if (Samples.IsStale(value))
                    continue;
                if (!byValue.TryGetValue(BitConverter.DoubleToUInt64Bits(value), out var counts))
                {
                    var labels = Aggregations.LabelsOf(grouping, one.Labels.With(label, GoMath.Plain(value)));
                    if (!results.TryGetValue(labels, out counts))
                    {
                        results[labels] = counts = Columns.None(steps);
                        order.Add(labels);
                    }
                    byValue[BitConverter.DoubleToUInt64Bits(value)] = counts;
                }
                counts[i] = Samples.IsStale(counts[i]) ? 1 : counts[i] + 1;
            }
        }
        return [.. order.Select(labels => new ComputedSeries(labels, results[labels]))];
    }
}
