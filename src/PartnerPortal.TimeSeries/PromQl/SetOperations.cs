using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary><c>and</c>, <c>or</c> and <c>unless</c>.</summary>
internal static class SetOperations
{
    public static List<ComputedSeries> Compute(BinaryExpression binary, List<ComputedSeries> left, List<ComputedSeries> right, Steps steps)
    {
        var matching = binary.Matching!;
        if (binary.Operator != BinaryOperator.Or)
            return Masked(left, Presence(right, matching, steps), matching, keep: binary.Operator == BinaryOperator.And);
        List<ComputedSeries> both = [.. left, .. Masked(right, Presence(left, matching, steps), matching, keep: false)];
        return Columns.Merged(both, binary);
    }

    private static Dictionary<LabelSet, bool[]> Presence(List<ComputedSeries> series, VectorMatching matching, Steps steps) =>
        series.GroupBy(s => matching.SignatureOf(s.Labels)).ToDictionary(g => g.Key, g => Columns.Presence(g, steps));

    private static List<ComputedSeries> Masked(List<ComputedSeries> series, Dictionary<LabelSet, bool[]> presence, VectorMatching matching, bool keep)
    {
        var results = new List<ComputedSeries>(series.Count);
        foreach (var one in series)
        {
            var there = presence.GetValueOrDefault(matching.SignatureOf(one.Labels));
            if (there is null)
            {
                if (!keep)
                    results.Add(one);
                continue;
            }
            var values = new double[one.Values.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = there[i] == keep ? one.Values[i] : Samples.Stale;
            if (!Columns.IsEmpty(values))
                results.Add(new ComputedSeries(one.Labels, values));
        }
        return results;
    }
}
